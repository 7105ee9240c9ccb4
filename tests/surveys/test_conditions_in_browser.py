"""The editor of conditions in a real browser, in both languages (R-4.1d)."""

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from wagtail.contrib.forms.utils import get_form_types
from wagtail.users.models import UserProfile

from tests.browser import (
    assert_accessible,
    assert_console_silent,
    assert_obeys_policy,
    chromium,
    watched,
)
from tests.factories import make_user
from tests.surveys.makers import SAILS, SHADE, TREES, make_survey, questions
from tests.surveys.raw_makers import (
    AGE,
    FIRST_ROW,
    MATRIX,
    SECOND_ROW,
    WHY,
    ask,
    further,
)
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAST = 7
FIRST_RULE = f"questions-{LAST}-value-show_if-rules-0-value"
SECOND_RULE = f"questions-{LAST}-value-show_if-rules-1-value"


@pytest.fixture
def survey():
    # Content types are made anew after each test with real transactions.
    get_form_types.cache_clear()
    with transaction.atomic():
        made = make_survey(languages=("ar",))
        ask(made, [*questions(), *further()])
    return made


@pytest.fixture(params=["ar", "en"])
def editor(request, live_server, client, survey):
    """The page editor, open in a browser with the admin in one language."""
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=request.param)
    client.force_login(user)
    base = live_server.url
    address = base + reverse("wagtailadmin_pages:edit", args=[survey.pk])
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": base}
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 1200})
        context.add_cookies([cookie])
        page = watched(context.new_page())
        page.set_default_timeout(10_000)
        page.goto(address)
        page.wait_for_selector("select[data-ep-choices]", state="attached")
        direction = "rtl" if request.param == "ar" else "ltr"
        assert page.locator("html").get_attribute("dir") == direction
        yield page
        assert_obeys_policy(page)
        assert_console_silent(page)


def open_condition(page, number=LAST):
    page.locator(
        f"[aria-controls='block_group-questions-{number}-value-show_if-content']"
    ).click()


def choices(page, name):
    """The list in the place of an input, as its values and texts."""
    options = page.locator(f"#{name} + select option")
    return dict(
        zip(
            options.evaluate_all("all => all.map((each) => each.value)"),
            options.all_inner_texts(),
            strict=True,
        )
    )


def draft_rules(survey):
    page = SurveyPage.objects.get(pk=survey.pk).get_latest_revision_as_object()
    (question,) = [each for each in page.questions_list() if each.id == WHY]
    return [(r.question, r.operator, r.value) for r in question.show_if.rules]


def save(page):
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.wait_for_selector("select[data-ep-choices]", state="attached")


def test_a_closed_condition_says_in_words_on_what_it_depends(editor):
    heading = editor.locator(f"#block_group-questions-{LAST}-value-show_if-heading")

    assert not editor.locator(f"[name={FIRST_RULE}-question]").is_visible()
    assert "1. أي تظليل تفضلون؟" in heading.inner_text()
    assert SHADE not in heading.inner_text()
    without = editor.locator("#block_group-questions-0-value-show_if-heading")
    assert without.locator("[data-panel-heading-text]").inner_text() == ""


def test_earlier_questions_and_their_options_are_offered(editor):
    open_condition(editor)

    asked = choices(editor, f"{FIRST_RULE}-question")
    assert asked[SHADE] == "1. أي تظليل تفضلون؟"
    assert asked[FIRST_ROW] == "4. كيف تقيّمون ما يأتي؟ – النظافة"
    assert SECOND_ROW in asked and AGE in asked
    assert not {MATRIX, WHY} & set(asked)
    offered = choices(editor, f"{FIRST_RULE}-value")
    assert (offered[TREES], offered[SAILS]) == ("أشجار", "مظلات")
    # A number is compared with a number.
    figure = editor.locator(f"#{SECOND_RULE}-value")
    assert figure.is_visible() and figure.input_value() == "3"
    assert_accessible(editor, f"#block_group-questions-{LAST}-value-show_if-section")


def test_a_rule_is_changed_with_the_keyboard_and_saved(editor, survey):
    open_condition(editor)
    label = editor.locator(f"label[for={FIRST_RULE}-value]")
    chosen = editor.locator(f"#{FIRST_RULE}-value + select")
    assert chosen.get_attribute("aria-labelledby") == label.get_attribute("id")

    chosen.focus()
    editor.keyboard.press("ArrowDown")
    assert editor.evaluate("document.activeElement.tagName") == "SELECT"
    editor.locator(f"#{SECOND_RULE}-question + select").select_option(FIRST_ROW)
    editor.locator(f"#{SECOND_RULE}-operator").select_option("not_answered")
    editor.locator(f"#{SECOND_RULE}-value").wait_for(state="hidden")
    save(editor)

    assert draft_rules(survey) == [
        (SHADE, "is", SAILS),
        (FIRST_ROW, "not_answered", ""),
    ]


def test_lists_follow_when_questions_are_renamed_moved_and_taken_out(editor, survey):
    open_condition(editor)
    editor.fill("[name=questions-0-value-question]", "أي ظل؟")
    editor.wait_for_function(
        "name => document.getElementById(name).nextElementSibling"
        ".selectedOptions[0].text === '1. أي ظل؟'",
        arg=f"{FIRST_RULE}-question",
    )
    block = editor.locator(f"[data-contentpath='{SHADE}']")
    block.locator("[data-streamfield-action=MOVE_DOWN]").first.click()
    editor.wait_for_function(
        "name => document.getElementById(name).nextElementSibling"
        ".selectedOptions[0].text === '2. أي ظل؟'",
        arg=f"{FIRST_RULE}-question",
    )
    block.locator("[data-streamfield-action=DELETE]").first.click()
    editor.locator(f"#{FIRST_RULE}-question + select").focus()
    editor.wait_for_function(
        "([name, id]) => document.getElementById(name).nextElementSibling"
        ".selectedOptions[0].text.includes(id)",
        arg=[f"{FIRST_RULE}-question", SHADE],
    )
    assert choices(editor, f"{FIRST_RULE}-question")[AGE].startswith("4. ")


def test_a_question_that_was_just_added_can_be_asked_about(editor, survey):
    insert = "[data-streamfield-stream-container] > div > button.c-sf-add-button"
    editor.locator(insert).first.click()
    editor.locator("[role=option]").filter(
        has=editor.locator("use[href='#icon-check']")
    ).first.click()
    editor.locator("[name=questions-8-value-question]").fill("هل تسكنون هنا؟")
    open_condition(editor)
    asked = editor.locator(f"#{FIRST_RULE}-question + select")
    new = editor.input_value("[name=questions-8-id]")
    asked.locator(f"option[value='{new}']").wait_for(state="attached")
    asked.select_option(new)
    value = editor.locator(f"#{FIRST_RULE}-value + select")
    value.locator("option[value=yes]").wait_for(state="attached")
    value.select_option("yes")
    save(editor)

    assert draft_rules(survey)[0] == (new, "is", "yes")
