"""What is needed no longer, destroyed by the periodic job (R-7.8d, AC-S6-D1)."""

from datetime import datetime

from wagtail_eparticipation.participations import drafts, inviting
from wagtail_eparticipation.participations.invitation_acts import forget_invitees


def forget(now: datetime) -> list[str]:
    """Destroy it; returns what was done, in words."""
    done = {
        "abandoned lists of people deleted": inviting.forget_abandoned(now),
        "contacts of invited people destroyed": forget_invitees(now),
        "expired drafts deleted": drafts.forget_expired(now),
    }
    return [f"{number} {what}" for what, number in done.items() if number]
