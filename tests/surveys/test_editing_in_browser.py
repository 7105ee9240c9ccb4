"""What editors see beside a survey's editor, and readers of corrections."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
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
from tests.surveys.makers import (
    SHADE,
    TREES,
    in_english,
    make_survey,
    questions,
    respond,
    set_questions,
)
from tests.surveys.raw_makers import ask, further
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey():
    cache.clear()
    # Content types are made anew after each test with real transactions.
    get_form_types.cache_clear()
    now = timezone.now()
    with transaction.atomic():
        topic = make_consultation_page(
            opens_at=now - timedelta(days=25),
            closes_at=now + timedelta(days=3),
            policy_version=install_pack("qassim")[0],
        )
        made = make_survey(topic=topic)
        for page, language in ((made, "ar"), (in_english(made), "en")):
            ask(page, [*questions(language), *further(language)])
    return SurveyPage.objects.get(pk=made.pk)


def look(page):
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert_no_sideways_scroll(page)
        assert_accessible(page)
    assert_obeys_policy(page)


def signed_in(browser, client, live_server, **options):
    client.force_login(make_user(superuser=True))
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value}
    context = browser.new_context(**options)
    context.add_cookies([{**cookie, "url": live_server.url}])
    return watched(context.new_page())


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_an_editor_tries_a_survey_out(live_server, client, survey, script):
    with chromium() as browser:
        page = signed_in(browser, client, live_server, java_script_enabled=script)
        page.goto(
            live_server.url
            + reverse("eparticipation_admin:try_survey", args=[survey.pk])
        )
        page.locator("form.ep-form button[type=submit]").click()
        assert page.locator("[data-ep-error-summary]").is_visible()
        page.get_by_label("أشجار", exact=True).check()
        page.locator("form.ep-form button[type=submit]").click()
        assert "أشجار" in page.locator("section[role=status]").inner_text()
    assert not Participation.objects.exists()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_trials_and_corrections_read_well(live_server, client, survey, language):
    respond(survey)
    corrected = SurveyPage.objects.get(pk=survey.pk)
    raw = questions(**{TREES: "نخيل"})
    set_questions(corrected, [*raw, *further()])
    corrected.correction = "صُحّح نص الخيار الأول."
    corrected.save_revision().publish()
    shown = corrected if language == "ar" else in_english(survey)
    with chromium() as browser:
        page = signed_in(browser, client, live_server)
        trial = reverse("eparticipation_admin:try_survey", args=[shown.pk])
        page.goto(live_server.url + trial)
        page.locator(f"[name=q_{SHADE}][value='{TREES}']").check()
        page.locator("form.ep-form button[type=submit]").click()
        look(page)
        page.goto(live_server.url + shown.get_url())
        page.locator("#ep-survey-version").wait_for()
        page.locator("details.ep-disclosure > summary").first.click()
        look(page)
