"""Gathers the rooms' models; each is defined in the room that it belongs to."""

from importlib import import_module
from importlib.util import find_spec

from wagtail_eparticipation.doors import ROOMS

#: Modules of a room that hold models.
_MODULES = (
    "models",
    "people",
    "batches",
    "samples",
    "aggregates",
    "matches",
    "invitation_lists",
    "drafts",
    "suggestions",
    "supports",
    "vocabulary",
    "attachments",
    "abuse_log",
    "incidents",
    "sealed",
    "flags",
    "lexicon",
    "claims",
    "early",
    "objections",
    "referrals",
    "canned",
    "clarifications",
    "campaigns",
    "library",
    "pages",
    "tasks",
)

for _room in ROOMS:
    for _module in _MODULES:
        _name = f"wagtail_eparticipation.{_room}.{_module}"
        if find_spec(_name) is not None:
            import_module(_name)
