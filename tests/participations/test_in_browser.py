"""Taking part in a real browser: with and without script, narrow and dark."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TEXT = "نريد أشجاراً تظلّل الممرات المؤدية إلى المدرسة."
NARROW = {"width": 320, "height": 800}


@pytest.fixture
def topic():
    """A topic that is open today."""
    cache.clear()
    now = timezone.now()
    return make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )


def address(live_server, topic, language, tail):
    page = topic if language == "ar" else translation_of(topic, language)
    return f"{live_server.url}{page.get_url()}participate/{tail}"


def fill_in(page):
    page.fill("[name=text]", TEXT)
    page.check("[name=publication][value=with_name]")
    page.fill("[name=name]", "سارة")
    page.check("[name=accept]")


def send(page):
    page.click("main form button[type=submit], main form button:not([type])")


def looked_at(page):
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light")])
def test_every_page_on_the_way_is_accessible(live_server, topic, language, scheme):
    with chromium() as browser:
        context = browser.new_context(color_scheme=scheme, viewport=NARROW)
        page = watched(context.new_page())
        page.goto(address(live_server, topic, language, ""))
        looked_at(page)
        page.goto(address(live_server, topic, language, "suggestion/"))
        looked_at(page)
        page.goto(address(live_server, topic, language, "comment/"))
        looked_at(page)
        fill_in(page)
        send(page)
        page.wait_for_selector("#ep-receipt-code")
        looked_at(page)
        code = page.inner_text("#ep-receipt-code")
        page.goto(f"{live_server.url}/eparticipation/{language}/receipt/")
        looked_at(page)
        page.fill("[name=code]", code.lower().replace("-", " "))
        send(page)
        page.wait_for_url(re.compile(r"/receipt/.{40,}"))
        looked_at(page)
        assert TEXT in page.inner_text("main")
        page.click("a[href$='/change/']")
        page.wait_for_selector("[name=text]")
        looked_at(page)
        page.fill("[name=text]", "نص معدّل")
        send(page)
        page.wait_for_selector("#ep-receipt-code")
        assert "نص معدّل" in page.inner_text("main")


def test_errors_take_the_focus_and_keep_what_was_typed(live_server, topic):
    with chromium() as browser:
        page = watched(browser.new_context(viewport=NARROW).new_page())
        page.goto(address(live_server, topic, "ar", "comment/"))
        page.fill("[name=text]", TEXT)
        send(page)
        page.wait_for_selector("[data-ep-error-summary]")
        assert page.evaluate("'epErrorSummary' in document.activeElement.dataset")
        assert page.input_value("[name=text]") == TEXT
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_without_script_one_can_take_part_and_withdraw(live_server, topic):
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(address(live_server, topic, "ar", "comment/"))
        fill_in(page)
        send(page)
        page.wait_for_selector("#ep-receipt-code")
        assert Participation.objects.get().state == State.RECEIVED
        page.click("details summary")
        page.click("form[action*=withdraw] button")
        page.wait_for_load_state()
        assert Participation.objects.get().state == State.WITHDRAWN


def test_a_double_click_and_the_back_button_count_once(live_server, topic):
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(address(live_server, topic, "ar", "comment/"))
        fill_in(page)
        send(page)
        code = page.inner_text("#ep-receipt-code")
        page.go_back()
        assert page.input_value("[name=text]") == TEXT
        send(page)
        assert page.inner_text("#ep-receipt-code") == code
        assert Participation.objects.count() == 1


def test_ten_megabytes_get_an_answer_that_the_browser_shows(live_server, topic):
    with chromium() as browser:
        page = watched(browser.new_page())
        page.goto(address(live_server, topic, "ar", "comment/"))
        fill_in(page)
        page.evaluate(
            "document.querySelector('[name=reply_to]').value = 'a'.repeat(10485760)"
        )
        send(page)
        page.wait_for_selector("h1")
        assert "10000" in page.inner_text("main").replace("٬", "").replace(",", "")
        assert not Participation.objects.exists()
