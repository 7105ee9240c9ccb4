"""The clock cases that the policy names, each as it is written there (AC-S3-J)."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.consultations.test_desk import make_department
from tests.factories import make_consultation
from tests.moderation.makers import make_topic
from tests.notifications.smtp import running as running_mail
from tests.replies.makers import ask, make_replier
from tests.replies.makers_referrals import make_question
from wagtail_eparticipation.calendars.models import (
    CalendarVersion,
    Holiday,
    WorkingCalendar,
    WorkingHours,
)
from wagtail_eparticipation.calendars.versions import freeze
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.replies import answering, deferring
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db
SALEM = "salem@people.example"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def riyadh(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - 3 * HOUR


THURSDAY = riyadh(2026, 4, 30, 14, 5)
SUNDAY = riyadh(2026, 5, 3, 8)


@pytest.fixture(autouse=True)
def office_hours():
    """Sunday to Thursday, 08:00 to 14:00, since the beginning of the year."""
    calendar = WorkingCalendar.objects.create(
        name="الدوام", is_default=True, time_zone="Asia/Riyadh"
    )
    for weekday in (6, 0, 1, 2, 3):
        WorkingHours.objects.create(
            calendar=calendar, weekday=weekday, starts=time(8), ends=time(14)
        )
    return freeze(calendar, at=riyadh(2026, 1, 4, 8))


@pytest.fixture
def mailbox(settings):
    with running_mail(settings) as box:
        yield box


def test_j1_thursday_afternoon_is_answered_by_sunday_at_two(
    mailbox, django_capture_on_commit_callbacks
):
    with rehearse(THURSDAY), django_capture_on_commit_callbacks(execute=True):
        case = ask(make_topic(), email=SALEM).case
    assert (case.resumes_at, case.due_at) == (SUNDAY, SUNDAY + 6 * HOUR)
    body = mailbox.to(SALEM)[0].get_body().get_content()
    assert "ويُستأنف العمل الأحد 3 مايو 2026" in body


@pytest.mark.parametrize(
    ("received", "resumes", "due"),
    [
        (riyadh(2026, 5, 3, 7, 59), SUNDAY, SUNDAY + 6 * HOUR),
        (SUNDAY, None, SUNDAY + 6 * HOUR),
        (SUNDAY + MINUTE, None, SUNDAY + DAY + MINUTE),
        (riyadh(2026, 5, 3, 13, 59), None, SUNDAY + DAY + 5 * HOUR + 59 * MINUTE),
        (riyadh(2026, 5, 3, 14), SUNDAY + DAY, SUNDAY + DAY + 6 * HOUR),
        (riyadh(2026, 5, 1, 12), SUNDAY, SUNDAY + 6 * HOUR),
    ],
)
def test_the_first_answer_is_owed_in_six_working_hours(received, resumes, due):
    with rehearse(received):
        case = ask(make_topic()).case
    assert (case.resumes_at, case.due_at) == (resumes, due)


def test_a_case_is_to_be_settled_in_thirty_working_hours():
    with rehearse(SUNDAY):
        case = ask(make_topic()).case
    assert case.resolve_due_at == riyadh(2026, 5, 7, 14)


def test_j2_five_hours_were_worked_and_twenty_three_went_by():
    with rehearse(SUNDAY + 2 * HOUR):
        case = ask(make_topic()).case
    with rehearse(SUNDAY + 25 * HOUR):
        answering.answer(case, "نعم", actor=make_replier())
    case.refresh_from_db()
    first = (case.worked_minutes, case.elapsed_minutes)
    whole = (case.resolve_worked_minutes, case.resolve_elapsed_minutes)
    assert first == whole == (5 * 60, 23 * 60)
    assert case.resolved_at == case.first_answered_at == SUNDAY + 25 * HOUR


def test_an_answer_in_part_stops_the_first_clock_alone():
    with rehearse(SUNDAY):
        case = ask(make_topic()).case
    replier = make_replier()
    with rehearse(SUNDAY + HOUR):
        answering.answer(case, "سنوافيكم بالتفصيل", actor=replier, final=False)
    case.refresh_from_db()
    assert (case.state, case.worked_minutes, case.resolved_at) == ("in_work", 60, None)
    assert case.next_due == case.resolve_due_at
    with rehearse(SUNDAY + DAY):
        answering.answer(case, "التفصيل", actor=replier)
    case.refresh_from_db()
    assert (case.worked_minutes, case.resolve_worked_minutes) == (60, 6 * 60)


def test_what_is_closed_without_an_answer_was_settled_but_never_answered():
    with rehearse(SUNDAY):
        case = ask(make_topic()).case
    with rehearse(SUNDAY + HOUR):
        answering.close(case, actor=make_replier())
    case.refresh_from_db()
    assert (case.resolve_worked_minutes, case.worked_minutes) == (60, None)


def test_j3_the_citizen_is_told_and_the_clock_stands_still(
    mailbox, django_capture_on_commit_callbacks
):
    topic = make_topic(department=make_department("الطرق"))
    parks = make_department("إدارة الحدائق")
    replier = make_replier()
    with rehearse(SUNDAY), django_capture_on_commit_callbacks(execute=True):
        case = ask(topic, email=SALEM).case
    with rehearse(SUNDAY + HOUR), django_capture_on_commit_callbacks(execute=True):
        referral = deferring.defer(
            case, make_question(parks, due_days=3), actor=replier
        )
    assert referral.due_at == riyadh(2026, 5, 6, 14)
    told = mailbox.to(SALEM)[-1].get_body().get_content()
    assert "سألنا الجهة المختصة: إدارة الحدائق" in told
    assert "الأربعاء 6 مايو 2026" in told
    # Two working days and an hour later, of which our clock counts none.
    with rehearse(SUNDAY + 2 * DAY + 2 * HOUR):
        deferring.give_answer(referral, "تُسقى ليلاً", actor=replier)
    case.refresh_from_db()
    assert (case.state, case.paused_minutes) == ("in_work", 13 * 60)
    assert case.due_at == SUNDAY + 3 * DAY + HOUR
    with rehearse(SUNDAY + 2 * DAY + 4 * HOUR):
        answering.answer(case, deferring.delay_words(case), actor=replier)
    case.refresh_from_db()
    assert case.worked_minutes == 3 * 60
    assert case.elapsed_minutes == 52 * 60
    sent = case.answers.get().text
    assert "سألنا إدارة الحدائق بتاريخ الأحد 3 مايو 2026" in sent
    assert "الثلاثاء 5 مايو 2026" in sent


def test_j5_outside_competence_is_told_stored_and_counted():
    from wagtail_eparticipation.replies import reply_figures

    topic = make_topic()
    with rehearse(SUNDAY):
        case = ask(topic).case
        answering.refer_outside(case, "المرور", "يختص به المرور", actor=make_replier())
        table = dict(reply_figures.cases(topic, SUNDAY).rows)
    case.refresh_from_db()
    assert (case.state, case.competent_body) == (Case.State.OUTSIDE, "المرور")
    assert (1,) in table.values()
    assert sum(case.state == "outside" for case in topic.cases.all()) == 1


def test_j6_hours_of_ramadan_leave_past_clocks_alone(office_hours):
    with rehearse(THURSDAY):
        case = ask(make_topic()).case
    CalendarVersion.objects.create(
        calendar=office_hours.calendar,
        number=office_hours.number + 1,
        effective_from=THURSDAY + HOUR,
        rules={
            **office_hours.rules,
            "hours": [
                {**row, "starts": "10:00", "ends": "12:00"}
                for row in office_hours.rules["hours"]
            ],
        },
    )
    with rehearse(SUNDAY + 3 * HOUR):
        answering.answer(case, "نعم", actor=make_replier())
    case.refresh_from_db()
    assert case.worked_minutes == 3 * 60


def test_a_holiday_entered_later_changes_no_case_and_counts_for_the_next():
    with rehearse(THURSDAY):
        old = ask(make_topic(), key="old").case
    calendar = WorkingCalendar.objects.get()
    day = SUNDAY.date()
    Holiday.objects.create(
        calendar=calendar, first_day=day, last_day=day, name={"ar": "إجازة"}
    )
    freeze(calendar, at=THURSDAY + HOUR)
    with rehearse(THURSDAY + 2 * HOUR):
        new = ask(make_topic(), key="new").case
    old.refresh_from_db()
    assert old.due_at == SUNDAY + 6 * HOUR
    assert new.due_at == SUNDAY + DAY + 6 * HOUR


def with_gap(version, first, last):
    """The same hours, but none at all between two days."""
    rules = version.rules
    return CalendarVersion.objects.create(
        calendar=version.calendar,
        number=version.number + 1,
        effective_from=THURSDAY - HOUR,
        rules={
            **rules,
            "holidays": [{"first": first, "last": last, "name": {"ar": "إجازة"}}],
        },
    )


def test_a_gap_in_the_calendar_is_passed_over(office_hours):
    with_gap(office_hours, "2026-05-01", "2026-06-30")
    with rehearse(THURSDAY):
        case = ask(make_topic()).case
    assert case.resumes_at == riyadh(2026, 7, 1, 8)
    assert case.due_at == riyadh(2026, 7, 1, 14)


def test_a_calendar_that_ends_promises_only_what_it_can(office_hours):
    rules = office_hours.rules
    CalendarVersion.objects.create(
        calendar=office_hours.calendar,
        number=office_hours.number + 1,
        effective_from=THURSDAY - HOUR,
        rules={
            **rules,
            "hours": [
                {**row, "from": "2026-01-01", "until": "2026-05-04"}
                for row in rules["hours"]
            ],
        },
    )
    replier = make_replier()
    with rehearse(THURSDAY):
        case = ask(make_topic()).case
    assert (case.due_at, case.resolve_due_at) == (SUNDAY + 6 * HOUR, None)
    with rehearse(SUNDAY):
        referral = deferring.defer(
            case, make_question(body="المرور", due_days=9), actor=replier
        )
    # No ninth working day: nine days by the wall clock.
    assert referral.due_at == SUNDAY + 9 * DAY
    with rehearse(SUNDAY + 3 * DAY):
        deferring.give_answer(referral, "نعم", actor=replier)
    case.refresh_from_db()
    # Nobody works any more: the target moves by the wall clock.
    assert case.due_at == SUNDAY + 3 * DAY + 6 * HOUR
    assert case.paused_minutes == 12 * 60


def test_what_was_overdue_before_the_pause_stays_overdue():
    with rehearse(SUNDAY):
        case = ask(make_topic()).case
    replier = make_replier()
    with rehearse(SUNDAY + 2 * DAY):
        referral = deferring.defer(case, make_question(body="المرور"), actor=replier)
    with rehearse(SUNDAY + 3 * DAY):
        deferring.recall(referral, actor=replier)
    case.refresh_from_db()
    assert case.due_at == SUNDAY + 6 * HOUR
    assert case.resolve_due_at == riyadh(2026, 5, 10, 14)


def test_several_pauses_add_up():
    topic = make_consultation()
    with rehearse(SUNDAY):
        case = ask(topic).case
    replier = make_replier()
    for start in (SUNDAY + HOUR, SUNDAY + 4 * HOUR):
        with rehearse(start):
            question = make_question(body="المرور")
            referral = deferring.defer(case, question, actor=replier)
        with rehearse(start + HOUR):
            deferring.give_answer(referral, "نعم", actor=replier)
    with rehearse(SUNDAY + 6 * HOUR):
        answering.answer(case, "تم", actor=replier)
    case.refresh_from_db()
    assert (case.paused_minutes, case.worked_minutes) == (120, 4 * 60)
    assert case.elapsed_minutes == 6 * 60
