"""Who is told what, in which language, once (P-5.3, P-5.5)."""
