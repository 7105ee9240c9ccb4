"""Hours, holidays and the usual time of a reply, for the contact block (R-6.5.1e).

Written down with the topic by the periodic job, so that a public page asks nothing.
"""

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from wagtail_eparticipation.calendars.versions import (
    NoCalendar,
    calendar_for,
    version_at,
)
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.replies.figures import quantile
from wagtail_eparticipation.replies.models import Case

#: So many answers at least make a usual time; fewer say nothing about the next.
ANSWERS_AT_LEAST = 5
#: Holidays that begin within so many days are announced.
AHEAD = timedelta(days=60)
_HOLIDAYS_SHOWN = 3


def refresh(now: datetime) -> int:
    """Write down what has changed; returns for how many topics."""
    usual = usual_minutes()
    calendars: dict[int | None, dict[str, Any]] = {}
    topics = (
        Consultation.objects.exclude(stored_stage__in=SETTLED)
        .select_related("department__calendar")
        .only("contact_times", "department__calendar")
        .order_by("pk")
    )
    changed = 0
    for topic in topics:
        own = getattr(topic.department, "calendar_id", None)
        if own not in calendars:
            calendars[own] = _calendar(topic.department, now)
        times = {**calendars[own]}
        if minutes := usual.get(topic.pk) or usual.get(None):
            times["reply_minutes"] = minutes
        if times != topic.contact_times:
            Consultation.objects.filter(pk=topic.pk).update(contact_times=times)
            changed += 1
    return changed


def usual_minutes() -> dict[int | None, int]:
    """Median of the working minutes until the first answer, by topic.

    ``None`` stands for all cases together: what a topic says that has too few.
    """
    rows = (
        Case.objects.filter(worked_minutes__isnull=False)
        .order_by("consultation_id", "worked_minutes")
        .values_list("consultation_id", "worked_minutes")
    )
    every: list[int] = []
    found: dict[int | None, int] = {}
    for topic, group in groupby(rows.iterator(2000), key=lambda row: row[0]):
        minutes = [worked for _topic, worked in group]
        every += minutes
        if topic is not None and len(minutes) >= ANSWERS_AT_LEAST:
            found[topic] = quantile(minutes, 0.5)
    if len(every) >= ANSWERS_AT_LEAST:
        found[None] = quantile(sorted(every), 0.5)
    return found


def _calendar(department, now: datetime) -> dict[str, Any]:
    try:
        rules = version_at(calendar_for(department), now).rules
    except NoCalendar:
        return {}
    today = now.astimezone(municipal_zone()).date()
    return {
        "zone": rules["time_zone"],
        "hours": _hours(rules["hours"], today),
        "holidays": [
            row
            for row in rules["holidays"]
            if date.fromisoformat(row["last"]) >= today
            and date.fromisoformat(row["first"]) <= today + AHEAD
        ][:_HOLIDAYS_SHOWN],
    }


def _hours(rows: list[dict[str, Any]], today: date) -> list[list[Any]]:
    """Weekday, begin and end as in force today; hours of a season replace others."""
    found = []
    for weekday in range(7):
        of_day = [row for row in rows if row["weekday"] == weekday]
        season = [row for row in of_day if _in_season(row, today)]
        usual = [row for row in of_day if not (row["from"] or row["until"])]
        found += [[weekday, row["starts"], row["ends"]] for row in season or usual]
    return found


def _in_season(row: dict[str, Any], today: date) -> bool:
    first, last = row["from"], row["until"]
    return bool(first or last) and (
        (not first or first <= today.isoformat())
        and (not last or today.isoformat() <= last)
    )
