"""Working time: a hundred thousand questions to one clock (R-6.5.1a)."""

from datetime import UTC, datetime, timedelta

from bench.registry import bench
from wagtail_eparticipation.calendars.working_time import WorkingClock

NUMBER = 100_000
START = datetime(2026, 1, 4, 5, 0, tzinfo=UTC)
#: Sunday to Thursday, Ramadan hours, and the holidays of a year.
RULES = {
    "format": 1,
    "time_zone": "Asia/Riyadh",
    "hours": [
        *(
            {"weekday": day, "starts": "08:00", "ends": "14:00", "from": None}
            | {"until": None}
            for day in (6, 0, 1, 2, 3)
        ),
        *(
            {"weekday": day, "starts": "10:00", "ends": "15:00"}
            | {"from": "2026-02-18", "until": "2026-03-19"}
            for day in (6, 0, 1, 2, 3)
        ),
    ],
    "holidays": [
        {"first": "2026-03-18", "last": "2026-03-23", "name": {}},
        {"first": "2026-05-26", "last": "2026-05-31", "name": {}},
        {"first": "2026-09-23", "last": "2026-09-23", "name": {}},
    ],
}
SIX_HOURS = timedelta(hours=6)
#: Five minutes and a bit apart, over a year.
INSTANTS = [START + number * timedelta(seconds=311) for number in range(NUMBER)]


@bench("working clock: 100,000 targets of six hours", queries_at_most=0)
def targets():
    clock = WorkingClock(RULES)
    return lambda: [clock.add(instant, SIX_HOURS) for instant in INSTANTS]


@bench("working clock: 100,000 spans of a week", queries_at_most=0)
def spans():
    clock, week = WorkingClock(RULES), timedelta(days=7)
    return lambda: [clock.between(instant, instant + week) for instant in INSTANTS]
