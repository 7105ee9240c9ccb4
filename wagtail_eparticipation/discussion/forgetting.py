"""What readers left and is needed no longer, deleted by the periodic job (R-7.8d)."""

from datetime import datetime, timedelta

from wagtail_eparticipation.discussion.following import forget_unconfirmed
from wagtail_eparticipation.discussion.people import ContentReport

#: How long after the decision the address of a report is kept, for its mail.
TOLD_WITHIN = timedelta(days=30)


def forget(now: datetime) -> list[str]:
    """Delete old addresses; returns what was done, in words."""
    done = []
    if number := forget_unconfirmed(now):
        done.append(f"{number} unconfirmed followers deleted")
    told = ContentReport.objects.filter(
        decided_at__lt=now - TOLD_WITHIN, key__isnull=False
    )
    number = 0
    for report in told.select_related("key").iterator(200):
        report.destroy_contact()
        number += 1
    if number:
        done.append(f"{number} addresses of reports destroyed")
    return done
