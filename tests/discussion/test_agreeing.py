"""Agreeing with a voice: once a person, exact by stage, told nobody."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django_comments.models import CommentFlag

from tests.discussion.makers import make_participation, make_voice
from tests.discussion.reading import address_of, fresh_token
from tests.factories import CLOSES, DURING, OPENS, make_user
from tests.factories_pages import make_consultation_page
from tests.participations.test_persons import asking, invite, signed_in
from tests.together import at_once, real_connections
from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.models import CollectionWindow
from wagtail_eparticipation.consultations.stages import Stage, Stored
from wagtail_eparticipation.discussion import agree_views, agreeing
from wagtail_eparticipation.discussion import publish as publishing
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.official import reply_officially
from wagtail_eparticipation.discussion.people import Agreement
from wagtail_eparticipation.participations import persons, tokens
from wagtail_eparticipation.participations.refusals import DoorRefusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    cache.clear()
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def voice(page):
    return make_voice(page.consultation)


def press(client, voice, token=None, **changes):
    token = token or fresh_token(client, voice, "agree")
    return client.post(address_of(voice, "agree"), {"token": token, **changes})


def number(voice):
    counted = PublishedComment.objects.get(pk=voice.pk).agree_count
    assert counted == Agreement.objects.filter(comment=voice.pk).count()
    return counted


def shown(response):
    return response.content.decode()


def test_the_button_and_the_number_stand_beside_each_voice(client, page, voice):
    PublishedComment.objects.filter(pk=voice.pk).update(agree_count=3)
    for tail in ("", "discussion/", f"discussion/{voice.key}/"):
        response = client.get(f"{page.get_url()}{tail}")
        assert address_of(voice, "agree") in shown(response)
        assert "3 مؤيدين" in shown(response)
        assert not response.cookies


def test_reading_the_page_of_the_button_leaves_no_mark(client, voice):
    response = client.get(address_of(voice, "agree"))
    assert response.status_code == 200 and not response.cookies
    assert number(voice) == 0


def test_agreeing_counts_once_for_a_browser_and_can_be_taken_back(client, voice):
    press(client, voice)
    press(client, voice)
    assert number(voice) == 1
    response = client.get(address_of(voice, "agree"))
    assert "احتُسب تأييدك" in shown(response)
    # The way back leads past the copy that the browser has kept.
    assert f"{voice.key}/?seen=1#{voice.anchor}" in shown(response)
    press(client, voice, take_back="1")
    press(client, voice, take_back="1")
    assert number(voice) == 0
    press(client, voice)
    assert number(voice) == 1


def test_two_presses_before_the_first_mark_are_one_person(client, voice):
    token = fresh_token(client, voice, "agree")
    press(client, voice, token=token)
    press(Client(), voice, token=token)
    assert number(voice) == 1


def test_another_browser_is_another_person(client, voice):
    press(client, voice)
    press(Client(), voice)
    assert number(voice) == 2


def test_one_cannot_take_back_what_another_one_gave(client, voice):
    press(client, voice)
    press(Client(), voice, take_back="1")
    assert number(voice) == 1


def test_an_account_counts_once_from_every_browser(page, voice):
    asking(page, identity_mode="signed_in")
    press(signed_in("sara"), voice)
    press(signed_in("sara"), voice)
    press(signed_in("nasser"), voice)
    assert number(voice) == 2


def test_a_stranger_is_led_to_the_sign_in(client, page, voice):
    asking(page, identity_mode="signed_in")
    assert "/login/?next=" in shown(client.get(address_of(voice, "agree")))
    token = fresh_token(signed_in("sara"), voice, "agree")
    assert press(client, voice, token=token).status_code == 422
    assert number(voice) == 0


def test_an_address_has_to_be_confirmed_first(client, page, voice):
    asking(page, identity_mode="email")
    response = client.get(address_of(voice, "agree"))
    assert f"{page.get_url()}identify/?back=" in shown(response)
    elsewhere = asking(page, identity_mode="anonymous")
    token = fresh_token(client, voice, "agree")
    asking(elsewhere, identity_mode="email")
    assert press(client, voice, token=token).status_code == 422
    assert number(voice) == 0


def test_the_invited_count_once_with_their_code(client, page, voice):
    asking(page, audience_mode="invited")
    _row, code = invite(page)
    assert 'name="code"' in shown(client.get(address_of(voice, "agree")))
    assert press(client, voice).status_code == 422
    assert press(client, voice, code="XXXX").status_code == 422
    press(client, voice, code=code)
    press(Client(), voice, code=code.lower())
    assert number(voice) == 1
    # This browser need not write it again.
    assert 'name="code"' not in shown(client.get(address_of(voice, "agree")))
    press(client, voice, take_back="1")
    assert number(voice) == 0


def test_those_who_share_the_code_of_a_group_count_each(client, page, voice):
    asking(page, audience_mode="invited")
    _row, code = invite(page, is_group=True)
    press(client, voice, code=code)
    press(client, voice)
    press(Client(), voice, code=code)
    assert number(voice) == 2


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        (OPENS, 1),
        (CLOSES - timedelta(microseconds=1), 1),
        (CLOSES, 0),
        (CLOSES + timedelta(days=1), 0),
    ],
)
def test_the_period_is_half_open(client, voice, at, counted):
    PublishedComment.objects.filter(pk=voice.pk).update(published_at=OPENS)
    with clock.rehearse(at):
        token = tokens.new_token().signed(voice.consultation)
        response = press(client, voice, token=token)
    assert response.status_code == (302 if counted else 422)
    assert number(voice) == counted


def test_after_the_closing_it_cannot_be_taken_back_either(client, page, voice):
    press(client, voice)
    token = fresh_token(client, voice, "agree")
    with clock.rehearse(CLOSES):
        assert press(client, voice, token=token, take_back="1").status_code == 422
        shown_then = shown(client.get(f"{page.get_url()}discussion/"))
    assert number(voice) == 1
    assert address_of(voice, "agree") not in shown_then and "مؤيد واحد" in shown_then


def test_a_window_that_takes_nothing_counts_nothing(client, voice):
    token = fresh_token(client, voice, "agree")
    CollectionWindow.objects.update(accepting=False)
    assert press(client, voice, token=token).status_code == 422
    assert number(voice) == 0


def test_what_is_not_shown_takes_no_agreement(client, page, voice):
    token = fresh_token(client, voice, "agree")
    publishing.take_down(voice.participation, now=DURING)
    assert press(client, voice, token=token).status_code == 410
    with pytest.raises(DoorRefusal):
        agreeing.agree(voice, persons.Standing("k"))
    waiting = make_participation(page.consultation)
    response = client.get(address_of(waiting, "agree"), follow=True)
    assert response.status_code == 404
    assert not Agreement.objects.exists()


def test_official_replies_are_not_agreed_with(client, page, voice):
    official = reply_officially(
        page.consultation,
        text="شكراً",
        language="ar",
        actor=make_user(permissions=["reply_officially"]),
        to=voice,
    )
    assert address_of(official, "agree") not in shown(client.get(page.get_url()))
    response = client.get(address_of(official, "agree"), follow=True)
    assert response.status_code == 404


def test_nothing_kept_says_who_agreed(page):
    first, second = make_voice(page.consultation), make_voice(page.consultation)
    asking(page, identity_mode="signed_in")
    client = signed_in("sara")
    press(client, first)
    press(client, second)
    hashes = set(Agreement.objects.values_list("person_hash", flat=True))
    assert len(hashes) == 2
    user = client.session["_auth_user_id"]
    assert persons.key_of_user(page.consultation, make_user()) not in hashes
    assert user not in hashes
    assert not CommentFlag.objects.exists()


def test_at_the_end_who_agreed_is_deleted_and_the_number_stays(client, voice):
    press(client, voice)
    signals.stage_changed.send(
        sender=None,
        consultation=voice.consultation,
        stage_from=Stage.ANNOUNCED,
        stage_to=Stage.CLOSED,
        now=CLOSES,
    )
    assert not Agreement.objects.exists()
    assert PublishedComment.objects.get(pk=voice.pk).agree_count == 1


@pytest.mark.parametrize("token", ["", "forged"])
def test_without_a_token_of_ours_nothing_counts(client, voice, token):
    response = client.post(address_of(voice, "agree"), {"token": token})
    assert response.status_code == 422
    assert number(voice) == 0


def test_a_program_counts_nothing(client, voice):
    assert press(client, voice, website="x").status_code == 302
    assert number(voice) == 0


def test_too_many_from_one_network_have_to_wait(client, voice, monkeypatch):
    limit = type(agree_views.AGREEING)("agree", 1, 600)
    monkeypatch.setattr(agree_views, "AGREEING", limit)
    press(client, voice)
    assert press(Client(), voice).status_code == 429
    assert number(voice) == 1


def test_a_closed_topic_shows_its_numbers(client):
    page = make_consultation_page(stage=Stored.CLOSED)
    voice = make_voice(page.consultation)
    PublishedComment.objects.filter(pk=voice.pk).update(agree_count=2)
    response = client.get(address_of(voice, "agree"))
    assert "مؤيدان اثنان" in shown(response) and 'type="submit"' not in shown(response)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_each_counted_once(tmp_path):
    with real_connections(tmp_path):
        voice = make_voice()

        def agreed(key):
            def work():
                with clock.rehearse(DURING):
                    return agreeing.agree(voice, persons.Standing(key))

            return work

        results = at_once(*[agreed(f"person {n % 4}") for n in range(8)])
        assert sorted(results) == [False] * 4 + [True] * 4
        assert number(voice) == 4
