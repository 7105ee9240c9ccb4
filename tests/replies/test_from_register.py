"""Participations that need a reply, and reports, as cases of the desk."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_consultation, make_user
from tests.moderation.makers import make_moderator, make_topic
from tests.notifications.smtp import running as running_mail
from tests.replies.makers import ask, make_replier
from tests.replies.makers_referrals import make_liaison, make_question
from tests.replies.test_desk import limited_to, signed_in
from wagtail_eparticipation import signals
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.discussion.reporting import file_report
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.participations import door, receipt_notes, tools
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.withdrawal import withdraw
from wagtail_eparticipation.replies import answering, deferring, from_register
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db
SALEM = "salem@people.example"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def mailbox(settings):
    with running_mail(settings) as box:
        yield box


def sent(topic, *, email=SALEM, tool="comment"):
    person = Person(name="سالم", email=email) if email else Person()
    submission = door.Submission(
        tool=tool, language="ar", text="متى تفتح الحديقة؟", person=person
    )
    return door.submit(topic, submission)


def open_case(participation, **kwargs):
    kwargs.setdefault("actor", make_moderator())
    return from_register.open_case(participation, **kwargs)


def test_the_author_is_told_answered_and_reads_it_with_the_own_receipt(
    client, mailbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        outcome = sent(make_topic())
        case = open_case(outcome.participation, question="أجيبوا عن الموعد")
        answering.answer(case, "في رمضان", actor=make_replier())
    bodies = [mail.get_body().get_content() for mail in mailbox.to(SALEM)]
    assert "ونحن نُعِدّه الآن" in bodies[-2]
    assert "في رمضان" in bodies[-1]
    assert outcome.receipt_code in bodies[-1]
    assert not any("أجيبوا" in body for body in bodies)
    look_up = reverse("eparticipation:look_up", args=["ar"])
    found = client.post(look_up, {"code": outcome.receipt_code}, follow=True)
    assert "في رمضان" in found.content.decode()


def test_who_left_no_address_reads_it_with_the_receipt_alone():
    participation = sent(make_topic(), email="").participation
    case = open_case(participation)
    answering.answer(case, "في رمضان", actor=make_replier())
    notes = receipt_notes.notes_for(participation, "ar")
    assert any("في رمضان" in note.text for note in notes)
    assert not Notice.objects.filter(case=case).exists()


def test_the_receipt_names_who_is_asked_and_by_when():
    participation = sent(make_topic()).participation
    case = open_case(participation)
    question = make_question(make_department("الحدائق"))
    deferring.defer(case, question, actor=make_replier())
    notes = receipt_notes.notes_for(participation, "ar")
    assert any("سألنا الجهة المختصة (الحدائق)" in note.text for note in notes)


def test_one_open_case_and_another_once_that_is_settled():
    participation = make_participation(make_topic())
    first = open_case(participation)
    with pytest.raises(from_register.OpenAlready):
        open_case(participation)
    answering.answer(first, "نعم", actor=make_replier())
    with rehearse(DURING + timedelta(hours=1)):
        second = open_case(participation)
    assert participation.cases.count() == 2
    assert second.open_for == participation


def test_a_case_keeps_no_copy_of_the_words():
    participation = make_participation(make_topic(), text="كلام يُحجب لاحقاً")
    case = open_case(participation)
    values = [
        str(value) for value in Case.objects.filter(pk=case.pk).values()[0].values()
    ]
    assert not any("كلام" in value for value in values)
    participation.text = "كلام محجوب"
    participation.save()
    client = signed_in(make_replier())
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    html = client.get(address).content.decode()
    assert "كلام محجوب" in html
    assert "لاحقاً" not in html


@pytest.mark.parametrize(
    "state", [State.WITHDRAWN, State.REPLACED, State.ROLLED_BACK, State.UNCONFIRMED]
)
def test_what_was_taken_back_or_never_sent_needs_no_reply(state):
    participation = make_participation(make_topic(), state=state)
    with pytest.raises(answering.NotPossible):
        open_case(participation)


def test_withdrawing_closes_the_case_and_takes_its_question_back():
    participation = sent(make_topic()).participation
    case = open_case(participation)
    deferring.defer(case, make_question(body="المرور"), actor=make_replier())
    withdraw(participation)
    case.refresh_from_db()
    assert (case.state, case.open_for) == (Case.State.CLOSED, None)
    assert case.referrals.get().state == "recalled"


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("moderate_participation", True),
        ("reply_officially", True),
        ("analyse_participation", False),
        ("answer_referral", False),
    ],
)
def test_moderators_and_the_desk_say_what_needs_a_reply(permission, allowed):
    participation = make_participation(make_topic())
    actor = make_user(permissions=[permission])
    if allowed:
        assert open_case(participation, actor=actor)
    else:
        with pytest.raises(PermissionDenied):
            open_case(participation, actor=actor)


def test_moderators_of_another_department_do_not():
    topic = make_consultation(department=make_department("Parks"))
    actor = limited_to(make_moderator(), make_department("Roads"))
    participation = make_participation(topic)
    with pytest.raises(PermissionDenied):
        open_case(participation, actor=actor)
    address = reverse(
        "eparticipation_admin:case_of_participation", args=[participation.public_id]
    )
    signed_in(actor).post(address)
    assert not Case.objects.exists()


def test_the_review_page_has_the_button_and_shows_the_case():
    participation = make_participation(make_topic())
    client = signed_in(make_moderator())
    review = reverse(
        "eparticipation_admin:moderation_review", args=[participation.public_id]
    )
    html = client.get(review).content.decode()
    (address,) = re.findall(r'action="([^"]*reply-wanted/[^"]*)"', html)
    response = client.post(address, {"question": "متى؟"})
    case = Case.objects.get()
    assert (response.status_code, case.text) == (302, "متى؟")
    html = client.get(review).content.decode()
    assert case.number in html
    assert "reply-wanted/" not in html
    assert client.get(address).status_code == 405


def test_a_question_that_is_too_long_makes_no_case():
    participation = make_participation(make_topic())
    address = reverse(
        "eparticipation_admin:case_of_participation", args=[participation.public_id]
    )
    response = signed_in(make_moderator()).post(address, {"question": "س" * 20_000})
    assert response.status_code == 302
    assert not Case.objects.exists()


def test_a_tool_for_questions_brings_them_to_the_desk(monkeypatch):
    comment = tools.get("comment")
    monkeypatch.setitem(tools._tools, "comment", replace(comment, asks=True))
    participation = sent(make_topic()).participation
    assert Case.objects.get().about == participation
    assert Notice.objects.filter(kind=Kind.CASE_OPENED).count() == 1


def reported(topic, email):
    return file_report(
        make_voice(topic),
        reason="rule-8.marketing",
        explanation="إعلان",
        language="ar",
        key=email or "none",
        email=email,
    ).report


def test_who_reported_a_voice_is_answered_at_the_address_left(
    mailbox, django_capture_on_commit_callbacks
):
    topic = make_topic()
    report = reported(topic, SALEM)
    with django_capture_on_commit_callbacks(execute=True):
        case = from_register.open_case_of_report(report, actor=make_moderator())
        answering.answer(case, "شكراً لكم", actor=make_replier())
    body = mailbox.to(SALEM)[-1].get_body().get_content()
    assert "شكراً لكم" in body
    with pytest.raises(from_register.OpenAlready):
        from_register.open_case_of_report(report, actor=make_moderator())


def test_who_reported_without_an_address_cannot_be_answered():
    report = reported(make_topic(), "")
    with pytest.raises(answering.NotPossible):
        from_register.open_case_of_report(report, actor=make_moderator())


def test_the_page_of_a_report_has_the_button_only_with_an_address():
    topic = make_topic()
    client = signed_in(make_moderator())
    for email, expected in ((SALEM, True), ("", False)):
        report = reported(topic, email)
        page = reverse("eparticipation_admin:report", args=[report.public_id])
        html = client.get(page).content.decode()
        assert ("reply-wanted/" in html) == expected


def test_a_liaison_sees_the_releasable_words_of_what_is_asked():
    parks = make_department("الحدائق")
    participation = make_participation(make_topic(), text="نص منشور")
    case = open_case(participation)
    referral = deferring.defer(case, make_question(parks), actor=make_replier())
    client = signed_in(make_liaison(parks))
    address = reverse("eparticipation_admin:referral", args=[referral.public_id])
    assert "نص منشور" in client.get(address).content.decode()


def test_a_liaison_reads_the_question_and_not_who_asked():
    parks = make_department("الحدائق")
    case = ask(make_topic(), subject="اسمي سالم", text="اتصلوا بي").case
    referral = deferring.defer(case, make_question(parks), actor=make_replier())
    address = reverse("eparticipation_admin:referral", args=[referral.public_id])
    seen = signed_in(make_liaison(parks)).get(address).content.decode()
    assert referral.question in seen
    assert "اسمي سالم" not in seen and "اتصلوا بي" not in seen
    assert "اتصلوا بي" in signed_in(make_replier()).get(address).content.decode()


def test_what_is_destroyed_leaves_no_word_at_the_desk():
    participation = make_participation(make_topic(), text="نص")
    case = open_case(participation, question="ما رأيكم في «نص»؟")
    deferring.defer(case, make_question(make_department()), actor=make_replier())
    signals.participation_destroyed.send(
        sender=None, participation=participation, destruction=None, now=DURING
    )
    case.refresh_from_db()
    asked = case.referrals.get()
    assert (case.state, case.text) == (Case.State.CLOSED, "")
    assert (asked.state, asked.question) == (asked.State.RECALLED, "")
