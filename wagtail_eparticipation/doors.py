"""Connects every room's registrations once Django's apps are ready.

A room that answers a signal or adds to a registry does so in a module named
``registers.py``; importing it is all that is needed.
"""

from importlib import import_module
from importlib.util import find_spec

ROOMS = (
    "calendars",
    "policy",
    "ledger",
    "consultations",
    "participations",
    "discussion",
    "surveys",
    "moderation",
    "replies",
    "analysis",
    "decisions",
    "archive",
    "notifications",
)


def open_all() -> None:
    """Import ``checks`` and each room's ``registers`` module where it exists."""
    import_module("wagtail_eparticipation.checks")
    for room in ROOMS:
        name = f"wagtail_eparticipation.{room}.registers"
        if find_spec(name) is not None:
            import_module(name)
