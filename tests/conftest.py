"""Shared by all tests: a site in two languages and small factories."""
