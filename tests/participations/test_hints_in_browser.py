"""Hints in a real browser: with script and without, narrow, dark, in both scripts."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.browser import (
    SEND,
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.factories_pages import make_consultation_page, translation_of
from tests.moderation import small_advisers
from tests.moderation.small_advisers import INSULT, MOBILE, NUMBER
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NARROW = {"width": 320, "height": 800}
REMOVE = "[data-ep-hint-remove]"


@pytest.fixture(autouse=True)
def advisers(monkeypatch):
    small_advisers.use(monkeypatch)


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


def open_form(browser, live_server, topic, language="ar", **context):
    shown = topic if language == "ar" else translation_of(topic, language)
    page = watched(browser.new_context(viewport=NARROW, **context).new_page())
    page.goto(f"{live_server.url}{shown.get_url()}participate/comment/")
    return page


def assert_script_quiet(page):
    """No exception of a script; this site has no icon, which browsers ask for."""
    assert [said for said in page.ep_complaints if "404" not in said] == []


def fill_in(page, text):
    page.fill("[name=text]", text)
    page.check("[name=publication][value=without_name]")
    page.check("[name=accept]")


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light")])
def test_the_pause_before_sending_is_accessible_and_takes_the_focus(
    live_server, topic, language, scheme
):
    with chromium() as browser:
        page = open_form(browser, live_server, topic, language, color_scheme=scheme)
        fill_in(page, f"{MOBILE} {INSULT}")
        page.click(SEND)
        page.wait_for_selector(".ep-hints mark")
        assert page.evaluate("document.activeElement.className") == "ep-hints"
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        assert_script_quiet(page)
        page.click(".ep-hints button[name=as_it_is]:visible")
        page.wait_for_selector("#ep-receipt-code")
    assert Participation.objects.get().text == f"{MOBILE} {INSULT}"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_typing_points_at_the_number_and_leaves_the_focus_in_the_text(
    live_server, topic, language
):
    with chromium() as browser:
        page = open_form(browser, live_server, topic, language)
        page.locator("[name=text]").press_sequentially(MOBILE)
        page.wait_for_selector(f".ep-hints mark:text-is('{NUMBER}')")
        assert page.evaluate("document.activeElement.name") == "text"
        said = page.locator(".ep-hints-live [aria-live=polite]")
        assert said.inner_text() == page.inner_text("[data-ep-hints-said]")
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        assert_script_quiet(page)


def test_what_is_taken_out_can_be_put_back_by_keyboard(live_server, topic):
    with chromium() as browser:
        page = open_form(browser, live_server, topic)
        page.fill("[name=text]", f"👩‍👧 {MOBILE} مساءً")
        page.wait_for_selector(REMOVE)
        page.focus(REMOVE)
        page.keyboard.press("Enter")
        assert page.input_value("[name=text]") == "👩‍👧 جوالي  مساءً"
        assert page.evaluate(
            "document.activeElement.closest('.ep-hints__undo') !== null"
        )
        assert_accessible(page)
        page.keyboard.press("Enter")
        assert page.input_value("[name=text]") == f"👩‍👧 {MOBILE} مساءً"
        assert page.evaluate("document.activeElement.name") == "text"


def test_what_was_kept_while_typing_is_not_asked_about_again(live_server, topic):
    with chromium() as browser:
        page = open_form(browser, live_server, topic)
        fill_in(page, MOBILE)
        page.click("[data-ep-hint-keep]")
        page.wait_for_selector(".ep-hints", state="detached")
        page.click(SEND)
        page.wait_for_selector("#ep-receipt-code")
    assert Participation.objects.get().text == MOBILE


def test_the_second_of_two_equal_numbers_is_the_one_that_goes(live_server, topic):
    with chromium() as browser:
        page = open_form(browser, live_server, topic)
        page.fill("[name=text]", f"أ {NUMBER} ب {NUMBER} ج")
        page.wait_for_selector(REMOVE)
        page.locator(REMOVE).nth(1).click()
        assert page.input_value("[name=text]") == f"أ {NUMBER} ب  ج"


def test_without_script_enter_in_a_line_takes_nothing_out(live_server, topic):
    with chromium() as browser:
        page = open_form(browser, live_server, topic, java_script_enabled=False)
        fill_in(page, MOBILE)
        page.click(SEND)
        page.wait_for_selector(".ep-hints mark")
        page.focus("[name=name]")
        page.keyboard.press("Enter")
        page.wait_for_selector("#ep-receipt-code")
    assert Participation.objects.get().text == MOBILE


def test_without_network_the_form_stays_quiet_and_sends_later(live_server, topic):
    with chromium() as browser:
        page = open_form(browser, live_server, topic)
        page.route(re.compile("/hints/"), lambda route: route.abort())
        with page.expect_event(
            "requestfailed", lambda request: "/hints/" in request.url
        ):
            page.fill("[name=text]", MOBILE)
        assert page.locator(".ep-hints").count() == 0
        page.unroute(re.compile("/hints/"))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_same_browser_is_reminded_gently_and_another_is_not(
    live_server, topic, language
):
    with chromium() as browser:
        page = open_form(browser, live_server, topic, language)
        notice = page.locator("[data-ep-took-part]")
        assert not notice.is_visible()
        fill_in(page, "نريد أشجاراً")
        page.click(SEND)
        page.wait_for_selector("#ep-receipt-code")
        assert page.context.cookies() == []
        shown = topic if language == "ar" else translation_of(topic, language)
        page.goto(f"{live_server.url}{shown.get_url()}participate/comment/")
        assert notice.is_visible()
        assert_accessible(page)
        fill_in(page, "نريد مقاعد أيضاً")
        page.click(SEND)
        page.wait_for_selector("#ep-receipt-code")
        assert Participation.objects.count() == 2
        other = open_form(browser, live_server, topic, language)
        assert not other.locator("[data-ep-took-part]").is_visible()
