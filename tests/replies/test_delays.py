"""Alerts about delays: in working hours, once a step, to whom it concerns."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_participation
from tests.factories import make_user
from tests.moderation.makers import make_topic
from tests.replies.makers import ask, make_replier
from tests.replies.makers_referrals import make_question
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import Role
from wagtail_eparticipation.consultations.roles import give
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.replies import answering, deferring, delays
from wagtail_eparticipation.replies.models import Case
from wagtail_eparticipation.replies.referrals import Escalation

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def office_hours():
    ensure_default_calendar()
    with rehearse(SUNDAY):
        yield


@pytest.fixture
def topic():
    return make_topic(department=make_department("الطرق"))


def holder(topic, role):
    user = make_user()
    give(topic, role, user, actor=None)
    return user


def told():
    late = Notice.objects.filter(kind=Kind.STAFF_LATE).order_by("pk")
    return [notice.user for notice in late]


def steps(subject):
    rows = Escalation.objects.filter(subject=subject).order_by("step")
    return [row.step for row in rows]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # Due on Sunday at 14:00, the end of work.
        (SUNDAY + 6 * HOUR - HOUR, []),
        (SUNDAY + 7 * HOUR, []),
        (SUNDAY + DAY - HOUR, []),
        (SUNDAY + DAY, [1, 2]),
        (SUNDAY + 3 * DAY, [1, 2]),
    ],
)
def test_a_first_answer_that_is_late_is_told_in_working_hours(topic, at, expected):
    ask(topic)
    for _turn in range(2):
        delays.run(at)
    assert steps("first_answer") == expected


def test_the_owner_comes_first_and_the_records_officer_a_working_day_later(topic):
    owner, officer = holder(topic, Role.OWNER), holder(topic, Role.RECORDS)
    # Received at nine: due on Monday at nine.
    with rehearse(SUNDAY + HOUR):
        ask(topic)
    delays.run(SUNDAY + DAY + HOUR)
    assert told() == [owner]
    delays.run(SUNDAY + 2 * DAY)
    assert told() == [owner, officer]


def test_settlement_has_a_clock_of_its_own(topic):
    case = ask(topic).case
    answering.answer(case, "جزء", actor=make_replier(), final=False)
    delays.run(SUNDAY + 8 * DAY)
    assert steps("first_answer") == []
    assert steps("settlement") == [1, 2]


def test_a_settled_or_deferred_case_is_not_late(topic):
    replier = make_replier()
    settled, deferred = ask(topic, key="a").case, ask(topic, key="b").case
    answering.answer(settled, "نعم", actor=replier)
    question = make_question(body="المرور", due_days=60)
    deferring.defer(deferred, question, actor=replier)
    delays.run(SUNDAY + 8 * DAY)
    assert not Escalation.objects.exists()


def test_what_a_program_sent_alarms_nobody(topic):
    ask(topic, suspicious=True)
    delays.run(SUNDAY + 8 * DAY)
    assert not Escalation.objects.exists()


def test_a_case_of_no_topic_is_told_to_the_desk():
    replier = make_replier()
    ask(None)
    delays.run(SUNDAY + DAY)
    assert Notice.objects.filter(kind=Kind.STAFF_LATE, user=replier).exists()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # Received on Sunday: to be reviewed by Monday at 14:00.
        (SUNDAY + DAY + 5 * HOUR, []),
        (SUNDAY + DAY + 7 * HOUR, []),
        (SUNDAY + 2 * DAY, [1, 2]),
    ],
)
def test_a_queue_older_than_the_cadence_is_told(topic, at, expected):
    make_participation(topic, received_at=SUNDAY)
    for _turn in range(2):
        delays.run(at)
    assert steps("review") == expected


def test_many_late_items_are_one_alert_a_step(topic):
    owner = holder(topic, Role.OWNER)
    for _number in range(20):
        make_participation(topic, received_at=SUNDAY)
    delays.run(SUNDAY + 2 * DAY)
    assert Notice.objects.filter(kind=Kind.STAFF_LATE, user=owner).count() == 1


def test_a_queue_that_was_put_in_order_is_told_anew_when_it_is_late_again(topic):
    make_participation(topic, received_at=SUNDAY)
    delays.run(SUNDAY + 2 * DAY)
    Participation.objects.update(state=State.PUBLISHED)
    delays.run(SUNDAY + 2 * DAY + HOUR)
    assert Escalation.objects.filter(over_at=None).count() == 0
    make_participation(topic, received_at=SUNDAY + 2 * DAY)
    delays.run(SUNDAY + 8 * DAY)
    assert Escalation.objects.filter(subject="review").count() == 4


def test_a_site_without_calendar_has_no_delays(topic):
    Case.objects.filter(pk=ask(topic).case.pk).update(
        calendar_version=None, due_at=None, resolve_due_at=None
    )
    assert delays.run(SUNDAY + 30 * DAY) == []
