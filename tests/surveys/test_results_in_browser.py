"""Results of every kind in a real browser: both directions, narrow, on paper."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.forms.utils import get_form_types

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.factories import make_user
from tests.factories_pages import make_consultation_page
from tests.surveys.every_kind import fill, key, make_every_kind
from tests.surveys.makers import in_english
from wagtail_eparticipation.consultations.models import CollectionWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey():
    cache.clear()
    # Content types are made anew after each test with real transactions.
    get_form_types.cache_clear()
    now = timezone.now()
    with transaction.atomic():
        topic = make_consultation_page(
            opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=3)
        )
        made = make_every_kind(topic=topic)
        fill(made)
    CollectionWindow.objects.update(closes_at=now - timedelta(hours=1))
    return made


def shot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_public_reads_them_in_both_directions_and_without_script(
    live_server, survey
):
    with chromium() as browser:
        for script in (True, False):
            context = browser.new_context(java_script_enabled=script)
            page = watched(context.new_page())
            for code, each in {"ar": survey, "en": in_english(survey)}.items():
                page.goto(live_server.url + each.get_url())
                assert page.locator(".ep-bars").count() == 4
                assert page.locator("svg.ep-bar").first.is_visible()
                if not script:
                    continue
                for width in (320, 1280):
                    page.set_viewport_size({"width": width, "height": 800})
                    assert_no_sideways_scroll(page)
                    shot(page, f"outcome-{code}-{width}")
                assert_accessible(page)
                assert_obeys_policy(page)
                page.emulate_media(media="print")
                shot(page, f"outcome-{code}-paper")
                assert page.locator("caption").first.is_visible()
                page.emulate_media(media="screen")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_staff_read_them_split_and_word_by_word(live_server, survey, client, language):
    from wagtail.users.models import UserProfile

    user = make_user(superuser=True)
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language}
    )
    client.force_login(user)
    base = f"{live_server.url}/admin"
    desk = f"{base}/eparticipation/consultations/{survey.consultation.pk}/surveys"
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": base}]
        )
        page = watched(context.new_page())
        for name, address in (
            ("plain", f"{desk}/{survey.pk}/"),
            ("split", f"{desk}/{survey.pk}/?split=language&people=1"),
            ("words", f"{desk}/{survey.pk}/words/{key('text')}/"),
        ):
            page.goto(address)
            shot(page, f"desk-{name}-{language}")
            assert_accessible(page, "main")
