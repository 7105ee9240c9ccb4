"""Hub and topic in a real browser: accessible, narrow, without script; the editor."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse

from tests.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    chromium,
    watched,
)
from tests.consultations.makers import make_topic
from tests.factories import make_user
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.completeness import missing_items
from wagtail_eparticipation.consultations.models import CollectionWindow
from wagtail_eparticipation.consultations.stages import Stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(live_server):
    """Static files and the host name as the live server has them."""
    with override_settings(DEBUG=False):
        yield live_server.url


@pytest.fixture
def topic():
    """A topic that is open now: the live server asks the real clock."""
    page = make_consultation_page(consultation=make_topic())
    now = clock.now()
    CollectionWindow.objects.update(
        opens_at=now - timedelta(days=3), closes_at=now + timedelta(days=9)
    )
    return page


OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
IS_SEEN = "each => each.checkVisibility({contentVisibilityAuto: true})"
ADDRESSES = ["hub", "topic", "request", "handled", "nothing"]


def address_of(name, language, topic):
    page = topic if language == "ar" else translation_of(topic)
    return {
        "hub": f"/{language}/participation/",
        "nothing": f"/{language}/participation/?q=zzz&stage=closed",
        "topic": page.url,
        "request": f"{page.url}request/1/",
        "handled": f"{page.url}handled/",
    }[name]


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("en", "light")])
def test_public_pages_are_accessible_and_fit_a_telephone(
    scheme, language, browser, served, topic
):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 320, "height": 640}
    )
    page = watched(context.new_page())
    for name in ADDRESSES:
        page.goto(served + address_of(name, language, topic))
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    context.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_way_to_take_part_is_read_on_a_telephone_without_scrolling(
    language, browser, served, topic
):
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(served + address_of("topic", language, topic))
    table = page.locator("table", has=page.locator("caption")).first
    for cell in table.locator("tbody :is(th, td)").all():
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    when = table.locator("tbody td").nth(1)
    assert when.get_attribute("data-label") in ("When", "الوقت")
    page.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_on_paper_everybody_reads_how_the_topic_affects_them(
    language, browser, served, topic
):
    page = browser.new_page()
    page.goto(served + address_of("topic", language, topic))
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    words = page.locator(".ep-audience p").first
    assert not words.evaluate(IS_SEEN)
    page.emulate_media(media="print")
    assert words.evaluate(IS_SEEN)
    page.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_searching_and_filtering_work_without_script(language, browser, served, topic):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/{language}/participation/")
    page.fill("input[name=q]", "حديقه النخيل")
    page.press("input[name=q]", "Enter")
    assert page.locator(".ep-card").count() == 1
    page.check("input[name=stage][value=open]")
    page.click(".ep-filters button[type=submit]")
    assert "stage=open" in page.url
    assert "q=" in page.url
    assert page.locator(".ep-card").count() == 1
    assert context.cookies() == []
    context.close()


def sign_in(page, served, user):
    page.goto(served + reverse("wagtailadmin_login"))
    page.fill("input[name=username]", user.get_username())
    page.fill("input[name=password]", "demo")
    page.click("form button[type=submit]")
    page.wait_for_load_state()


def incomplete_draft():
    draft = make_consultation_page(
        stage=Stored.DRAFT, consultation=make_topic(stored=Stored.DRAFT)
    )
    draft.privacy_purpose = ""
    draft.save_revision()
    return draft


def test_a_link_in_the_editor_to_a_missing_item_opens_its_tab(browser, served):
    draft = incomplete_draft()
    context = browser.new_context(locale="en")
    page = watched(context.new_page())
    sign_in(page, served, make_user("boss", superuser=True))
    page.goto(served + reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    assert not page.locator("#ask-privacy_purpose").is_visible()
    page.locator("a[href='#ask-privacy_purpose']").click()
    page.wait_for_selector("#ask-privacy_purpose", state="visible")
    context.close()


def test_a_link_from_elsewhere_opens_the_editor_at_the_field(browser, served):
    draft = incomplete_draft()
    context = browser.new_context(locale="en")
    page = context.new_page()
    sign_in(page, served, make_user("boss", superuser=True))
    missing = missing_items(draft.get_latest_revision_as_object())
    (item,) = (each for each in missing if each.field == "privacy_purpose")
    page.goto(served + item.url)
    page.wait_for_selector("#ask-privacy_purpose", state="visible")
    context.close()


def test_the_editor_is_accessible(browser, served):
    draft = make_consultation_page(
        stage=Stored.DRAFT, consultation=make_topic(stored=Stored.DRAFT)
    )
    context = browser.new_context(locale="ar")
    page = watched(context.new_page())
    sign_in(page, served, make_user("boss", superuser=True))
    page.goto(served + reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    assert_accessible(page, "[id='panel-child-definition-section'], .help-block")
    context.close()
