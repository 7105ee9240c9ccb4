"""Voting in a quick poll: once a person, changeable, through the one door (R-4.1c)."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from tests.factories import AFTER, CLOSES, DURING, OPENS, make_user
from tests.factories_pages import translation_of
from tests.surveys.poll_makers import (
    PLAY,
    REST,
    SAILS,
    SHADE,
    SPORT,
    TREES,
    USES,
    ask,
    cast,
    choose,
    fill,
    make_topic,
    send,
    set_polls,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import invitations
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.late_box import admit
from wagtail_eparticipation.participations.models import (
    Consent,
    Participation,
    State,
)
from wagtail_eparticipation.surveys import polls
from wagtail_eparticipation.surveys.models import SurveyAnswer
from wagtail_eparticipation.surveys.poll_results import results_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def page():
    return make_topic()


def counts(page, poll=SHADE):
    found = polls.find(page, poll)
    (result,) = results_of(page.consultation, [found])
    return {each.option.id: each.count for each in result.options} | {"n": result.n}


def in_language(page, language):
    return page if language == "ar" else translation_of(page)


def receipt_of(client, response):
    assert response.status_code == 302, response.content.decode()[:1500]
    with clock.rehearse(DURING):
        return client.get(response["Location"]).content.decode()


class TestVoting:
    def test_a_vote_is_a_participation_with_consent_and_receipt(self, client, page):
        html = receipt_of(client, choose(client, page))
        row = Participation.objects.get()
        assert (row.tool, row.state, row.consent) == (
            "poll",
            State.UNPUBLISHED,
            Consent.EXPLICIT,
        )
        assert row.data == {"poll": SHADE, "options": [TREES]}
        assert "ep-receipt-code" in html
        assert "أي تظليل تفضلون؟" in html
        assert "أشجار" in html
        assert "/change/" not in html

    def test_nobody_has_to_review_it(self, client, page):
        choose(client, page)
        assert not Participation.objects.waiting().exists()
        assert page.consultation.participations.counted().count() == 1

    def test_voting_again_changes_the_vote(self, client, page):
        choose(client, page)
        choose(client, page, SAILS)
        assert counts(page) == {TREES: 0, SAILS: 1, "n": 1}
        states = Participation.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == [State.REPLACED, State.UNPUBLISHED]

    def test_two_browsers_are_two_votes(self, page):
        choose(Client(), page)
        choose(Client(), page)
        assert counts(page)["n"] == 2

    def test_a_person_votes_once_in_each_poll(self, client, page):
        choose(client, page)
        choose(client, page, [SPORT, REST], poll=USES)
        assert counts(page)["n"] == 1
        assert counts(page, USES) == {SPORT: 1, REST: 1, PLAY: 0, "n": 1}

    def test_languages_count_together(self, page):
        english = translation_of(page)
        form_page = ask(Client(), english)
        assert "Which shade do you prefer?" in form_page.content.decode()
        send(Client(), page, fill(form_page), language="en")
        choose(Client(), page, SAILS)
        assert counts(page) == {TREES: 1, SAILS: 1, "n": 2}

    def test_sent_twice_it_is_one_vote_and_the_browser_stays_known(self, client, page):
        data = fill(ask(client, page))
        first = send(Client(), page, data)
        again = send(client, page, data)
        assert first.status_code == again.status_code == 302
        assert Participation.objects.count() == 1
        choose(client, page, SAILS)
        assert counts(page) == {TREES: 0, SAILS: 1, "n": 1}

    @pytest.mark.parametrize(
        ("language", "told"),
        [("ar", "ليحل محل ما أرسلته"), ("en", "it then takes the place of what you")],
    )
    def test_another_option_after_going_back_is_said_to_replace_the_vote(
        self, client, page, language, told
    ):
        data = fill(ask(client, in_language(page, language)))
        send(client, page, data, language=language)
        other = {**data, f"q_{SHADE}": SAILS}
        again = send(client, page, other, language=language)
        assert again.status_code == 409
        assert told in again.content.decode()
        send(client, page, fill(again, SAILS), language=language)
        assert counts(page) == {TREES: 0, SAILS: 1, "n": 1}

    @pytest.mark.parametrize(
        ("language", "told"),
        [("ar", "حلّ محله ما أرسلته"), ("en", "later stands in its place")],
    )
    def test_the_form_of_a_replaced_vote_says_that_a_later_one_stands(
        self, client, page, language, told
    ):
        data = fill(ask(client, in_language(page, language)))
        send(client, page, data, language=language)
        choose(client, page, SAILS)
        again = send(client, page, data, language=language)
        assert again.status_code == 409
        assert told in again.content.decode()
        assert counts(page) == {TREES: 0, SAILS: 1, "n": 1}

    def test_withdrawn_it_does_not_count_and_one_may_vote_anew(self, client, page):
        response = choose(client, page)
        with clock.rehearse(DURING):
            client.post(f"{response['Location']}withdraw/")
        assert counts(page)["n"] == 0
        choose(client, page, SAILS)
        assert counts(page) == {TREES: 0, SAILS: 1, "n": 1}

    def test_what_fell_into_the_trap_is_set_aside(self, client, page):
        choose(client, page, website="http://spam.example")
        assert Participation.objects.get().state == State.QUARANTINED
        assert counts(page)["n"] == 0

    def test_neither_name_nor_address_is_asked(self, client, page):
        html = ask(client, page).content.decode()
        assert 'name="email"' not in html
        assert 'name="name"' not in html
        assert 'name="capacity"' in html


class TestForm:
    @pytest.mark.parametrize(
        ("options", "accept"),
        [("", "on"), ("77777777-0000-4000-8000-000000000009", "on"), (TREES, "")],
    )
    def test_a_mistake_keeps_what_was_chosen(self, client, page, options, accept):
        response = choose(client, page, options, accept=accept, capacity="resident")
        assert response.status_code == 422
        html = response.content.decode()
        assert 'value="resident" selected' in html
        assert not Participation.objects.exists()

    def test_more_than_the_limit_is_refused(self, client, page):
        response = choose(client, page, [SPORT, REST, PLAY], poll=USES)
        assert response.status_code == 422
        assert not Participation.objects.exists()

    @pytest.mark.parametrize("token", ["", "forged", "a:b:c"])
    def test_a_foreign_token_is_refused(self, client, page, token):
        data = fill(ask(client, page), token=token)
        assert send(client, page, data).status_code == 422
        assert not Participation.objects.exists()

    def test_reading_the_form_leaves_no_cookie_and_is_not_kept(self, client, page):
        response = ask(client, page)
        assert not response.cookies
        assert "no-cache" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"

    def test_the_choice_goes_along_into_another_language(self, client, page):
        data = {**fill(ask(client, page)), "other_language": "1"}
        html = send(client, page, data, language="en").content.decode()
        assert "Which shade do you prefer?" in html
        assert re.search(rf'value="{TREES}"[^>]* checked', html)

    @pytest.mark.parametrize("poll", ["44444444-0000-4000-8000-00000000000f", "x", ""])
    def test_an_unknown_poll_is_not_found(self, client, page, poll):
        with clock.rehearse(DURING):
            assert client.get(f"{page.get_url()}poll/{poll}/").status_code == 404

    def test_another_topics_poll_is_not_found(self, client, page):
        other = make_topic(title="موضوع آخر")
        set_polls(other, [])
        data = fill(ask(client, page))
        assert send(client, other, data).status_code in (404, 410)

    def test_a_restricted_page_takes_no_votes(self, client, page):
        data = fill(ask(client, page))
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert send(client, page, data).status_code in (404, 410)
        assert not Participation.objects.exists()


class TestPeriod:
    @pytest.mark.parametrize(
        ("at", "counted"),
        [
            (OPENS, True),
            (CLOSES - timedelta(microseconds=1), True),
            (CLOSES, False),
        ],
    )
    def test_the_instant_of_sending_decides(self, client, page, at, counted):
        opened = max(OPENS, at - timedelta(hours=1))
        data = fill(ask(client, page, at=opened))
        assert send(client, page, data, at=at).status_code == 302
        assert counts(page)["n"] == counted
        state = Participation.objects.get().state
        assert state == (State.UNPUBLISHED if counted else State.LATE)

    def test_a_late_vote_that_is_admitted_counts_without_review(self, page):
        cast(page, at=CLOSES)
        late = Participation.objects.get()
        boss = make_user(superuser=True)
        with clock.rehearse(AFTER):
            admit(late, actor=boss, ground="عطل في الخدمة")
        assert counts(page)["n"] == 1
        assert not Participation.objects.waiting().exists()

    def test_before_opening_nothing_is_taken_in(self, client, page):
        data = fill(ask(client, page))
        early = OPENS - timedelta(microseconds=1)
        assert send(client, page, data, at=early).status_code == 422
        assert not Participation.objects.exists()

    @pytest.mark.parametrize("at", [OPENS - timedelta(seconds=1), AFTER])
    def test_outside_the_period_the_form_leads_to_the_topic(self, client, page, at):
        response = ask(client, page, at=at)
        assert response.status_code == 302
        assert response["Location"].startswith(page.get_url())


class TestWhoVotes:
    def asking(self, page, **fields):
        Consultation.objects.filter(pk=page.consultation_id).update(**fields)
        page.refresh_from_db()
        return page

    def test_an_account_votes_once_on_every_device(self, page):
        self.asking(page, identity_mode="signed_in")
        user = get_user_model().objects.create_user("sara")
        for option in (TREES, SAILS):
            client = Client()
            client.force_login(user)
            choose(client, page, option)
        assert counts(page) == {TREES: 0, SAILS: 1, "n": 1}

    def test_a_stranger_is_shown_where_to_sign_in(self, client, page):
        self.asking(page, identity_mode="signed_in")
        html = ask(client, page).content.decode()
        assert "/login/?next=" in html
        assert f"q_{SHADE}" not in html

    def test_an_address_is_confirmed_before(self, client, page):
        self.asking(page, identity_mode="email")
        response = ask(client, page)
        assert response.status_code == 302
        assert "/identify/?back=" in response["Location"]

    def test_an_invitation_votes_once(self, page):
        self.asking(page, audience_mode="invited")
        code = invitations.new_code()
        Invitation.objects.create(
            consultation=page.consultation,
            code_hash=invitations.hash_of(code),
            language="ar",
            created_at=DURING,
        )
        assert choose(Client(), page, invitation="WRONG").status_code == 422
        for option in (TREES, SAILS):
            choose(Client(), page, option, invitation=code)
        assert counts(page) == {TREES: 0, SAILS: 1, "n": 1}


def test_a_copied_topic_counts_from_nought(page):
    cast(page)
    other = make_topic(title="نسخة")
    assert polls.find(other, SHADE) is not None
    assert counts(other)["n"] == 0
    assert counts(page)["n"] == 1


def test_answers_are_rows_of_their_own(page):
    cast(page, SPORT, PLAY, poll=USES)
    answers = SurveyAnswer.objects.values_list("question_id", "option_id")
    assert list(answers) == [(USES, SPORT), (USES, PLAY)]


def test_the_chooser_of_tools_names_the_polls(client, page):
    with clock.rehearse(DURING):
        html = client.get(f"{page.get_url()}participate/").content.decode()
    assert f"poll/{SHADE}/" in html
    assert "لماذا تزورون الحديقة؟" in html


def test_an_opened_address_of_sending_leads_to_the_form(client, page):
    place = ["ar", page.consultation.public_id, SHADE]
    with clock.rehearse(DURING):
        response = client.get(reverse("eparticipation:vote", args=place))
    assert response["Location"] == f"{page.get_url()}poll/{SHADE}/"
