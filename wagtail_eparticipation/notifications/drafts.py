"""Reminders of participations that were saved and not sent (AC-S3-F8)."""

from datetime import datetime
from typing import Any

from wagtail_eparticipation.calendars.words import closing_words, date_words
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.participations import drafts

KINDS = frozenset({Kind.DRAFT_CLOSING})


def _draft(notice: Notice) -> drafts.SavedDraft | None:
    rows = drafts.SavedDraft.objects.select_related("key")
    return rows.filter(pk=notice.data["draft"]).first()


def address_of(notice: Notice) -> str:
    """The address; empty once the draft was sent or deleted."""
    found = _draft(notice)
    return drafts.address_of(found) if found else ""


def draft_closing(notice: Notice) -> dict[str, Any] | None:
    """Until when it can be sent; nothing when the closing was moved meanwhile."""
    found = _draft(notice)
    window = getattr(notice.consultation, "window", None)
    if found is None or found.asked_at is None or window is None:
        return None
    if window.closes_at.isoformat() != notice.data["closes"] or not window.accepting:
        return None
    return {
        "closing": closing_words(window.closes_at, notice.language),
        "saved_on": date_words(found.asked_at, notice.language),
    }


CONTEXTS = {Kind.DRAFT_CLOSING: draft_closing}


def remind(now: datetime) -> int:
    """Queue a reminder for each draft and closing; returns how many were considered.

    An extension after it brings a second one, before the new closing (AC-S3-G1).
    """
    rows = drafts.to_remind(now).select_related("consultation__window")
    notices = [
        new_notice(
            draft.consultation,
            Kind.DRAFT_CLOSING,
            draft.pk,
            draft.consultation.window.closes_at.isoformat(),
            language=draft.language,
            now=now,
            draft=draft.pk,
            closes=draft.consultation.window.closes_at.isoformat(),
        )
        for draft in rows
    ]
    queue(notices)
    return len(notices)
