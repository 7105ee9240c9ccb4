"""The decision: its page, its announcement, its answer to each theme (P-5.5)."""
