"""Office hours, holidays and the usual time of a reply, as people read them.

The values are what ``replies.contact_times`` writes down with a topic.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.calendars.words import date_words, zone_words
from wagtail_eparticipation.languages import pick

#: The week as it is lived in the municipality: it begins on Sunday.
_WEEK = (6, 0, 1, 2, 3, 4, 5)
_HOUR = 60


def hours_words(times: Mapping[str, Any]) -> list[str]:
    """A line for each run of days with the same hours: Sunday to Thursday, 08–14."""
    of_day = {day: tuple(_of(day, times)) for day in _WEEK}
    zone = zone_words(ZoneInfo(times["zone"])) if times.get("zone") else ""
    lines = []
    for hours, days in groupby(_WEEK, key=of_day.get):
        if not hours:
            continue
        run = list(days)
        first, last = str(WEEKDAYS[run[0]]), str(WEEKDAYS[run[-1]])
        for starts, ends in hours:
            values = {"first": first, "last": last, "from": starts, "to": ends}
            values["zone"] = zone
            lines.append(
                _("%(first)s to %(last)s, %(from)s–%(to)s (%(zone)s)") % values
                if len(run) > 1
                else _("%(first)s, %(from)s–%(to)s (%(zone)s)") % values
            )
    return lines


def _of(day: int, times: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(a, b) for weekday, a, b in times.get("hours", ()) if weekday == day]


def holidays_words(times: Mapping[str, Any]) -> list[str]:
    """A line for each of the next holidays."""
    lines = []
    for row in times.get("holidays", ()):
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        values = {
            "name": pick(row["name"]),
            "first": date_words(first),
            "last": date_words(last),
        }
        lines.append(
            _("%(name)s: %(first)s") % values
            if last - first < timedelta(days=1)
            else _("%(name)s: %(first)s to %(last)s") % values
        )
    return lines


def reply_words(times: Mapping[str, Any]) -> str:
    """How long a first answer usually takes, in working hours; empty if unknown."""
    minutes = times.get("reply_minutes")
    if not minutes:
        return ""
    if minutes < _HOUR:
        return _("less than one working hour")
    hours = round(minutes / _HOUR)
    return ngettext(
        "about %(count)s working hour", "about %(count)s working hours", hours
    ) % {"count": hours}
