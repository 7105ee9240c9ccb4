"""What readers do at a voice, in a real browser: narrow, dark, without script."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.discussion.makers import make_voice
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation.discussion import following
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import ContentReport, ThreadFollower
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NARROW = {"width": 320, "height": 800}


@pytest.fixture
def topic():
    """A topic that is open today, with one voice."""
    cache.clear()
    now = timezone.now()
    page = make_consultation_page(
        policy_version=install_pack("qassim")[0],
        opens_at=(now - timedelta(days=5)).replace(microsecond=0),
        closes_at=(now + timedelta(days=5)).replace(microsecond=0),
    )
    page.voice = make_voice(page.consultation, now=now)
    return page


def thread_of(live_server, topic, language):
    page = topic if language == "ar" else translation_of(topic, language)
    return f"{live_server.url}{page.get_url()}discussion/{topic.voice.key}/"


def looked_at(page):
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_obeys_policy(page)


def send(page):
    page.click("main form button[type=submit]")


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light")])
def test_each_page_for_readers_is_accessible(live_server, topic, language, scheme):
    with chromium() as browser:
        context = browser.new_context(color_scheme=scheme, viewport=NARROW)
        page = watched(context.new_page())
        page.goto(thread_of(live_server, topic, language))
        looked_at(page)
        page.click("a[href*='/agree/']")
        page.wait_for_selector("main form")
        looked_at(page)
        send(page)
        page.wait_for_selector("[name=take_back]")
        looked_at(page)
        assert PublishedComment.objects.get().agree_count == 1
        page.goto(thread_of(live_server, topic, language))
        looked_at(page)
        page.click("a[href*='/report/']")
        page.wait_for_selector("[name=reason]")
        looked_at(page)
        send(page)
        page.wait_for_selector("[data-ep-error-summary]")
        looked_at(page)
        page.check(f"[name=reason][value='{FALSE_ATTRIBUTION}']")
        send(page)
        page.wait_for_selector(".ep-receipt")
        looked_at(page)
        assert ContentReport.objects.get().number in page.inner_text("main")
        page.goto(thread_of(live_server, topic, language))
        page.click("a[href*='/follow/']")
        page.wait_for_selector("[name=email]")
        looked_at(page)
        page.fill("[name=email]", "salem@people.example")
        send(page)
        page.wait_for_url("**/sent/")
        looked_at(page)
        follower = ThreadFollower.objects.get()
        base = f"{live_server.url}/eparticipation/{language}/follow"
        page.goto(f"{base}/confirm/{following.token_for(follower, 'confirm')}/")
        looked_at(page)
        send(page)
        page.wait_for_selector(".ep-callout--success")
        looked_at(page)
        page.goto(f"{base}/mute/{following.token_for(follower, 'mute')}/")
        looked_at(page)
        send(page)
        page.wait_for_selector(".ep-callout--success")
        looked_at(page)
        assert not ThreadFollower.objects.exists()


def test_without_script_a_report_is_sent_and_counted_once(live_server, topic):
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(thread_of(live_server, topic, "ar"))
        page.click("a[href*='/report/']")
        page.check("[name=reason][value=other]")
        page.fill("[name=explanation]", "فيه رقم هاتف")
        send(page)
        page.wait_for_selector(".ep-receipt")
        page.go_back()
        assert page.input_value("[name=explanation]") == "فيه رقم هاتف"
        send(page)
        page.wait_for_selector(".ep-receipt")
        assert ContentReport.objects.count() == 1
