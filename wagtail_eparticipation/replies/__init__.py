"""The reply desk: enquiries as cases with a clock, complaints handed over (P-6.5)."""
