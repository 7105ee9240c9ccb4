"""A survey in a real browser: in both languages, narrow and wide, without script."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.forms.utils import get_form_types

from tests.browser import (
    SEND,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.factories import make_user
from tests.factories_pages import make_consultation_page
from tests.surveys.makers import (
    PLAY,
    REST,
    SAILS,
    SHADE,
    SPORT,
    TREES,
    USES,
    WORDS,
    in_english,
    make_survey,
    respond,
)
from wagtail_eparticipation.consultations.models import Act, CollectionWindow
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.models import SurveyResponse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 1280)


@pytest.fixture
def survey():
    cache.clear()
    # Content types are made anew after each test with real transactions.
    get_form_types.cache_clear()
    now = timezone.now()
    policy, _created = install_pack("qassim")
    with transaction.atomic():
        topic = make_consultation_page(
            opens_at=now - timedelta(days=25),
            closes_at=now + timedelta(days=3),
            policy_version=policy,
        )
        return make_survey(topic=topic)


def shot(page, name):
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def look(page, name):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_no_sideways_scroll(page)
        shot(page, f"survey-{name}-{width}")
    assert_accessible(page)
    assert_obeys_policy(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_somebody_answers_in_arabic_and_corrects_a_mistake(live_server, survey, script):
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=script)
        page = watched(context.new_page())
        page.goto(live_server.url + survey.get_url())
        if script:
            look(page, "page-ar")
        page.locator("a[href$='/answer/']").first.click()
        page.get_by_label("الراحة").check()
        page.get_by_label("ماذا تقترحون غير ذلك؟").fill("مقاعد تحت الأشجار")
        page.locator(SEND).click()

        assert page.locator("[data-ep-error-summary]").is_visible()
        assert page.get_by_label("الراحة").is_checked()
        if script:
            look(page, "errors-ar")
        page.get_by_label("أشجار", exact=True).check()
        page.locator("input[name=accept]").check()
        page.locator(SEND).click()

        assert page.locator("#ep-receipt-code").is_visible()
        assert not context.cookies()
    response = SurveyResponse.objects.get()
    assert {
        (row.option_id, response.own_words(row)) for row in response.answers.all()
    } == {
        (TREES, ""),
        (REST, ""),
        ("", "مقاعد تحت الأشجار"),
    }


def test_the_form_and_the_results_read_well_in_both_languages(live_server, survey):
    english = in_english(survey)
    with chromium() as browser:
        for scheme in ("light", "dark"):
            page = watched(browser.new_page(color_scheme=scheme))
            for code, each in {"ar": survey, "en": english}.items():
                page.goto(f"{live_server.url}{each.get_url()}answer/")
                look(page, f"form-{code}-{scheme}")
        _answer(survey, english)
        for scheme in ("light", "dark"):
            page = watched(browser.new_page(color_scheme=scheme))
            for code, each in {"ar": survey, "en": english}.items():
                page.goto(f"{live_server.url}{each.get_url()}")
                look(page, f"results-{code}-{scheme}")


def _answer(survey, english):
    for number in range(9):
        uses = [Answer(USES, [SPORT, REST, PLAY][number % 3])]
        words = [Answer(WORDS, text="Seats")] if number % 4 else []
        shade = Answer(SHADE, SAILS if number % 3 else TREES)
        respond(english if number % 3 else survey, shade, *uses, *words)
    CollectionWindow.objects.update(closes_at=timezone.now() - timedelta(hours=1))
    assert Participation.objects.count() == 9
    assert not Act.objects.exists()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_admin_views_of_a_survey_are_accessible(
    live_server, survey, client, language
):
    from wagtail.users.models import UserProfile

    _answer(survey, in_english(survey))
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
        for name, address, part in (
            ("desk", f"{desk}/", "main"),
            ("desk-results", f"{desk}/{survey.pk}/", "main"),
            ("responses", f"{base}/forms/submissions/{survey.pk}/", "#listing-results"),
            ("editor", f"{base}/pages/{survey.pk}/edit/", None),
        ):
            page.goto(address)
            shot(page, f"survey-{name}-{language}")
            if part:
                assert_accessible(page, part)
