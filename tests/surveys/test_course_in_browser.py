"""A survey of three pages with conditions, answered by invitation, then changed."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.forms.utils import get_form_types

from tests.browser import SEND, chromium, watched
from tests.factories_pages import make_consultation_page
from tests.participations.inviting import by_invitation, make_invited
from tests.surveys import wide_makers as wide
from tests.surveys.makers import in_english
from tests.surveys.test_in_browser import look, shot
from wagtail_eparticipation.consultations.models import CollectionWindow
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.models import SurveyAnswer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEXT, BACK = "button[name=go][value=next]:visible", "button[name=go][value=back]"


@pytest.fixture
def survey():
    cache.clear()
    get_form_types.cache_clear()
    now = timezone.now()
    policy, _created = install_pack("qassim")
    with transaction.atomic():
        topic = make_consultation_page(
            opens_at=now - timedelta(days=25),
            closes_at=now + timedelta(days=3),
            policy_version=policy,
        )
        return wide.make_wide_survey(topic=topic)


def field(page, key):
    return page.locator(f"[name='q_{key}']")


def choose(page, key, value):
    page.locator(f"[name='q_{key}'][value='{value}']").check()


def item(page, key):
    return page.locator(".ep-item").filter(has=page.locator(f"[name^='q_{key}']"))


def answer_all(page, *, script, seen):
    choose(page, wide.VISITS, "yes")
    if script:
        assert not item(page, wide.WHY_NOT).is_visible()
        assert item(page, wide.HOW_OFTEN).is_visible()
        choose(page, wide.VISITS, "no")
        assert item(page, wide.WHY_NOT).is_visible()
        assert not item(page, wide.HOW_OFTEN).is_visible()
        choose(page, wide.VISITS, "yes")
    else:
        assert page.locator("[data-ep-only-if]").first.is_visible()
    choose(page, wide.HOW_OFTEN, "other")
    page.locator(f"[name='q_{wide.HOW_OFTEN}_other']").fill("1")
    seen("first")
    page.locator(NEXT).click()
    choose(page, wide.QUALITY, "4")
    choose(page, wide.CLEAN, wide.GOOD)
    choose(page, wide.SAFE, wide.POOR)
    if script:
        row = page.locator(".ep-ranking__row").nth(1)
        row.locator("button").first.focus()
        page.keyboard.press("Enter")
        assert page.locator(".ep-ranking__row select").first.input_value() == "1"
    else:
        for place, each in enumerate((wide.LIGHTS, wide.PATHS, wide.SEATS), start=1):
            page.locator(f"[name='q_{wide.ORDER}_{each}']").select_option(str(place))
    seen("second")
    page.locator(NEXT).click()
    field(page, wide.AGE).fill("٣٤")
    field(page, wide.SINCE).fill("2020-02-29")
    field(page, wide.ADDRESS).fill("a@example.org")
    choose(page, wide.WISHES, wide.WATER)
    field(page, wide.DISTRICT).select_option(wide.NORTH)
    seen("third")
    page.locator(BACK).click()
    page.locator(NEXT).click()
    assert field(page, wide.AGE).input_value() == "٣٤"
    page.locator(NEXT).click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_invited_people_answer_change_an_answer_and_read_the_results(
    live_server, survey, language, script
):
    with transaction.atomic():
        (code,) = make_invited(by_invitation(survey.topic_page))
    page_of = survey if language == "ar" else in_english(survey)
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=script)
        page = watched(context.new_page())
        page.goto(f"{live_server.url}{page_of.get_url()}answer/")

        def seen(name):
            if script:
                look(page, f"course-{name}-{language}")
            else:
                shot(page, f"survey-course-{name}-{language}-noscript")

        page.locator(NEXT).click()
        assert page.locator("[data-ep-error-summary]").is_visible()
        answer_all(page, script=script, seen=seen)
        assert page.locator(".ep-review").count() == 3
        seen("review")
        page.locator("[name=invitation]").fill(code)
        page.locator("[name=accept]").check()
        page.locator(SEND).click()
        assert page.locator("#ep-receipt-code").is_visible()
        seen("receipt")
        page.locator("a[href$='/change/']").click()
        if script:
            assert item(page, wide.QUALITY).is_visible()
        choose(page, wide.QUALITY, "2")
        seen("change")
        with page.expect_navigation():
            page.locator("form.ep-form .ep-actions button").last.click()
        CollectionWindow.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
        page.goto(live_server.url + page_of.get_url())
        assert page.locator("#ep-outcome").is_visible()
        assert not page.locator("a[href$='/answer/']").count()
        seen("results")
    row = Participation.objects.get()
    assert row.revision == 2
    answers = SurveyAnswer.objects.filter(response__participation=row)
    assert answers.get(question_id=wide.QUALITY).option_id == "2"
    ranked = answers.filter(question_id=wide.ORDER).order_by("number")
    assert list(ranked.values_list("option_id", flat=True)) == [
        wide.LIGHTS,
        wide.PATHS,
        wide.SEATS,
    ]
