"""A quick poll in a real browser: voted in, changed, its results seen as promised."""

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
from tests.factories import make_user
from tests.factories_pages import translation_of
from tests.surveys.poll_makers import SAILS, SHADE, make_topic
from wagtail_eparticipation.consultations.models import CollectionWindow
from wagtail_eparticipation.participations.models import Participation, State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 1280)


def make_open_topic(**fields):
    cache.clear()
    now = timezone.now()
    with transaction.atomic():
        return make_topic(
            opens_at=now - timedelta(days=25),
            closes_at=now + timedelta(days=3),
            **fields,
        )


def shot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def look(page, name):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_no_sideways_scroll(page)
        shot(page, f"poll-{name}-{width}")
    assert_accessible(page)
    assert_obeys_policy(page)


def vote(page, option):
    page.get_by_label(option, exact=True).check()
    page.locator("input[name=accept]").check()
    page.locator(SEND).click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_somebody_votes_sees_the_results_and_changes_the_vote(live_server, script):
    topic = make_open_topic(results="own_vote")
    address = live_server.url + topic.get_url()
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=script)
        page = watched(context.new_page())
        page.goto(address)
        assert not context.cookies()
        if script:
            look(page, "topic-ar")
        page.locator(f"a[href$='poll/{SHADE}/']").click()
        page.locator(SEND).click()
        assert page.locator("[data-ep-error-summary]").is_visible()
        if script:
            look(page, "errors-ar")
        vote(page, "أشجار")
        assert page.locator("#ep-receipt-code").is_visible()
        assert page.locator("table.ep-bars").is_visible()
        if script:
            look(page, "receipt-ar")

        page.goto(f"{address}poll/{SHADE}/")
        vote(page, "مظلات")
        assert page.locator("#ep-receipt-code").is_visible()

        page.goto(address)
        assert page.locator("table.ep-bars").count() == 0
        CollectionWindow.objects.update(closes_at=timezone.now() - timedelta(hours=1))
        # Somebody else: this browser still keeps the page of a moment ago.
        page = watched(browser.new_page(java_script_enabled=script))
        page.goto(address)
        assert page.locator("table.ep-bars").count() == 2
        if script:
            look(page, "results-ar")
    counted = Participation.objects.counted().get()
    assert counted.data["options"] == [SAILS]
    assert Participation.objects.filter(state=State.REPLACED).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_reads_well_in_both_languages(live_server, scheme):
    topic = make_open_topic(results="never")
    with chromium() as browser:
        page = watched(browser.new_page(color_scheme=scheme))
        for code, each in {"ar": topic, "en": translation_of(topic)}.items():
            page.goto(f"{live_server.url}{each.get_url()}poll/{SHADE}/")
            look(page, f"form-{code}-{scheme}")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_desk_of_polls_is_accessible(live_server, client, language):
    from wagtail.users.models import UserProfile

    topic = make_open_topic()
    user = make_user(superuser=True)
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language}
    )
    client.force_login(user)
    base = f"{live_server.url}/admin"
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": base}]
        )
        page = watched(context.new_page())
        desk = f"{base}/eparticipation/consultations/{topic.consultation_id}"
        page.goto(f"{desk}/polls/")
        shot(page, f"poll-desk-{language}")
        assert_accessible(page, "main")
        page.goto(f"{base}/pages/{topic.pk}/edit/#tab-means")
        shot(page, f"poll-editor-{language}")
