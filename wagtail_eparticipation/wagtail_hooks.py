"""Registers the rooms' admin views with Wagtail; behaviour lives in the rooms.

A room's ``desk.py`` may offer ``viewsets`` (viewset instances), ``admin_urls``
(URL patterns below ``/admin/eparticipation/``, names in the namespace
``eparticipation_admin``), ``menu_items`` (items of our menu group) and
``homepage_panels`` (callables taking the request, returning a component or None).
"""
