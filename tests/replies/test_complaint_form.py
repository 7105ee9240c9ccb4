"""Complaining through the portal: its own form, never shown, never counted."""

import pytest

from tests.factories_pages import make_consultation_page
from tests.moderation import small_advisers
from tests.participations.conftest import fresh_cache  # noqa: F401 (used by pytest)
from tests.participations.sending import ask, receipt_page, send, token_of
from tests.replies import service as services
from tests.replies.makers import COMPLAINT
from wagtail_eparticipation.consultations.completeness import missing_items
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db
TAIL = "participate/complaint/"


@pytest.fixture(autouse=True)
def service(settings):
    services.use(settings, services.URL, url="https://940.example/")


@pytest.fixture
def page():
    return make_consultation_page(
        stage="published",
        policy_version=install_pack("qassim")[0],
        tools=["comment", "complaint"],
    )


def fill(token, **changes):
    return {
        "token": token,
        "title": "حاوية",
        "text": COMPLAINT,
        "language": "ar",
        "accept": "on",
        **changes,
    }


def test_the_form_asks_for_no_publication_and_says_what_happens(client, page):
    html = ask(client, page, TAIL).content.decode()
    assert 'name="publication"' not in html
    assert 'name="share_contact"' in html
    assert "خدمة الشكاوى" in html


def test_a_complaint_is_sent_and_its_receipt_says_where_it_is(client, page):
    token = token_of(ask(client, page, TAIL))
    data = fill(token, email="salem@people.example", share_contact="on")
    response = send(client, page, data, tool="complaint")
    html = receipt_page(client, response).content.decode()
    row = Participation.objects.get()
    assert (row.state, row.tool) == (State.REROUTED, "complaint")
    assert (row.publication, row.public_name) == ("not_published", "")
    assert row.data["share_contact"] is True
    assert "https://940.example/" in html
    assert "/change/" not in html


def test_mistakes_keep_what_was_typed(client, page):
    token = token_of(ask(client, page, TAIL))
    response = send(client, page, fill(token, title=""), tool="complaint")
    assert response.status_code == 422
    assert COMPLAINT in response.content.decode()
    assert not Participation.objects.exists()


def test_nobody_is_named_who_agreed_but_left_nothing(client, page):
    token = token_of(ask(client, page, TAIL))
    send(client, page, fill(token, share_contact="on"), tool="complaint")
    assert "share_contact" not in Participation.objects.get().data


def test_a_topic_that_does_not_offer_it_has_no_such_form(client):
    page = make_consultation_page(stage="published")
    assert ask(client, page, TAIL).status_code == 404


def test_a_site_without_a_service_cannot_offer_complaints(page, settings):
    settings.WAGTAIL_EPARTICIPATION = {"TIME_ZONE": "Asia/Riyadh"}
    assert "tools" in {item.field for item in missing_items(page)}


def test_a_complaint_is_hinted_at_without_a_promise_to_hide(client, page, monkeypatch):
    small_advisers.use(monkeypatch)
    data = fill(token_of(ask(client, page, TAIL)), text=small_advisers.MOBILE)
    shown = send(client, page, data, tool="complaint").content.decode()
    assert f"<mark>{small_advisers.NUMBER}</mark>" in shown
    assert "سيُحجب الموضع" not in shown
    assert not Participation.objects.exists()
