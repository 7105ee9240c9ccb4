"""What is needed no longer, destroyed by the periodic job (R-7.8d, AC-S6-D1)."""

from datetime import datetime

from wagtail_eparticipation.participations import drafts


def forget(now: datetime) -> list[str]:
    """Destroy it; returns what was done, in words."""
    done = {
        "expired drafts deleted": drafts.forget_expired(now),
    }
    return [f"{number} {what}" for what, number in done.items() if number]
