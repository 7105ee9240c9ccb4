"""Mails to readers: about their reports, and about threads that they follow."""

import re

import pytest
from django.core.cache import cache

from tests.discussion.makers import make_participation, make_voice
from tests.discussion.reading import address_of, fresh_token
from tests.factories import AFTER, DURING, make_user
from tests.factories_pages import make_consultation_page, translation_of
from tests.moderation.makers import make_moderator
from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.people import Role, RoleAssignment
from wagtail_eparticipation.consultations.stages import Stage, Stored
from wagtail_eparticipation.discussion import follow_views, following, forgetting
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion.official import reply_officially
from wagtail_eparticipation.discussion.people import ContentReport, ThreadFollower
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION
from wagtail_eparticipation.discussion.reporting import file_report
from wagtail_eparticipation.moderation import decide, reports
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.participations.identity import Person, seal
from wagtail_eparticipation.participations.models import PersonKey, State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db

SALEM, MARY = "salem@people.example", "mary@people.example"


@pytest.fixture(autouse=True)
def during():
    cache.clear()
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def page():
    return make_consultation_page(policy_version=install_pack("qassim")[0])


@pytest.fixture
def voice(page):
    return make_voice(page.consultation)


def body_of(message):
    return message.get_body().get_content()


def report_by(voice, email="", **fields):
    fields.setdefault("reason", "rule-8")
    fields.setdefault("language", "ar")
    return file_report(
        voice,
        explanation="كلمات لا تُرسل",
        key=f"k{ContentReport.objects.count()}",
        email=email,
        **fields,
    ).report


def ask_to_follow(client, voice, email, *, language="ar", **changes):
    data = {"token": fresh_token(client, voice, "follow"), "email": email, **changes}
    return client.post(address_of(voice, "follow", language), data)


def follow(voice, email, language="ar"):
    """Somebody who has confirmed."""
    following.ask(voice, email=email, language=language)
    follower = ThreadFollower.objects.latest("pk")
    following.confirm(follower)
    return ThreadFollower.objects.get(pk=follower.pk)


def reply_to(voice, **fields):
    return make_voice(voice.consultation, parent=voice.participation, **fields)


def path_in(message, name):
    found = re.search(rf"https?://[^/]+(/\S*/follow/{name}/\S+)", body_of(message))
    return found[1]


# Reports


def test_a_report_is_acknowledged_in_the_language_of_its_form(
    mailbox, after_commit, voice
):
    with after_commit():
        arabic = report_by(voice, SALEM)
        english = report_by(voice, MARY, language="en")
        report_by(voice)
    (in_arabic,) = mailbox.to(SALEM)
    (in_english,) = mailbox.to(MARY)
    assert arabic.number in in_arabic["Subject"] and "بلاغكم" in in_arabic["Subject"]
    assert english.number in in_english["Subject"]
    assert "كلمات" not in body_of(in_arabic) and voice.comment not in body_of(in_arabic)
    assert len(mailbox.messages) == 2


def test_a_dismissal_is_told_with_its_reason_and_clause(mailbox, after_commit, voice):
    report = report_by(voice, SALEM)
    with after_commit():
        reports.dismiss(
            report, "report.criticism", actor=make_moderator(), note="سر المهنة"
        )
    (mail,) = [m for m in mailbox.to(SALEM) if "البتّ" in m["Subject"]]
    assert "هي نقد للعمل" in body_of(mail) and "P-8.2" in body_of(mail)
    assert "سر المهنة" not in body_of(mail)


def test_an_upheld_report_is_told_in_the_words_of_the_policy(
    mailbox, after_commit, voice
):
    report_by(voice, MARY, language="en")
    with after_commit():
        decide.take_down(
            voice.participation,
            actor=make_moderator(),
            reason_code="take_down.law",
        )
    (mail,) = [m for m in mailbox.to(MARY) if "upheld" in m["Subject"]]
    assert "Against the law" in body_of(mail) and "P-8.1" in body_of(mail)


def test_a_false_attribution_is_told_to_the_owner_of_the_topic(
    mailbox, after_commit, voice
):
    owner = make_user()
    RoleAssignment.objects.create(
        consultation=voice.consultation, role=Role.OWNER, user=owner
    )
    name = voice.shown_name
    with after_commit():
        report_by(voice)
        report = report_by(voice, reason=FALSE_ATTRIBUTION)
    (mail,) = mailbox.to(owner.email)
    assert report.number in body_of(mail)
    assert name not in body_of(mail)


def test_an_address_of_a_report_is_destroyed_once_it_was_told(voice):
    report = report_by(voice, SALEM)
    reports.dismiss(report, "report.gone", actor=make_moderator())
    forgetting.forget(DURING + forgetting.TOLD_WITHIN)
    assert ContentReport.objects.get().has_contact
    forgetting.forget(DURING + forgetting.TOLD_WITHIN * 2)
    assert not ContentReport.objects.get().has_contact
    assert not PersonKey.objects.exists()


# Following


def test_the_thread_leads_to_the_form_and_the_form_sets_no_cookie(client, page, voice):
    shown = client.get(f"{page.get_url()}discussion/{voice.key}/").content.decode()
    assert address_of(voice, "follow") in shown
    english = translation_of(page).get_url()
    shown = client.get(f"{english}discussion/{voice.key}/").content.decode()
    assert address_of(voice, "follow", "en") in shown
    response = client.get(address_of(voice, "follow"))
    assert response.status_code == 200 and not response.cookies


def test_following_begins_when_the_mail_is_confirmed(
    client, mailbox, after_commit, voice
):
    with after_commit():
        response = ask_to_follow(client, voice, SALEM)
    assert response.url == address_of(voice, "follow_asked")
    assert SALEM not in client.get(response.url).content.decode()
    with after_commit():
        reply_to(voice)
    (mail,) = mailbox.to(SALEM)
    confirm = path_in(mail, "confirm")
    assert "button" in client.get(confirm).content.decode()
    # A scanner that opens the link confirms nothing.
    assert ThreadFollower.objects.get().confirmed_at is None
    client.post(confirm)
    assert ThreadFollower.objects.get().confirmed_at == DURING
    with after_commit():
        reply = reply_to(voice)
    mail = mailbox.to(SALEM)[-1]
    assert reply.key in body_of(mail)
    assert reply.comment not in body_of(mail)
    assert len(mailbox.to(SALEM)) == 2


def test_the_address_is_sealed_and_in_no_notice(client, after_commit, voice):
    with after_commit():
        ask_to_follow(client, voice, SALEM)
    follower = ThreadFollower.objects.get()
    assert SALEM.encode() not in bytes(follower.sealed)
    assert follower.open_contact() == SALEM
    assert SALEM not in str(list(Notice.objects.values()))


def test_nobody_learns_who_follows(client, mailbox, after_commit, voice):
    follow(voice, SALEM)
    with after_commit():
        known = ask_to_follow(client, voice, SALEM.upper())
        unknown = ask_to_follow(client, voice, MARY)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert mailbox.to(SALEM) == [] and len(mailbox.to(MARY)) == 1
    assert ThreadFollower.objects.count() == 2


def test_asked_often_one_address_gets_few_mails(client, mailbox, after_commit, page):
    voices = [make_voice(page.consultation) for _each in range(7)]
    with after_commit():
        for voice in voices:
            ask_to_follow(client, voice, SALEM)
            ask_to_follow(client, voice, SALEM)
    assert len(mailbox.to(SALEM)) == following.ASKED_IN_A_DAY


def test_each_follower_gets_one_mail_for_each_reply_in_their_language(
    mailbox, after_commit, voice
):
    follow(voice, SALEM)
    follow(voice, MARY, "en")
    with after_commit():
        reply = reply_to(voice)
        signals.voice_published.send(sender=None, comment=reply, now=DURING)
        make_voice(voice.consultation)
        publishing.take_down(reply.participation, now=DURING)
        publishing.publish(reply.participation, now=DURING)
    (arabic,) = mailbox.to(SALEM)
    (english,) = mailbox.to(MARY)
    assert "رد جديد" in arabic["Subject"] and "New reply" in english["Subject"]
    assert "/en/" in body_of(english)


def test_an_official_reply_is_told_too(mailbox, after_commit, voice):
    follow(voice, SALEM)
    with after_commit():
        reply_officially(
            voice.consultation,
            text="شكراً",
            language="ar",
            actor=make_user(permissions=["reply_officially"]),
            to=voice,
        )
    (mail,) = mailbox.to(SALEM)
    assert "رد رسمي" in mail["Subject"]


def test_ones_own_reply_is_not_told(mailbox, after_commit, voice):
    follow(voice, SALEM)
    follow(voice, MARY)
    own = make_participation(
        voice.consultation, parent=voice.participation, state=State.PUBLISHED
    )
    seal(own, Person(email=SALEM.title()), "ar")
    with after_commit():
        publishing.publish(own, now=DURING)
    assert mailbox.to(SALEM) == [] and len(mailbox.to(MARY)) == 1


def test_a_reply_that_is_gone_again_is_not_told(mailbox, after_commit, voice):
    follow(voice, SALEM)
    with after_commit():
        reply = reply_to(voice)
        publishing.take_down(reply.participation, now=DURING)
    assert mailbox.messages == []
    assert Notice.objects.get(kind=Kind.FOLLOWED).state == Notice.State.DROPPED


def test_one_click_in_the_mail_programme_stops_the_mails(
    client, mailbox, after_commit, voice
):
    follow(voice, SALEM)
    with after_commit():
        reply_to(voice)
    (mail,) = mailbox.to(SALEM)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    header = mail["List-Unsubscribe"].strip()
    address = re.fullmatch(r"<https?://[^/]+(/\S+)>", header)[1]
    assert "/follow/mute/" in address and path_in(mail, "mute")
    assert client.get(address).status_code == 200
    assert ThreadFollower.objects.exists()
    response = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200 and not response.cookies
    assert not ThreadFollower.objects.exists() and not PersonKey.objects.exists()
    # Pressed again, it says the same.
    assert client.post(address).status_code == client.get(address).status_code == 200


def test_all_mails_can_be_stopped_at_once(client, page):
    first = follow(make_voice(page.consultation), SALEM)
    follow(make_voice(page.consultation), SALEM)
    other = follow(make_voice(page.consultation), MARY)
    token = following.token_for(first, "mute")
    client.post(f"/eparticipation/ar/follow/mute/{token}/", {"all": "1"})
    assert list(ThreadFollower.objects.values_list("pk", flat=True)) == [other.pk]


@pytest.mark.parametrize("purpose", ["confirm", "mute"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_made_up_link_does_nothing(client, voice, purpose, method):
    follower = follow(voice, SALEM)
    wrong = {"confirm": "mute", "mute": "confirm"}[purpose]
    for token in ("x", following.token_for(follower, wrong)):
        response = getattr(client, method)(
            f"/eparticipation/ar/follow/{purpose}/{token}/", follow=True
        )
        assert response.status_code in (200, 404, 410)
    assert ThreadFollower.objects.count() == 1


def test_an_old_link_confirms_nothing_and_the_wish_is_deleted(voice):
    following.ask(voice, email=SALEM, language="ar")
    forgetting.forget(DURING + following.CONFIRM_WITHIN)
    assert ThreadFollower.objects.exists()
    forgetting.forget(DURING + following.CONFIRM_WITHIN * 2)
    assert not ThreadFollower.objects.exists() and not PersonKey.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"email": ""}, {"email": "nonsense"}, {"token": "forged"}]
)
def test_bad_input_is_explained_and_kept(client, voice, changes):
    response = ask_to_follow(client, voice, **{"email": SALEM, **changes})
    assert response.status_code == 422
    assert changes.get("email", SALEM) in response.content.decode()
    assert not ThreadFollower.objects.exists()


def test_a_program_gets_the_same_answer_and_nobody_a_mail(
    client, mailbox, after_commit, voice
):
    with after_commit():
        response = ask_to_follow(client, voice, SALEM, website="x")
    assert response.status_code == 302
    assert mailbox.messages == [] and not ThreadFollower.objects.exists()


def test_too_many_from_one_network_have_to_wait(client, voice, monkeypatch):
    limit = type(follow_views.FOLLOWING)("follow", 1, 600)
    monkeypatch.setattr(follow_views, "FOLLOWING", limit)
    ask_to_follow(client, voice, SALEM)
    assert ask_to_follow(client, voice, MARY).status_code == 429


def test_when_the_topic_is_over_everybody_is_forgotten(client, voice):
    follow(voice, SALEM)
    signals.stage_changed.send(
        sender=None,
        consultation=voice.consultation,
        stage_from=Stage.ANNOUNCED,
        stage_to=Stage.CLOSED,
        now=AFTER,
    )
    assert not ThreadFollower.objects.exists() and not PersonKey.objects.exists()


def test_a_closed_topic_cannot_be_followed(client):
    page = make_consultation_page(stage=Stored.CLOSED)
    voice = make_voice(page.consultation)
    shown = client.get(f"{page.get_url()}discussion/{voice.key}/").content.decode()
    assert "/follow/" not in shown
    assert client.get(address_of(voice, "follow"), follow=True).status_code == 404
    with pytest.raises(following.NothingToFollow):
        following.ask(voice, email=SALEM, language="ar")
