"""Suggesting, supporting and taking back in a real browser, without script too."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from tests.browser import (
    SEND,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.discussion.suggestion_makers import PATHS, SHADE, make_suggestion, make_topic
from tests.factories import make_user
from tests.factories_pages import translation_of
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.suggestion_status import set_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 1280)
TEXT = "نقترح مظلات فوق الممر المؤدي إلى المدرسة."


@pytest.fixture
def topic():
    cache.clear()
    now = timezone.now()
    with transaction.atomic():
        return make_topic(
            opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=3)
        )


def shot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def look(page, name):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_no_sideways_scroll(page)
        shot(page, f"suggestion-{name}-{width}")
    assert_accessible(page)
    assert_obeys_policy(page)


def publish_the_only_one():
    row = Participation.objects.get()
    row.state = State.PUBLISHED
    row.save(update_fields=["state"])
    publish(row, now=timezone.now())


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_one_suggests_another_supports_and_takes_back(live_server, topic, script):
    address = live_server.url + topic.get_url()
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=script)
        page = watched(context.new_page())
        page.goto(f"{address}participate/suggestion/")
        page.locator("[name=title]").fill("مظلات للممر")
        page.locator("[name=text]").fill(TEXT)
        page.locator("[name=place]").fill("عند البوابة الشمالية")
        page.locator("[name=latitude]").fill("26.33")
        page.locator("[name=publication][value=without_name]").check()
        page.locator("[name=accept]").check()
        page.locator(SEND).click()
        assert page.locator("[data-ep-error-summary]").is_visible()
        if script:
            look(page, "errors-ar")
        page.locator("[name=category]").select_option(SHADE)
        page.locator("[name=longitude]").fill("43.97")
        page.locator(SEND).click()
        assert page.locator("#ep-receipt-code").is_visible()
        publish_the_only_one()

        page.goto(f"{address}suggestions/")
        assert not context.cookies()
        if script:
            look(page, "list-ar")
        page.get_by_role("link", name="مظلات للممر", exact=True).click()
        if script:
            look(page, "one-ar")
        page.locator("a[href$='/support/']").click()
        if script:
            look(page, "support-ar")
        page.locator("button[name=support]").click()
        assert PublicSuggestion.objects.get().support_count == 1
        if script:
            look(page, "supported-ar")
        page.locator("button[name=take_back]").click()
        assert PublicSuggestion.objects.get().support_count == 0
        assert page.locator("button[name=support]").is_visible()


@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_button_for_the_place_keeps_clear_of_the_field(live_server, topic, code):
    each = topic if code == "ar" else translation_of(topic)
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{live_server.url}{each.get_url()}participate/suggestion/")
        for width in (320, 1200):
            page.set_viewport_size({"width": width, "height": 800})
            field = page.locator("[name=latitude]").bounding_box()
            button = page.locator(".ep-field .ep-actions button").bounding_box()
            assert button["y"] - (field["y"] + field["height"]) >= 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_reads_well_in_both_languages(live_server, topic, scheme):
    boss = make_user(superuser=True)
    for number, status in enumerate(["under_study", "taken_up", "not_taken_up", None]):
        suggestion = make_suggestion(
            topic,
            title=f"مقترح رقم {number}",
            supports=number,
            data={
                "category": PATHS,
                "place": "شارع الملك فهد",
                "latitude": 26.33,
                "longitude": 43.97,
                "sources": "https://parks.example/" + "long-address-" * 12,
            },
            now=timezone.now(),
        )
        if status:
            set_status(
                suggestion.participation,
                status,
                reason={"ar": "يتعارض مع حدود الحديقة.", "en": "Against the limits."},
                actor=boss,
            )
    with chromium() as browser:
        page = watched(browser.new_page(color_scheme=scheme))
        for code, each in {"ar": topic, "en": translation_of(topic)}.items():
            page.goto(f"{live_server.url}{each.get_url()}suggestions/?order=supported")
            look(page, f"statuses-{code}-{scheme}")
            page.goto(f"{live_server.url}{each.get_url()}participate/suggestion/")
            look(page, f"form-{code}-{scheme}")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_desk_is_accessible(live_server, topic, client, language):
    from wagtail.users.models import UserProfile

    suggestion = make_suggestion(topic, now=timezone.now())
    user = make_user(superuser=True)
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language}
    )
    client.force_login(user)
    base = f"{live_server.url}/admin"
    desk = f"{base}/eparticipation/consultations/{topic.consultation_id}/suggestions"
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": base}]
        )
        page = watched(context.new_page())
        page.goto(f"{desk}/")
        shot(page, f"suggestion-desk-{language}")
        assert_accessible(page, "#listing-results")
        page.goto(f"{desk}/{suggestion.participation.public_id}/")
        shot(page, f"suggestion-status-{language}")
        assert_accessible(page, "main")
