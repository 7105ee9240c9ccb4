"""The proof of work in a real browser: Arabic and English, with and without script."""

import pytest

from example_site.home.security_policy import POLICY
from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.participations.test_in_browser import (
    NARROW,
    TEXT,
    address,
    fill_in,
    send,
    topic,
)
from wagtail_eparticipation.participations.models import Participation, State

pytest.importorskip("altcha")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

__all__ = ["topic"]


@pytest.fixture
def asking(settings):
    """A site that asks after the first sign; every form counts as sent too fast."""
    settings.WAGTAIL_EPARTICIPATION = {
        "MINIMUM_FORM_SECONDS": 3600,
        "PROOF_OF_WORK": "suspicious",
        "PROOF_OF_WORK_NUMBER": 2000,
    }


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_device_answers_by_itself_and_the_text_is_received(
    live_server, topic, asking, language
):
    with chromium() as browser:
        page = watched(browser.new_context(viewport=NARROW).new_page())
        page.goto(address(live_server, topic, language, "comment/"))
        fill_in(page)
        send(page)
        status = page.locator("[data-ep-proof-status]")
        status.wait_for()
        assert page.input_value("[name=text]") == TEXT
        page.wait_for_function("document.querySelector('[name=altcha]').value !== ''")
        assert status.inner_text() in (
            "اكتملت العملية الحسابية.",
            "The calculation is done.",
        )
        assert status.get_attribute("role") == "status"
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        send(page)
        page.wait_for_selector("#ep-receipt-code")
        assert Participation.objects.get().state == State.RECEIVED


def test_sending_before_the_answer_waits_for_it(live_server, topic, asking, settings):
    settings.WAGTAIL_EPARTICIPATION["PROOF_OF_WORK_NUMBER"] = 100_000
    with chromium() as browser:
        page = browser.new_context(viewport=NARROW).new_page()
        page.goto(address(live_server, topic, "ar", "comment/"))
        fill_in(page)
        page.press("[name=accept]", "Enter")
        page.wait_for_selector("[data-ep-proof-status]")
        # With the keyboard alone, at once.
        page.press("[name=accept]", "Enter")
        page.wait_for_selector("#ep-receipt-code", timeout=60_000)
        assert Participation.objects.get().state == State.RECEIVED


def test_without_script_the_way_leads_to_a_person(live_server, topic, asking):
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=False, viewport=NARROW)
        page = context.new_page()
        page.goto(address(live_server, topic, "ar", "comment/"))
        fill_in(page)
        send(page)
        page.wait_for_selector("[data-ep-proof-status]")
        assert "سيطّلع عليها موظف أولاً" in page.inner_text("main")
        send(page)
        page.wait_for_selector("#ep-receipt-code")
        assert Participation.objects.get().state == State.QUARANTINED


def test_a_strict_policy_lets_the_calculation_run(live_server, topic, asking):
    def strict(route):
        response = route.fetch(max_redirects=0)
        headers = {**response.headers, "content-security-policy": POLICY}
        route.fulfill(response=response, headers=headers)

    with chromium() as browser:
        page = watched(browser.new_context(viewport=NARROW).new_page())
        page.route("**/*", strict)
        page.goto(address(live_server, topic, "ar", "comment/"))
        fill_in(page)
        send(page)
        page.locator("[data-ep-proof-status]", has_text="اكتملت").wait_for()
        assert_obeys_policy(page)
