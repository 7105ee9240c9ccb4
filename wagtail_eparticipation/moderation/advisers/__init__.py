"""Advisers on the participant rules: they hint and flag, and decide nothing."""
