"""Supporting a suggestion: once a person, taken back at will, only while open."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from tests.discussion.suggestion_makers import (
    address,
    make_suggestion,
    make_topic,
    read,
)
from tests.factories import AFTER, CLOSES, DURING, OPENS
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion import support_views, supports
from wagtail_eparticipation.discussion.publish import take_down
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.discussion.supports import Support
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import abuse, invitations, persons
from wagtail_eparticipation.participations.export_files import csv_lines
from wagtail_eparticipation.participations.exporting import rows_of
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def page():
    return make_topic()


@pytest.fixture
def suggestion(page):
    return make_suggestion(page)


def form(client, page, suggestion, at=DURING):
    return read(client, address(page, suggestion, "support/"), at=at)


def fields(response, **changes):
    token = re.search(rb'name="token" value="([^"]+)"', response.content)[1].decode()
    return {"token": token, "support": "1", **changes}


def send(client, page, suggestion, data, at=DURING, language="ar"):
    place = [language, page.consultation.public_id, suggestion.comment.public_id]
    with clock.rehearse(at):
        return client.post(reverse("eparticipation:support", args=place), data)


def give(client, page, suggestion, **changes):
    data = fields(form(client, page, suggestion), **changes)
    return send(client, page, suggestion, data)


def take_back(client, page, suggestion):
    data = fields(form(client, page, suggestion), take_back="1")
    del data["support"]
    return send(client, page, suggestion, data)


def count(suggestion):
    kept = PublicSuggestion.objects.get(pk=suggestion.pk).support_count
    rows = Support.objects.filter(participation=suggestion.participation_id).count()
    assert kept == rows
    return kept


class TestGiving:
    def test_a_browser_supports_once_and_takes_back(self, client, page, suggestion):
        assert give(client, page, suggestion).status_code == 302
        assert give(client, page, suggestion).status_code == 302
        assert count(suggestion) == 1
        html = form(client, page, suggestion).content.decode()
        assert 'name="take_back"' in html
        assert 'name="support"' not in html
        take_back(client, page, suggestion)
        assert count(suggestion) == 0
        take_back(client, page, suggestion)
        assert count(suggestion) == 0

    def test_two_presses_before_the_first_mark_are_one_person(self, page, suggestion):
        sent = fields(form(Client(), page, suggestion))
        for client in (Client(), Client()):
            assert send(client, page, suggestion, sent).status_code == 302
        assert count(suggestion) == 1

    def test_different_people_add_up(self, page, suggestion):
        for _number in range(3):
            give(Client(), page, suggestion)
        assert count(suggestion) == 3

    def test_several_suggestions_can_be_supported(self, client, page, suggestion):
        other = make_suggestion(page)
        give(client, page, suggestion)
        give(client, page, other)
        assert (count(suggestion), count(other)) == (1, 1)

    def test_opening_the_form_leaves_no_cookie(self, client, page, suggestion):
        response = form(client, page, suggestion)
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"

    def test_only_the_day_is_kept_and_the_ledger_says_nothing(
        self, client, page, suggestion
    ):
        give(client, page, suggestion)
        row = Support.objects.values().get()
        assert set(row) == {"id", "participation_id", "person_key", "created_on"}
        assert not LedgerEvent.objects.filter(kind__contains="support").exists()

    def test_who_supported_is_in_no_export(self, client, page, suggestion):
        give(client, page, suggestion)
        key = Support.objects.get().person_key
        lines = b"".join(csv_lines(rows_of(Participation.objects.all()))).decode()
        assert key not in lines
        html = read(client, address(page)).content.decode()
        assert key not in html


class TestRefusals:
    @pytest.mark.parametrize(
        ("at", "counted"),
        [
            (OPENS - timedelta(microseconds=1), 0),
            (OPENS, 1),
            (CLOSES - timedelta(microseconds=1), 1),
            (CLOSES, 0),
            (AFTER, 0),
        ],
    )
    def test_the_instant_of_sending_decides(
        self, client, page, suggestion, at, counted
    ):
        opened = min(max(OPENS, at - timedelta(hours=1)), CLOSES - timedelta(hours=1))
        data = fields(form(client, page, suggestion, at=opened))
        response = send(client, page, suggestion, data, at=at)
        assert response.status_code == (302 if counted else 422)
        assert count(suggestion) == counted

    def test_after_closing_nothing_is_taken_back_either(self, client, page, suggestion):
        give(client, page, suggestion)
        opened = CLOSES - timedelta(hours=1)
        data = fields(form(client, page, suggestion, at=opened), take_back="1")
        assert send(client, page, suggestion, data, at=CLOSES).status_code == 422
        assert count(suggestion) == 1

    def test_after_closing_the_form_leads_to_the_suggestion(
        self, client, page, suggestion
    ):
        response = form(client, page, suggestion, at=AFTER)
        assert response["Location"] == address(page, suggestion)

    def test_what_was_taken_down_takes_no_support(self, client, page, suggestion):
        data = fields(form(client, page, suggestion))
        take_down(suggestion.participation, now=DURING)
        assert send(client, page, suggestion, data).status_code in (404, 410)
        standing = persons.Standing("a" * 32)
        with clock.rehearse(DURING), pytest.raises(supports.NotShown):
            supports.support(suggestion, standing)
        assert not Support.objects.exists()

    @pytest.mark.parametrize("token", ["", "forged", "a:b:c"])
    def test_a_foreign_token_is_refused(self, client, page, suggestion, token):
        data = fields(form(client, page, suggestion), token=token)
        assert send(client, page, suggestion, data).status_code == 422
        assert count(suggestion) == 0

    def test_a_token_of_another_topic_is_refused(self, client, page, suggestion):
        other = make_topic(title="موضوع آخر")
        foreign = fields(form(client, other, make_suggestion(other)))
        assert send(client, page, suggestion, foreign).status_code == 422

    def test_what_fills_the_trap_is_refused(self, client, page, suggestion):
        assert give(client, page, suggestion, website="x").status_code == 422
        assert count(suggestion) == 0

    def test_too_many_from_one_address_are_asked_to_wait(
        self, client, page, suggestion, monkeypatch
    ):
        limit = abuse.Limit("support", 1, 600)
        monkeypatch.setattr(support_views, "SUPPORTING", limit)
        give(client, page, suggestion)
        response = give(Client(), page, suggestion)
        assert response.status_code == 429
        assert response["Retry-After"]
        assert count(suggestion) == 1

    def test_a_restricted_page_takes_none(self, client, page, suggestion):
        data = fields(form(client, page, suggestion))
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert send(client, page, suggestion, data).status_code in (404, 410)
        assert count(suggestion) == 0

    def test_opened_the_address_of_sending_leads_to_the_form(
        self, client, page, suggestion
    ):
        place = ["ar", page.consultation.public_id, suggestion.comment.public_id]
        with clock.rehearse(DURING):
            response = client.get(reverse("eparticipation:support", args=place))
        assert response["Location"] == address(page, suggestion, "support/")


class TestWho:
    def asking(self, page, **fields):
        Consultation.objects.filter(pk=page.consultation_id).update(**fields)
        page.refresh_from_db()

    def signed_in(self, name):
        user, _created = get_user_model().objects.get_or_create(username=name)
        client = Client()
        client.force_login(user)
        return client, user

    def test_an_account_counts_once_on_every_device(self, page, suggestion):
        self.asking(page, identity_mode="signed_in")
        for _number in range(2):
            client, _user = self.signed_in("sara")
            give(client, page, suggestion)
        assert count(suggestion) == 1

    def test_a_stranger_is_shown_where_to_sign_in(self, client, page, suggestion):
        self.asking(page, identity_mode="signed_in")
        html = form(client, page, suggestion).content.decode()
        assert "/login/?next=" in html
        assert 'name="support"' not in html

    def test_nobody_supports_their_own(self, page, suggestion):
        self.asking(page, identity_mode="signed_in")
        client, user = self.signed_in("sara")
        key = persons.key_of_user(page.consultation, user)
        Participation.objects.filter(pk=suggestion.participation_id).update(
            person_key=key
        )
        response = give(client, page, suggestion)
        assert response.status_code == 422
        assert "هذا مقترحك" in response.content.decode()
        assert count(suggestion) == 0

    def test_an_address_is_confirmed_before(self, client, page, suggestion):
        self.asking(page, identity_mode="email")
        html = form(client, page, suggestion).content.decode()
        assert "/identify/?back=" in html
        assert 'name="support"' not in html

    def invite(self, page, **fields):
        code = invitations.new_code()
        Invitation.objects.create(
            consultation=page.consultation,
            code_hash=invitations.hash_of(code),
            language="ar",
            created_at=DURING,
            **fields,
        )
        return code

    def test_an_invitation_counts_once(self, page, suggestion):
        self.asking(page, audience_mode="invited")
        code = self.invite(page)
        assert give(Client(), page, suggestion, invitation="X").status_code == 422
        for _number in range(2):
            give(Client(), page, suggestion, invitation=code)
        assert count(suggestion) == 1

    def test_those_who_share_a_groups_code_count_each(self, page, suggestion):
        self.asking(page, audience_mode="invited")
        code = self.invite(page, is_group=True)
        one = Client()
        give(one, page, suggestion, invitation=code)
        give(one, page, suggestion, invitation=code)
        give(Client(), page, suggestion, invitation=code)
        assert count(suggestion) == 2
