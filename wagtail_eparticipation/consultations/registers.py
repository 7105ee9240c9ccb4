"""Connects this room's receivers and gates when Django's apps are ready."""

from wagtail_eparticipation.consultations import (  # noqa: F401
    checks,
    consultation_gates,
    guards,
    incident_cards,
    page_history,
    page_views,
    publications,
    publishing,
    request_gates,
)
