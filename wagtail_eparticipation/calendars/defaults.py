"""The calendar that a new site starts with; called by ``eparticipation_setup``."""

from collections.abc import Mapping
from datetime import time
from importlib.util import find_spec
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.models import (
    Weekday,
    WorkingCalendar,
    WorkingHours,
)
from wagtail_eparticipation.calendars.proposals import add_proposed_holidays
from wagtail_eparticipation.calendars.versions import freeze
from wagtail_eparticipation.conf import get_setting, municipal_zone

#: Used when no policy says otherwise (P-6.5.1).
SUNDAY_TO_THURSDAY = {
    "hours": [
        {
            "weekdays": ["sunday", "monday", "tuesday", "wednesday", "thursday"],
            "starts": "08:00",
            "ends": "14:00",
        }
    ]
}


@transaction.atomic
def ensure_default_calendar(
    policy_content: Mapping[str, Any] | None = None,
) -> WorkingCalendar:
    """Return the default calendar, making it from the policy's office hours if absent.

    Safe to call again: an existing calendar is left as its editors have it, and
    is only frozen if it has no version yet. Holidays of this and the next year
    are added to a new calendar when the policy names a country and the optional
    ``holidays`` package is there.
    """
    now = timezone.now()
    calendar = WorkingCalendar.objects.filter(is_default=True).first()
    if calendar is not None:
        if not calendar.versions.exists():
            freeze(calendar, at=now)
        return calendar
    office = (policy_content or {}).get("office_hours") or SUNDAY_TO_THURSDAY
    calendar = WorkingCalendar.objects.create(
        name=_free_name(_("Official working hours")),
        is_default=True,
        time_zone=get_setting("TIME_ZONE"),
    )
    for row in office["hours"]:
        for weekday in row["weekdays"]:
            WorkingHours.objects.create(
                calendar=calendar,
                weekday=Weekday[weekday.upper()],
                starts=time.fromisoformat(row["starts"]),
                ends=time.fromisoformat(row["ends"]),
            )
    country = office.get("holidays_country")
    if country and find_spec("holidays"):
        year = now.astimezone(municipal_zone()).year
        add_proposed_holidays(calendar, country, [year, year + 1], at=now)
    freeze(calendar, at=now)
    return calendar


def _free_name(wanted: str) -> str:
    name, number = wanted, 1
    while WorkingCalendar.objects.filter(name=name).exists():
        number += 1
        name = f"{wanted} {number}"
    return name
