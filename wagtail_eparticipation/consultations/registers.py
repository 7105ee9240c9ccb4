"""Connects this room's receivers and gates when Django's apps are ready."""

from wagtail_eparticipation.consultations import (  # noqa: F401
    guards,
    page_views,
    publishing,
    request_gates,
)
