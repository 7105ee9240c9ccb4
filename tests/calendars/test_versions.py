"""Calendars are edited, clocks are not: versions, defaults, uniqueness."""

import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from wagtail_eparticipation.calendars import proposals
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.calendars.models import (
    CalendarVersion,
    CalendarVersionIsFixed,
    Holiday,
    WorkingCalendar,
    WorkingHours,
)
from wagtail_eparticipation.calendars.versions import (
    NoCalendar,
    calendar_for,
    clock_for,
    clock_of,
    freeze,
    version_at,
)

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_calendar(name="Office", **fields):
    calendar = WorkingCalendar.objects.create(name=name, **fields)
    for weekday in (6, 0, 1, 2, 3):
        WorkingHours.objects.create(
            calendar=calendar, weekday=weekday, starts=time(8), ends=time(14)
        )
    return calendar


class Department:
    def __init__(self, calendar=None):
        self.calendar = calendar


def test_a_change_for_ramadan_leaves_clocks_of_past_cases_alone():
    """AC-S3-J6."""
    calendar = make_calendar()
    old = freeze(calendar, at=MARCH)
    received = datetime(2027, 2, 8, 6, 0, tzinfo=UTC)  # Monday 09:00 in Riyadh
    due = clock_of(old).add(received, 3 * HOUR)
    calendar.hours.filter(weekday=0).update(starts=time(10), ends=time(15))
    new = freeze(calendar, at=MARCH + timedelta(days=10))
    assert new.number == 2
    assert (
        clock_of(CalendarVersion.objects.get(pk=old.pk)).add(received, 3 * HOUR) == due
    )
    assert clock_of(new).add(received, 3 * HOUR) == due + HOUR


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (MARCH - timedelta(days=400), 1),
        (MARCH, 1),
        (MARCH + timedelta(days=10) - timedelta(microseconds=1), 1),
        (MARCH + timedelta(days=10), 2),
        (MARCH + timedelta(days=999), 2),
    ],
)
def test_the_version_in_force_at_an_instant(moment, number):
    calendar = make_calendar()
    freeze(calendar, at=MARCH)
    calendar.hours.all().delete()
    freeze(calendar, at=MARCH + timedelta(days=10))
    assert version_at(calendar, moment).number == number


def test_freezing_an_unchanged_calendar_makes_no_version():
    calendar = make_calendar()
    first = freeze(calendar, at=MARCH)
    assert freeze(calendar, at=MARCH + HOUR) == first
    assert CalendarVersion.objects.count() == 1


def test_a_version_cannot_begin_before_the_newest_one():
    calendar = make_calendar()
    freeze(calendar, at=MARCH)
    calendar.hours.all().delete()
    with pytest.raises(ValueError, match="already has version 1"):
        freeze(calendar, at=MARCH - HOUR)


def test_versions_can_neither_be_changed_nor_deleted():
    version = freeze(make_calendar(), at=MARCH)
    version.rules = {}
    with pytest.raises(CalendarVersionIsFixed):
        version.save()
    with pytest.raises(CalendarVersionIsFixed):
        version.delete()
    with pytest.raises(CalendarVersionIsFixed):
        CalendarVersion.objects.filter(pk=version.pk).update(number=9)
    with pytest.raises(CalendarVersionIsFixed):
        CalendarVersion.objects.all().delete()
    assert CalendarVersion.objects.get().rules["hours"]


def test_the_database_refuses_a_second_default_and_allows_many_others():
    make_calendar("One", is_default=True)
    make_calendar("Two")
    make_calendar("Three")
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingCalendar.objects.create(name="Four", is_default=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingCalendar.objects.filter(name="Two").update(is_default=True)


def test_a_department_works_by_its_own_calendar_or_by_the_default():
    default = make_calendar("Default", is_default=True)
    own = make_calendar("Parks")
    assert calendar_for(None) == default
    assert calendar_for(Department()) == default
    assert calendar_for(Department(own)) == own


def test_what_is_missing_is_named():
    with pytest.raises(NoCalendar, match="eparticipation_setup"):
        calendar_for(None)
    with pytest.raises(NoCalendar, match="no frozen version"):
        version_at(make_calendar(), MARCH)


def test_the_first_calendar_follows_the_policy_and_is_made_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    office = {
        "hours": [
            {"weekdays": ["monday", "friday"], "starts": "09:00", "ends": "17:00"}
        ]
    }
    calendar = ensure_default_calendar({"office_hours": office})
    assert ensure_default_calendar({"office_hours": {"hours": []}}) == calendar
    assert WorkingCalendar.objects.count() == 1
    assert calendar.is_default
    assert calendar.versions.count() == 1
    rows = calendar.hours.order_by("weekday").values_list("weekday", "starts", "ends")
    assert list(rows) == [(0, time(9), time(17)), (4, time(9), time(17))]


def test_without_a_policy_the_calendar_is_sunday_to_thursday():
    """P-6.5.1."""
    calendar = ensure_default_calendar()
    assert set(calendar.hours.values_list("weekday", flat=True)) == {6, 0, 1, 2, 3}
    thursday_evening = datetime(2026, 4, 30, 11, 5, tzinfo=UTC)
    clock = clock_for(None, thursday_evening)
    assert clock.next_start(thursday_evening) == datetime(2026, 5, 3, 5, tzinfo=UTC)


def test_holidays_are_proposed_in_both_languages_and_never_twice():
    pytest.importorskip("holidays")
    calendar = make_calendar()
    Holiday.objects.create(
        calendar=calendar,
        first_day=date(2026, 3, 15),
        last_day=date(2026, 3, 26),
        name={"ar": "إجازة عيد الفطر", "en": "Eid leave"},
    )
    added = proposals.add_proposed_holidays(calendar, "SA", [2026], at=MARCH)
    national = [row for row in added if row.first_day == date(2026, 9, 23)]
    assert national[0].name["ar"] == "اليوم الوطني"
    assert "National Day" in national[0].name["en"]
    assert not any(row.first_day.month == 3 for row in added)
    assert calendar.versions.get().rules["holidays"]
    assert proposals.add_proposed_holidays(calendar, "SA", [2026], at=MARCH) == []


def test_consecutive_days_of_one_feast_are_one_row():
    pytest.importorskip("holidays")
    feast = [
        row
        for row in proposals.proposed_holidays("SA", [2026])
        if row.first_day == date(2026, 5, 27)
    ]
    assert feast[0].last_day == date(2026, 5, 29)


def test_the_missing_package_is_named_with_its_pip_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(proposals.HolidaysMissing, match=r"\[saudi\]"):
        proposals.proposed_holidays("SA", [2026])


def test_an_unknown_country_is_refused():
    pytest.importorskip("holidays")
    with pytest.raises(ValueError, match="XX"):
        proposals.proposed_holidays("XX", [2026])


def test_the_command_adds_a_year_and_names_what_is_wrong(capsys):
    pytest.importorskip("holidays")
    with pytest.raises(CommandError, match="eparticipation_setup"):
        call_command("eparticipation_propose_holidays", country="SA", year=[2027])
    calendar = make_calendar(is_default=True)
    call_command("eparticipation_propose_holidays", country="SA", year=[2027])
    assert calendar.holidays.filter(first_day=date(2027, 9, 23)).exists()
    call_command("eparticipation_propose_holidays", country="SA", year=[2027])
    assert "«Office»: 0" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Office"):
        call_command(
            "eparticipation_propose_holidays",
            country="SA",
            year=[2027],
            calendar="Parks",
        )


@pytest.mark.parametrize("year", ["-1", "99999", "next"])
def test_what_is_no_year_is_refused(year):
    with pytest.raises(CommandError, match=year):
        call_command(
            "eparticipation_propose_holidays", "--country=SA", f"--year={year}"
        )
