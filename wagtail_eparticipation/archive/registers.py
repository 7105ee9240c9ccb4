"""Connects the archive: gates, addresses and the section on the topic's page."""

from wagtail_eparticipation import signals
from wagtail_eparticipation.archive import gates, views  # noqa: F401
from wagtail_eparticipation.archive.withholding import (
    purge_after_withdrawal,
    purge_downloads,
)
from wagtail_eparticipation.consultations.sections import register_section

register_section(
    "archive",
    order=900,
    template="wagtail_eparticipation/archive/section.html",
    provide=views.section,
)
signals.participation_moderated.connect(
    purge_downloads, dispatch_uid="eparticipation_archive_taken_down"
)
signals.participation_destroyed.connect(
    purge_downloads, dispatch_uid="eparticipation_archive_destroyed"
)
signals.clarification_withdrawn.connect(
    purge_after_withdrawal, dispatch_uid="eparticipation_archive_clarification"
)
