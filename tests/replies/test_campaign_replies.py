"""One reply to all with the same words: once, to everybody, resumable."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.consultations.test_desk import make_department
from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_consultation, make_user
from tests.replies.clarified import CAMPAIGN, make_campaign, watching
from tests.replies.makers import make_replier
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.discussion import official
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.notifications import public_replies
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import Identity, Participation, State
from wagtail_eparticipation.participations.same_words import words_key
from wagtail_eparticipation.replies import (
    campaign_receipts,
    campaign_replies,
    clarifying,
    counters,
    job,
)
from wagtail_eparticipation.replies.campaigns import CampaignMember, CampaignReply
from wagtail_eparticipation.replies.clarifications import Clarification

pytestmark = pytest.mark.django_db
REPLY = "ستزيد البلدية المساحات المظللة إلى الضعف."


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def topic():
    return make_consultation(department=make_department("Parks"))


def reply_to(participation, text=REPLY, **kwargs):
    kwargs.setdefault("actor", make_replier())
    return campaign_replies.reply_to_all(participation, text, language="ar", **kwargs)


def send_with_address(topic, email, **fields):
    submission = door.Submission(
        tool="comment",
        language=fields.pop("language", "ar"),
        text=CAMPAIGN,
        person=Person(name="", email=email),
        idempotency_key=str(uuid.uuid4()),
        **fields,
    )
    return door.submit(topic, submission).participation


def test_the_reply_is_shown_once_and_every_member_noted(topic):
    rows = make_campaign(topic, 5)
    reply = reply_to(rows[0])
    assert PublishedComment.objects.filter(is_official=True).count() == 1
    assert (reply.expected, reply.noted) == (5, 0)
    job.run()
    reply.refresh_from_db()
    assert (reply.noted, reply.finished_at) == (5, DURING)
    members = CampaignMember.objects.values_list("participation_id", flat=True)
    assert set(members) == {row.pk for row in rows}


def test_it_stands_under_the_first_published_voice(topic):
    first = make_voice(topic, text=CAMPAIGN, words_key=words_key(CAMPAIGN))
    make_campaign(topic, 2)
    assert reply_to(first.participation).comment.root_id == first.pk


def test_a_question_makes_it_a_clarification(topic):
    rows = make_campaign(topic, 2)
    reply = reply_to(rows[0], question="هل تزيد المساحات المظللة؟")
    assert reply.clarification == Clarification.objects.get()
    assert not PublishedComment.objects.filter(is_official=True).exists()


def test_two_presses_are_one_reply(topic):
    rows = make_campaign(topic, 3)
    replier = make_replier()
    first, second = reply_to(rows[0], actor=replier), reply_to(rows[1], actor=replier)
    assert first == second
    assert PublishedComment.objects.filter(is_official=True).count() == 1
    assert LedgerEvent.objects.filter(kind="campaign.replied").count() == 1


def test_other_words_are_another_reply(topic):
    rows = make_campaign(topic, 2)
    assert reply_to(rows[0]) != reply_to(rows[0], "وردّ آخر للجميع.")


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_an_empty_reply_is_refused(topic, text):
    rows = make_campaign(topic, 2)
    with pytest.raises(campaign_replies.NoCampaign):
        reply_to(rows[0], text)


def test_one_voice_is_no_campaign(topic):
    with pytest.raises(campaign_replies.NoCampaign):
        reply_to(make_campaign(topic, 1)[0])
    # Short texts have no key: they are nobody's campaign.
    with pytest.raises(campaign_replies.NoCampaign):
        reply_to(make_participation(topic, text="نعم"))


def test_personal_data_stops_it_before_anything_is_kept(topic, monkeypatch):
    watching(monkeypatch, "0551234567")
    rows = make_campaign(topic, 2)
    with pytest.raises(clarifying.HoldsPersonalData):
        reply_to(rows[0], question="اتصلوا على 0551234567؟", confirmed=True)
    assert not CampaignReply.objects.exists()


def test_other_topics_and_what_does_not_count_are_left_out(topic):
    rows = make_campaign(topic, 2)
    make_campaign(make_consultation(), 2)
    make_campaign(topic, 1, state=State.REFUSED)
    make_campaign(topic, 1, state=State.WITHDRAWN)
    reply = reply_to(rows[0])
    job.run()
    reply.refresh_from_db()
    assert reply.noted == 2


def test_what_comes_later_was_not_answered(topic):
    rows = make_campaign(topic, 2)
    reply = reply_to(rows[0])
    later = make_campaign(topic, 1)[0]
    job.run()
    assert not CampaignMember.objects.filter(participation=later).exists()
    assert counters.counts_of(topic)[0].answered == 2
    reply.refresh_from_db()
    assert reply.noted == 2


def test_each_person_is_told_once_with_the_own_receipt(topic):
    for email in ("a@people.example", "b@people.example", "a@people.example"):
        send_with_address(topic, email)
    make_campaign(topic, 2)
    Notice.objects.all().delete()
    group = campaign_replies.group_of(Participation.objects.first())
    assert (group.members, group.reachable) == (5, 2)
    reply_to(Participation.objects.first())
    job.run()
    notices = Notice.objects.filter(kind=Kind.CAMPAIGN)
    assert notices.count() == 2
    assert notices.values("participation").distinct().count() == 2


def test_the_mail_carries_reply_and_receipt(
    topic, mailoutbox, django_capture_on_commit_callbacks
):
    first = send_with_address(topic, "a@people.example")
    make_campaign(topic, 1)
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        reply_to(first)
    with django_capture_on_commit_callbacks(execute=True):
        job.run()
    (mail,) = [each for each in mailoutbox if REPLY in each.body]
    assert mail.to == ["a@people.example"]
    assert first.number in mail.body


def test_who_withdrew_meanwhile_is_not_written_to(
    topic, mailoutbox, django_capture_on_commit_callbacks
):
    first = send_with_address(topic, "a@people.example")
    make_campaign(topic, 1)
    reply = reply_to(first)
    with django_capture_on_commit_callbacks(execute=True):
        campaign_replies.step(reply.pk, DURING)
        Participation.objects.filter(pk=first.pk).update(state=State.WITHDRAWN)
    assert not [each for each in mailoutbox if REPLY in each.body]


def test_what_was_interrupted_goes_on_where_it_stopped(topic, monkeypatch):
    monkeypatch.setattr(campaign_replies, "STEP", 3)
    rows = make_campaign(topic, 8)
    reply = reply_to(rows[0])
    assert campaign_replies.step(reply.pk, DURING)
    reply.refresh_from_db()
    assert (reply.noted, reply.finished_at) == (3, None)
    assert job.run() == [f"campaign reply {reply.pk} told"]
    assert job.run() == []
    reply.refresh_from_db()
    assert (reply.noted, CampaignMember.objects.count()) == (8, 8)
    assert LedgerEvent.objects.filter(kind="campaign.told").count() == 1


def test_a_fault_in_one_does_not_stop_the_others(topic, monkeypatch):
    broken = reply_to(make_campaign(topic, 2)[0])
    other = reply_to(make_campaign(topic, 2, text="نطالب بمواقف أكثر للسيارات")[0])
    step = campaign_replies.step

    def failing(pk, now):
        if pk == broken.pk:
            raise RuntimeError
        return step(pk, now)

    monkeypatch.setattr(campaign_replies, "step", failing)
    job.run()
    for reply, done in ((broken, False), (other, True)):
        reply.refresh_from_db()
        assert (reply.finished_at is not None) == done


@pytest.mark.parametrize("number", [10, 200])
def test_a_step_costs_the_same_at_any_size(topic, number):
    rows = make_campaign(topic, number)
    Identity.objects.bulk_create(
        Identity(
            participation=row,
            sealed=b"",
            contact_hash=f"h{row.pk}",
            has_contact=True,
            language="ar",
        )
        for row in rows
    )
    reply = reply_to(rows[0])
    with CaptureQueriesContext(connection) as asked:
        campaign_replies.step(reply.pk, DURING)
    assert Notice.objects.filter(kind=Kind.CAMPAIGN).count() == number
    assert len(asked) <= 14


def test_only_who_replies_may(topic):
    rows = make_campaign(topic, 2)
    elsewhere = make_replier()
    StaffScope.objects.create(user=elsewhere).departments.add(make_department("Roads"))
    moderator = make_user(permissions=["moderate_participation"])
    for actor in (elsewhere, moderator):
        with pytest.raises(PermissionDenied):
            reply_to(rows[0], actor=actor)
    assert not CampaignReply.objects.exists()


@pytest.mark.parametrize("question", ["", "هل تزيد المساحات المظللة؟"])
def test_what_was_taken_back_is_told_nobody_any_more(topic, question):
    rows = [send_with_address(topic, f"{n}@people.example") for n in range(2)]
    replier = make_replier()
    reply = reply_to(rows[0], question=question, actor=replier)
    job.run()
    notice = Notice.objects.filter(kind=Kind.CAMPAIGN).first()
    (note,) = campaign_receipts.reply_note(rows[0], "ar")
    assert public_replies.campaign(notice, {}) and note.text == REPLY
    if question:
        reason = {"ar": "خطأ", "en": "Wrong"}
        clarifying.withdraw(reply.clarification, reason=reason, actor=replier)
    else:
        official.take_back(reply.comment, actor=replier)
    (note,) = campaign_receipts.reply_note(rows[0], "ar")
    assert public_replies.campaign(notice, {}) is None
    assert REPLY not in note.text and not note.url


def test_who_joins_later_is_told_by_the_same_words_once_more(topic):
    rows = [send_with_address(topic, f"{n}@people.example") for n in range(2)]
    reply = reply_to(rows[0])
    job.run()
    later = send_with_address(topic, "later@people.example")
    assert reply_to(rows[0]) == reply
    job.run()
    reply.refresh_from_db()
    assert (reply.noted, reply.expected) == (3, 3)
    told = Notice.objects.filter(kind=Kind.CAMPAIGN)
    assert told.count() == 3 and told.filter(participation=later).exists()
    assert PublishedComment.objects.filter(is_official=True).count() == 1
