"""The page on which responses are exported, in a real browser."""

import os

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from wagtail.contrib.forms.utils import get_form_types
from wagtail.users.models import UserProfile

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.factories import DURING, make_user
from tests.surveys import export_makers as made
from wagtail_eparticipation import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey():
    cache.clear()
    # Content types are made anew after each test with real transactions.
    get_form_types.cache_clear()
    with transaction.atomic():
        made_one = made.make_long_survey()
    with clock.rehearse(DURING):
        made.answer_all(made_one)
    return made_one


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_form_is_filled_and_the_file_comes(live_server, survey, client, language):
    user = make_user(superuser=True)
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language}
    )
    client.force_login(user)
    base = f"{live_server.url}/admin/eparticipation/consultations"
    address = f"{base}/{survey.consultation.pk}/surveys/{survey.pk}/export/"
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 800})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": base}]
        )
        page = watched(context.new_page())
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            assert_no_sideways_scroll(page)
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(
                    path=f"{folder}/survey-export-{language}-{width}.png",
                    full_page=True,
                )
        assert_accessible(page, "main")
        page.locator("input[name=format][value=json]").check()
        with page.expect_download() as waiting:
            page.locator("main form button.button:not([type=button])").click()
        with open(waiting.value.path(), encoding="utf-8") as file:
            assert '"q01"' in file.read()
