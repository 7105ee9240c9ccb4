"""Asking who knows: one at a time, answered by who may, and what each is told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.consultations.test_desk import make_department
from tests.factories import make_consultation, make_user
from tests.notifications.smtp import running as running_mail
from tests.replies.makers import ask, make_replier
from tests.replies.makers_referrals import ASKED, make_liaison, make_question
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import Role
from wagtail_eparticipation.consultations.roles import give
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.replies import answering, deferring, delays
from wagtail_eparticipation.replies.models import Case
from wagtail_eparticipation.replies.referrals import Escalation, Referral

pytestmark = pytest.mark.django_db
SALEM = "salem@people.example"
#: Sunday 3 May 2026 at 08:00 in Riyadh, when work begins.
SUNDAY = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def office_hours():
    ensure_default_calendar()
    with rehearse(SUNDAY):
        yield


@pytest.fixture
def parks():
    return make_department("الحدائق")


@pytest.fixture
def topic():
    return make_consultation(department=make_department("الطرق"))


@pytest.fixture
def replier():
    return make_replier()


@pytest.fixture
def case(topic):
    return ask(topic).case


@pytest.fixture
def mailbox(settings):
    with running_mail(settings) as box:
        yield box


def told(kind, user=None):
    rows = Notice.objects.filter(kind=kind)
    return rows.filter(user=user).count() if user else rows.count()


def test_one_question_at_a_time(case, parks, replier):
    deferring.defer(case, make_question(parks), actor=replier)
    with pytest.raises(answering.NotPossible):
        deferring.defer(case, make_question(body="المرور"), actor=replier)
    assert case.referrals.count() == 1


def test_another_can_be_asked_afterwards(case, parks, replier):
    first = deferring.defer(case, make_question(parks), actor=replier)
    deferring.give_answer(first, "لا نعلم", actor=replier)
    second = deferring.defer(case, make_question(body="المياه"), actor=replier)
    deferring.give_answer(second, "ليلاً", actor=replier)
    words = deferring.delay_words(case)
    assert words.count("\n") == 1
    assert "المياه" in words


@pytest.mark.parametrize("act", ["answer", "close", "refer_outside"])
def test_nothing_passes_by_an_open_question(case, parks, replier, act):
    deferring.defer(case, make_question(parks), actor=replier)
    words = {"answer": ["نعم"], "close": [], "refer_outside": ["المرور", "نعم"]}[act]
    with pytest.raises(answering.NotPossible):
        getattr(answering, act)(case, *words, actor=replier)
    case.refresh_from_db()
    assert case.state == Case.State.DEFERRED
    assert not case.answers.exists()


def test_a_settled_case_is_not_deferred(case, parks, replier):
    answering.answer(case, "نعم", actor=replier)
    with pytest.raises(answering.NotPossible):
        deferring.defer(case, make_question(parks), actor=replier)


@pytest.mark.parametrize(
    "question",
    [
        {"text": " \x00"},
        {"body": ""},
        {"reason": "nonsense"},
        {"reason": "other"},
        {"due_days": 0},
        {"due_days": 91},
    ],
)
def test_a_question_that_lacks_something_is_refused(case, replier, question):
    fields = {"body": "المرور", **question}
    with pytest.raises(answering.NotPossible):
        deferring.defer(case, make_question(**fields), actor=replier)
    case.refresh_from_db()
    assert case.state == Case.State.RECEIVED


def test_department_and_body_together_are_refused(case, parks, replier):
    with pytest.raises(answering.NotPossible):
        deferring.defer(case, make_question(parks, body="المرور"), actor=replier)


def test_a_question_that_was_answered_is_not_answered_again(case, parks, replier):
    referral = deferring.defer(case, make_question(parks), actor=replier)
    deferring.give_answer(referral, "نعم", actor=replier)
    for act in (
        lambda: deferring.give_answer(referral, "لا", actor=replier),
        lambda: deferring.recall(referral, actor=replier),
    ):
        with pytest.raises(answering.NotPossible):
            act()
    referral.refresh_from_db()
    assert (referral.answer, referral.state) == ("نعم", "answered")


def test_who_was_asked_answers_and_nobody_else(case, parks, replier):
    referral = deferring.defer(case, make_question(parks), actor=replier)
    strangers = [
        make_liaison(make_department("الطرق")),
        make_user(permissions=["moderate_participation"]),
    ]
    for user in strangers:
        with pytest.raises(PermissionDenied):
            deferring.give_answer(referral, "نعم", actor=user)
    member = make_liaison(parks)
    with pytest.raises(PermissionDenied):
        deferring.recall(referral, actor=member)
    deferring.give_answer(referral, "نعم", actor=member)
    case.refresh_from_db()
    assert case.state == Case.State.IN_WORK


def test_an_outside_bodys_answer_is_entered_by_the_desk(case, replier):
    referral = deferring.defer(case, make_question(body="المرور"), actor=replier)
    with pytest.raises(PermissionDenied):
        deferring.give_answer(referral, "نعم", actor=make_liaison())
    deferring.give_answer(referral, "نعم", actor=replier)
    referral.refresh_from_db()
    assert referral.settled_by == replier


def test_the_questions_own_clock_runs_in_working_time(case, parks, replier):
    referral = deferring.defer(case, make_question(parks), actor=replier)
    with rehearse(SUNDAY + DAY + HOUR):
        deferring.give_answer(referral, "نعم", actor=replier)
    referral.refresh_from_db()
    assert (referral.worked_minutes, referral.elapsed_minutes) == (7 * 60, 25 * 60)


def test_the_ledger_holds_ids_and_codes_alone(case, parks, replier):
    referral = deferring.defer(case, make_question(parks), actor=replier)
    deferring.give_answer(referral, "جواب الحدائق", actor=replier)
    events = LedgerEvent.objects.filter(kind__startswith="case.referr").order_by("id")
    assert [event.kind for event in events] == [
        "case.referred",
        "case.referral_answered",
    ]
    said = json.dumps([event.data for event in events], ensure_ascii=False)
    assert str(referral.public_id) in said
    assert not any(words in said for words in (ASKED, "جواب", "الحدائق"))


def test_the_body_gets_the_question_and_not_who_asked(
    topic, replier, mailbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        case = ask(topic, email=SALEM, name="سالم").case
        question = make_question(body="المرور", body_email="info@traffic.example")
        deferring.defer(case, question, actor=replier)
    (mail,) = mailbox.to("info@traffic.example")
    body = mail.get_body().get_content()
    assert ASKED in body
    assert "سالم" not in body
    assert case.text not in body


def test_members_of_the_department_are_told_and_not_those_of_another(
    case, parks, replier
):
    member, other = make_liaison(parks), make_liaison(make_department("الطرق"))
    deferring.defer(case, make_question(parks), actor=replier)
    assert told(Kind.STAFF_REFERRAL, member) == 1
    assert told(Kind.STAFF_REFERRAL, other) == 0


def test_who_asked_hears_that_the_answer_is_there(case, parks, replier):
    member = make_liaison(parks)
    referral = deferring.defer(case, make_question(parks), actor=replier)
    deferring.give_answer(referral, "نعم", actor=member)
    assert told(Kind.STAFF_RETURNED, replier) == 1


#: Two working days after Sunday: due on Tuesday at 14:00.
DUE_MORNING = SUNDAY + 2 * DAY


@pytest.mark.parametrize(
    ("at", "reminders"),
    [
        (DUE_MORNING - HOUR, 0),
        (DUE_MORNING, 1),
        (DUE_MORNING + 7 * HOUR, 0),
        (DUE_MORNING + DAY, 1),
        # Thursday is the second working day after Tuesday.
        (DUE_MORNING + 2 * DAY - HOUR, 0),
        (DUE_MORNING + 2 * DAY, 2),
        (DUE_MORNING + 3 * DAY, 0),
        (DUE_MORNING + 9 * DAY, 2),
    ],
)
def test_reminders_go_out_in_working_hours_however_late(
    case, parks, replier, at, reminders
):
    referral = deferring.defer(case, make_question(parks, due_days=2), actor=replier)
    for _turn in range(2):
        delays.run(at)
    referral.refresh_from_db()
    assert referral.reminders == reminders
    found = Escalation.objects.filter(referral=referral)
    assert [row.step for row in found.order_by("step")] == [1, 2][:reminders]


def test_the_head_is_told_two_working_days_later(case, parks, replier):
    head, member = make_user(), make_liaison(parks)
    parks.head = head
    parks.save()
    deferring.defer(case, make_question(parks, due_days=2), actor=replier)
    delays.run(DUE_MORNING)
    assert (told(Kind.STAFF_REFERRAL, head), told(Kind.STAFF_REFERRAL, member)) == (
        0,
        2,
    )
    delays.run(DUE_MORNING + 2 * DAY)
    assert told(Kind.STAFF_REFERRAL, head) == 1


def test_without_a_head_the_owner_of_the_topic_is_told(topic, case, parks, replier):
    owner = make_user()
    give(topic, Role.OWNER, owner, actor=None)
    deferring.defer(case, make_question(parks, due_days=2), actor=replier)
    delays.run(DUE_MORNING + 2 * DAY)
    assert told(Kind.STAFF_REFERRAL, owner) == 1


def test_an_answered_question_reminds_nobody(case, parks, replier):
    referral = deferring.defer(case, make_question(parks, due_days=2), actor=replier)
    deferring.give_answer(referral, "نعم", actor=replier)
    delays.run(DUE_MORNING + 2 * DAY)
    assert not Escalation.objects.filter(referral=referral).exists()


def test_referrals_keep_to_one_entity_in_the_database(case):
    from django.db import IntegrityError, transaction

    fields = {
        "case": case,
        "question": "x",
        "reason": "facts",
        "asked_at": SUNDAY,
        "due_days": 1,
        "due_at": SUNDAY,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.create(**fields)
