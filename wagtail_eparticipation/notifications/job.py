"""The part of the periodic job that writes to people."""

from datetime import datetime

from django.db import transaction

from wagtail_eparticipation import clock
from wagtail_eparticipation.notifications import drafts
from wagtail_eparticipation.notifications.outbox import deliver_due
from wagtail_eparticipation.notifications.staff import remind


def run(now: datetime | None = None) -> list[str]:
    """Remind people and send what is due; returns what was done, in words."""
    remind(now)
    with transaction.atomic():
        drafts.remind(now or clock.now())
    done = deliver_due(now)
    return [f"notices {name} {number}" for name, number in vars(done).items() if number]
