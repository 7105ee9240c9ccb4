"""Working time: the policy's examples, boundaries, seasons, holidays, summer time."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from wagtail_eparticipation.calendars.working_time import (
    NoWorkingTime,
    WorkingClock,
    working_clock,
)

RIYADH = ZoneInfo("Asia/Riyadh")
SUNDAY_TO_THURSDAY = (6, 0, 1, 2, 3)
HOUR = timedelta(hours=1)


def hours(weekdays, starts, ends, first=None, last=None):
    return [
        {"weekday": day, "starts": starts, "ends": ends, "from": first, "until": last}
        for day in weekdays
    ]


def rules(rows=None, holidays=(), zone="Asia/Riyadh"):
    return {
        "format": 1,
        "time_zone": zone,
        "hours": hours(SUNDAY_TO_THURSDAY, "08:00", "14:00") if rows is None else rows,
        "holidays": [
            {"first": first, "last": last, "name": {}} for first, last in holidays
        ],
    }


def riyadh(text):
    return datetime.fromisoformat(text).replace(tzinfo=RIYADH)


def test_question_after_hours_on_thursday_is_due_at_the_end_of_sunday():
    """AC-S3-J1."""
    clock = WorkingClock(rules())
    received = riyadh("2026-04-30T14:05")
    assert clock.next_start(received) == riyadh("2026-05-03T08:00")
    assert clock.add(received, 6 * HOUR) == riyadh("2026-05-03T14:00")


def test_answer_on_the_next_day_took_five_working_hours():
    """AC-S3-J2."""
    received, answered = riyadh("2026-05-03T10:00"), riyadh("2026-05-04T09:00")
    assert WorkingClock(rules()).between(received, answered) == 5 * HOUR
    assert answered - received == 23 * HOUR


@pytest.mark.parametrize(
    ("instant", "working"),
    [
        ("2026-05-03T07:59:59.999999", False),
        ("2026-05-03T08:00", True),
        ("2026-05-03T13:59:59.999999", True),
        ("2026-05-03T14:00", False),
        ("2026-05-01T10:00", False),  # Friday
        ("2026-05-02T10:00", False),  # Saturday
    ],
)
def test_hours_are_half_open(instant, working):
    assert WorkingClock(rules()).is_working(riyadh(instant)) is working


@pytest.mark.parametrize(
    ("start", "worked", "due"),
    [
        ("2026-05-03T08:00", 6 * HOUR, "2026-05-03T14:00"),
        ("2026-05-03T08:00", 6 * HOUR + timedelta(microseconds=1), "next"),
        ("2026-05-03T13:59", timedelta(minutes=1), "2026-05-03T14:00"),
        ("2026-05-03T14:00", timedelta(minutes=1), "2026-05-04T08:01"),
        ("2026-05-03T20:00", timedelta(0), "2026-05-03T20:00"),
        ("2026-05-03T08:00", 30 * HOUR, "2026-05-07T14:00"),
        ("2026-05-03T08:00", 31 * HOUR, "2026-05-10T09:00"),
    ],
)
def test_due_instants(start, worked, due):
    expected = (
        riyadh("2026-05-04T08:00") + timedelta(microseconds=1)
        if due == "next"
        else riyadh(due)
    )
    assert WorkingClock(rules()).add(riyadh(start), worked) == expected


def test_nobody_works_on_any_day_of_a_holiday():
    clock = WorkingClock(rules(holidays=[("2026-05-26", "2026-05-31")]))
    eve = riyadh("2026-05-25T13:00")
    assert clock.add(eve, 2 * HOUR) == riyadh("2026-06-01T09:00")
    assert not clock.is_working(riyadh("2026-05-26T10:00"))
    assert not clock.is_working(riyadh("2026-05-31T10:00"))
    assert clock.is_working(riyadh("2026-06-01T10:00"))


def test_hours_of_a_season_replace_the_usual_ones_from_first_to_last_day():
    ramadan = hours(SUNDAY_TO_THURSDAY, "10:00", "15:00", "2026-02-18", "2026-03-19")
    clock = WorkingClock(rules(rules()["hours"] + ramadan))
    assert clock.is_working(riyadh("2026-02-17T09:00"))
    assert not clock.is_working(riyadh("2026-02-18T09:00"))
    assert clock.is_working(riyadh("2026-02-18T14:30"))
    assert clock.is_working(riyadh("2026-03-19T14:30"))
    assert clock.is_working(riyadh("2026-03-22T09:00"))


def test_a_season_on_one_weekday_leaves_the_others_as_they_are():
    short_thursdays = hours([3], "08:00", "12:00", "2026-07-01", "2026-07-31")
    clock = WorkingClock(rules(rules()["hours"] + short_thursdays))
    assert not clock.is_working(riyadh("2026-07-02T13:00"))
    assert clock.is_working(riyadh("2026-07-01T13:00"))


def test_two_shifts_a_day_add_up_and_touching_ones_become_one():
    rows = hours([6], "08:00", "12:00") + hours([6], "12:00", "13:00")
    rows += hours([6], "16:00", "20:00")
    clock = WorkingClock(rules(rows))
    start = riyadh("2026-05-03T00:00")
    assert clock.between(start, start + timedelta(days=1)) == 9 * HOUR
    assert clock.add(start, 5 * HOUR) == riyadh("2026-05-03T13:00")


def test_work_until_midnight_lasts_to_the_end_of_the_day():
    clock = WorkingClock(rules(hours([6], "20:00", "00:00")))
    assert clock.is_working(riyadh("2026-05-03T23:59:59"))
    assert not clock.is_working(riyadh("2026-05-04T00:00"))


def test_time_between_reversed_instants_is_negative():
    clock = WorkingClock(rules())
    a, b = riyadh("2026-05-03T10:00"), riyadh("2026-05-04T09:00")
    assert clock.between(b, a) == -5 * HOUR


def test_time_is_counted_across_many_years():
    clock = WorkingClock(rules())
    start, end = riyadh("2021-01-03T08:00"), riyadh("2031-01-05T08:00")
    assert clock.between(start, end) == 6 * HOUR * 5 * 522
    assert clock.add(start, clock.between(start, end)) == riyadh("2031-01-02T14:00")


@pytest.mark.parametrize(
    "rows", [[], hours([6], "08:00", "14:00", "2020-01-01", "2020-12-31")]
)
def test_a_calendar_without_work_says_so(rows):
    clock = WorkingClock(rules(rows))
    with pytest.raises(NoWorkingTime, match="add working hours"):
        clock.add(riyadh("2026-05-03T10:00"), HOUR)
    with pytest.raises(NoWorkingTime):
        clock.next_start(riyadh("2026-05-03T10:00"))
    assert not clock.is_working(riyadh("2026-05-03T10:00"))


def test_naive_instants_and_negative_amounts_are_refused():
    clock = WorkingClock(rules())
    naive = datetime(2026, 5, 3, 10)
    for ask in (clock.is_working, clock.next_start):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)
    with pytest.raises(ValueError, match="negative"):
        clock.add(riyadh("2026-05-03T10:00"), -HOUR)


def test_equal_rules_share_one_clock():
    assert working_clock(rules()) is working_clock(rules())
    assert working_clock(rules()) is not working_clock(rules(zone="Asia/Dubai"))


#: Rules whose hours meet the nights on which clocks change, or not at all.
ZONES = [
    ("Asia/Riyadh", "2026-03-20", hours(SUNDAY_TO_THURSDAY, "08:00", "14:00")),
    ("Europe/Berlin", "2026-03-27", hours(range(7), "01:30", "04:00")),
    ("Europe/Berlin", "2026-10-23", hours(range(7), "01:00", "02:30")),
    ("Europe/Berlin", "2026-10-23", hours(range(7), "00:00", "00:00")),
    ("America/New_York", "2026-03-06", hours(range(7), "02:15", "02:45")),
    ("America/New_York", "2026-10-30", hours(range(7), "09:00", "17:00")),
    ("Africa/Cairo", "2026-04-22", hours(range(7), "00:00", "08:00")),
    ("Africa/Casablanca", "2026-02-13", hours(range(7), "02:00", "10:00")),
    ("Australia/Lord_Howe", "2026-04-03", hours(range(7), "01:15", "02:15")),
]


def is_inside(instant, zone, rows):
    """The definition itself: does the wall clock show a time inside the hours?"""
    wall = instant.astimezone(zone)
    return any(
        row["weekday"] == wall.weekday()
        and time.fromisoformat(row["starts"]) <= wall.time()
        and (row["ends"] == "00:00" or wall.time() < time.fromisoformat(row["ends"]))
        for row in rows
    )


@pytest.mark.parametrize(("name", "first", "rows"), ZONES)
def test_the_clock_agrees_with_counting_every_minute(name, first, rows):
    zone = ZoneInfo(name)
    clock = WorkingClock(rules(rows, zone=name))
    start = datetime.combine(date.fromisoformat(first), time(0), tzinfo=UTC)
    minutes = [start + timedelta(minutes=number) for number in range(5 * 24 * 60)]
    worked = [is_inside(minute, zone, rows) for minute in minutes]
    assert [clock.is_working(minute) for minute in minutes] == worked
    dice = random.Random(name + first)  # noqa: S311
    for _try in range(60):
        a, b = sorted(dice.sample(range(len(minutes)), 2))
        counted = timedelta(minutes=sum(worked[a:b]))
        assert clock.between(minutes[a], minutes[b]) == counted
        if counted:
            last = max(index for index in range(a, b) if worked[index])
            assert clock.add(minutes[a], counted) == minutes[last] + timedelta(
                minutes=1
            )


def test_hours_from_rules_with_holidays_and_seasons_agree_with_every_minute():
    season = hours(SUNDAY_TO_THURSDAY, "10:00", "15:00", "2026-02-18", "2026-03-19")
    frozen = rules(rules()["hours"] + season, [("2026-02-22", "2026-02-22")])
    clock = WorkingClock(frozen)
    minute = riyadh("2026-02-15T00:00")
    counted = 0
    for _number in range(14 * 24 * 60):
        day, shown = minute.date(), minute.time()
        in_season = day >= date(2026, 2, 18)
        open_, close = (time(10), time(15)) if in_season else (time(8), time(14))
        expected = (
            day.weekday() in SUNDAY_TO_THURSDAY
            and day != date(2026, 2, 22)
            and open_ <= shown < close
        )
        assert clock.is_working(minute) is expected, minute
        counted += expected
        minute += timedelta(minutes=1)
    assert clock.between(riyadh("2026-02-15T00:00"), minute) == timedelta(
        minutes=counted
    )


def test_the_repeated_hour_counts_although_wall_clocks_run_backwards():
    berlin = ZoneInfo("Europe/Berlin")
    clock = WorkingClock(rules(hours([6], "00:00", "00:00"), zone="Europe/Berlin"))
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    again = first.replace(fold=1, minute=10)
    assert clock.between(first, again) == timedelta(minutes=40)
    assert clock.add(first, timedelta(minutes=40)) == again.astimezone(UTC)
