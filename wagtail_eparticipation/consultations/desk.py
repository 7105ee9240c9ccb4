"""Consultations in the Wagtail admin: addresses, menu, homepage panel."""
