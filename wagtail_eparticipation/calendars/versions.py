"""Freezing calendars, and finding the version in force at an instant (R-6.5.1a)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from wagtail_eparticipation.calendars.models import CalendarVersion, WorkingCalendar
from wagtail_eparticipation.calendars.working_time import WorkingClock, working_clock


class NoCalendar(LookupError):
    """The site has no default calendar yet, or one without a version."""


def rules_of(calendar: WorkingCalendar) -> dict[str, Any]:
    """The calendar's present rows as frozen rules, in an order that never varies."""
    hours = [
        {
            "weekday": row.weekday,
            "starts": row.starts.isoformat("minutes"),
            "ends": row.ends.isoformat("minutes"),
            "from": row.valid_from.isoformat() if row.valid_from else None,
            "until": row.valid_until.isoformat() if row.valid_until else None,
        }
        for row in calendar.hours.all()
    ]
    holidays = [
        {
            "first": row.first_day.isoformat(),
            "last": row.last_day.isoformat(),
            "name": dict(row.name),
        }
        for row in calendar.holidays.all()
    ]
    return {
        "format": 1,
        "time_zone": calendar.time_zone,
        "hours": sorted(hours, key=lambda row: [str(part) for part in row.values()]),
        "holidays": sorted(holidays, key=lambda row: (row["first"], row["last"])),
    }


@transaction.atomic
def freeze(calendar: WorkingCalendar, *, at: datetime) -> CalendarVersion:
    """Make the calendar's rows the version in force from ``at``.

    Returns the newest version unchanged when nothing differs from it. Raises
    ``ValueError`` when ``at`` lies before the newest version: that would change
    clocks which have already run.
    """
    # The row lock gives two editors who save at once two numbers.
    locked = WorkingCalendar.objects.select_for_update().get(pk=calendar.pk)
    rules = rules_of(locked)
    newest = locked.versions.order_by("-number").first()
    if newest is not None:
        if newest.rules == rules:
            return newest
        if at < newest.effective_from:
            raise ValueError(
                f"Calendar “{calendar}” already has version {newest.number} from "
                f"{newest.effective_from.isoformat()}; a new version cannot start "
                f"before it ({at.isoformat()})."
            )
    return CalendarVersion.objects.create(
        calendar=locked,
        number=newest.number + 1 if newest else 1,
        effective_from=at,
        rules=rules,
    )


def calendar_for(department=None) -> WorkingCalendar:
    """The department's own calendar (its ``calendar``), else the default one.

    Raises :class:`NoCalendar` when the site has no default calendar.
    """
    own = getattr(department, "calendar", None)
    if own is not None:
        return own
    default = WorkingCalendar.objects.filter(is_default=True).first()
    if default is None:
        raise NoCalendar(
            "This site has no default working calendar: run "
            "“manage.py eparticipation_setup”."
        )
    return default


def version_at(calendar: WorkingCalendar, instant: datetime) -> CalendarVersion:
    """The version in force at ``instant``; the first one for anything earlier."""
    versions = calendar.versions.order_by("-number")
    found = versions.filter(effective_from__lte=instant).first() or versions.last()
    if found is None:
        raise NoCalendar(
            f"Calendar “{calendar}” has no frozen version: save it once in the admin "
            "or run “manage.py eparticipation_setup”."
        )
    return found


def clock_of(version: CalendarVersion) -> WorkingClock:
    """The clock of one frozen version."""
    return working_clock(version.rules)


def clock_for(department, instant: datetime) -> WorkingClock:
    """The clock by which the department works at ``instant``."""
    return clock_of(version_at(calendar_for(department), instant))
