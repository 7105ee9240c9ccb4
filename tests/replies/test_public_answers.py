"""An enquiry answered under its published voice: one act, two copies."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_voice
from tests.factories import DURING, make_consultation, make_user
from tests.factories_pages import make_consultation_page
from tests.replies.clarified import ARABIC, BOTH, make_clarification
from tests.replies.makers import ask, make_replier
from tests.replies.test_desk import signed_in
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.discussion import official
from wagtail_eparticipation.discussion.publish import take_down
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.replies import (
    answering,
    from_register,
    public_answers,
    views,
)
from wagtail_eparticipation.replies.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation(department=make_department("Parks"))


def with_voice(consultation, **kwargs):
    """An enquiry that became a published voice."""
    case = ask(consultation, **kwargs).case
    voice = make_voice(consultation, text=case.text)
    case.participation = voice.participation
    case.save(update_fields=["participation"])
    return case, voice


def test_the_answer_stands_under_the_voice_and_goes_to_the_sender(topic):
    case, voice = with_voice(topic, email="asker@people.example")
    made = public_answers.answer_in_discussion(case, "نعم", actor=make_replier())
    case.refresh_from_db()
    assert case.state == Case.State.ANSWERED
    assert (made.comment.root_id, made.comment.comment) == (voice.pk, "نعم")
    assert made.answer.text == "نعم"
    assert Notice.objects.filter(kind=Kind.CASE_ANSWERED).count() == 1


def test_pressed_twice_it_is_said_once(topic):
    case, voice = with_voice(topic)
    replier = make_replier()
    public_answers.answer_in_discussion(case, "نعم", actor=replier)
    with pytest.raises(answering.SentAlready):
        public_answers.answer_in_discussion(case, "نعم", actor=replier)
    voice.refresh_from_db()
    assert voice.reply_count == 1


def test_without_a_published_voice_nothing_is_sent(topic):
    case, voice = with_voice(topic)
    take_down(voice.participation, now=DURING, clause="P-7.4")
    for each in (case, ask(topic, key="other").case):
        with pytest.raises(answering.NotPossible):
            public_answers.answer_in_discussion(each, "نعم", actor=make_replier())
        assert not each.answers.exists()


def test_who_may_not_reply_says_nothing(topic):
    case, voice = with_voice(topic)
    with pytest.raises(PermissionDenied):
        public_answers.answer_in_discussion(
            case, "نعم", actor=make_user(permissions=["moderate_participation"])
        )
    voice.refresh_from_db()
    assert voice.reply_count == 0


def test_the_desk_answers_in_the_discussion(topic):
    case, voice = with_voice(topic)
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    client = signed_in(make_replier())
    assert 'value="discuss"' in client.get(address).content.decode()
    client.post(address, {"action": "discuss", "text": "نعم"})
    voice.refresh_from_db()
    assert (voice.reply_count, case.answers.get().text) == (1, "نعم")


def test_what_was_typed_comes_back_when_it_cannot_be_said(topic):
    case = ask(topic).case
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    data = {"action": "discuss", "text": "نص طويل"}
    response = signed_in(make_replier()).post(address, data)
    assert "نص طويل" in response.content.decode()


def test_the_sender_is_led_to_the_public_copy(client):
    page = make_consultation_page()
    receipt = ask(page.consultation)
    made = make_clarification(page.consultation, BOTH, case=receipt.case)
    html = client.get(views.case_address(receipt.code, "ar")).content.decode()
    assert ARABIC.answer in html
    assert f"{page.get_url()}questions/{made.key}/" in html


def test_an_answer_taken_back_has_no_public_place(topic):
    page = make_consultation_page()
    case, _voice = with_voice(page.consultation)
    replier = make_replier()
    made = public_answers.answer_in_discussion(case, "نعم", actor=replier)
    assert public_answers.place_of(made.answer, "ar")
    official.take_back(made.comment, actor=replier)
    made.answer.refresh_from_db()
    made.answer.made_public.comment.refresh_from_db()
    assert public_answers.place_of(made.answer, "ar") == ""


def test_the_desk_opens_a_case_about_a_published_voice(topic):
    voice = make_voice(topic, text="متى يبدأ العمل؟")
    case = from_register.open_case(voice.participation, actor=make_replier())
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    html = signed_in(make_replier()).get(address).content.decode()
    public_id = voice.participation.public_id
    assert reverse("eparticipation_admin:campaign_reply", args=[public_id]) in html


def test_what_was_typed_stays_when_a_colleague_was_faster(topic):
    case = ask(topic).case
    answering.close(case, actor=make_replier())
    client = signed_in(make_replier())
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    told = {"action": "answer", "text": "نص طويل"}
    assert "نص طويل" in client.post(address, told).content.decode()
    named = {"outside-body": "شركة الكهرباء", "outside-text": "اكتبوا إليها"}
    html = client.post(address, {"action": "outside", **named}).content.decode()
    assert all(words in html for words in named.values())


def test_inserting_keeps_that_more_is_to_follow(topic):
    case = ask(topic).case
    address = reverse("eparticipation_admin:case", args=[case.public_id])
    data = {"action": "insert", "text": "نعم", "stays_open": "on"}
    page = signed_in(make_replier()).post(address, data)
    assert page.context["form"].initial["stays_open"] is True
