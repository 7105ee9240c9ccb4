"""How long until an instant, as people say it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.conf import municipal_zone


def remaining_words(now: datetime, until: datetime) -> str:
    """Days left, counted by calendar days in the municipality's zone; hours at last.

    Empty once the instant has come. The page may be a few minutes old, so minutes
    are not counted.
    """
    if until <= now:
        return ""
    zone = municipal_zone()
    last = (until - timedelta(microseconds=1)).astimezone(zone)
    days = (last.date() - now.astimezone(zone).date()).days
    if days > 1:
        return ngettext("%(count)d day left", "%(count)d days left", days) % {
            "count": days
        }
    if days == 1:
        return _("Ends tomorrow")
    return _("Ends today")
