"""The part of the periodic job that writes to people."""

from datetime import datetime

from wagtail_eparticipation.notifications.outbox import deliver_due
from wagtail_eparticipation.notifications.staff import remind


def run(now: datetime | None = None) -> list[str]:
    """Remind staff and send what is due; returns what was done, in words."""
    remind(now)
    done = deliver_due(now)
    return [f"notices {name} {number}" for name, number in vars(done).items() if number]
