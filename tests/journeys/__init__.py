"""Whole roads walked in a real browser by accounts with their duties alone."""
