"""Every component in a real browser: both languages, both themes, three widths."""

import pytest

from tests.browser import (
    assert_accessible,
    assert_console_silent,
    assert_no_sideways_scroll,
    assert_obeys_policy,
    watched,
)
from tests.looks.guide import PAGES

pytestmark = pytest.mark.browser

LANGUAGES = ("ar", "en")
SCHEMES = ("light", "dark")
WIDTHS = (320, 768, 1440)


@pytest.fixture
def open_page(browser, guide):
    """``open_page("ar", "topic", width=320, color_scheme="dark")``."""
    contexts = []

    def opened(language, name, *, width=1440, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        page = watched(context.new_page())
        page.goto(f"{guide}/{language}/{name}/")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_at_any_width(open_page, language, name, scheme):
    page = open_page(language, name, color_scheme=scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_live_under_a_strict_content_security_policy(open_page, language, name):
    page = open_page(language, name)
    assert_obeys_policy(page)
    assert_console_silent(page)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(open_page, language, name, width):
    assert_no_sideways_scroll(open_page(language, name, width=width))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_its_panel_on_a_telephone(open_page, name):
    page = open_page("ar", name, width=320)
    spilling = page.evaluate(
        """() => [...document.querySelectorAll('.ep-panel, .ep-card, .ep-post')]
            .filter(box => box.scrollWidth > box.clientWidth + 1)
            .map(box => box.className)"""
    )
    assert spilling == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_forced_colours(open_page, name):
    page = open_page("ar", name, forced_colors="active", reduced_motion="reduce")
    assert_accessible(page)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_the_page_says_its_language_and_direction(open_page, language, direction):
    html = open_page(language, "topic").locator("html")
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == direction


def test_the_first_tab_leads_past_the_header(open_page):
    page = open_page("ar", "topic")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#ep-main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ep-main"


def test_exactly_one_stage_is_the_current_one(open_page):
    page = open_page("ar", "topic")
    stages = page.locator(".ep-stages__list > li")
    assert stages.count() == 6
    current = page.locator(".ep-stages__list > [aria-current=step]")
    assert current.count() == 1
    assert "الجمع" in current.inner_text()


@pytest.mark.parametrize(("language", "grows_from"), [("ar", "right"), ("en", "left")])
def test_bars_grow_from_where_the_line_begins(open_page, language, grows_from):
    page = open_page(language, "results")
    edges = page.evaluate(
        """() => {
            const bar = document.querySelector('.ep-bar').getBoundingClientRect();
            const rect = document.querySelector('.ep-bar rect').getBoundingClientRect();
            return {left: Math.abs(bar.left - rect.left),
                    right: Math.abs(bar.right - rect.right),
                    share: rect.width / bar.width};
        }"""
    )
    assert edges[grows_from] < 1
    assert edges["share"] == pytest.approx(0.485, abs=0.01)


def test_a_voice_in_the_other_language_reads_in_its_own_direction(open_page):
    text = open_page("ar", "topic").locator(".ep-post__text[lang=en]")
    assert text.evaluate("element => getComputedStyle(element).direction") == "ltr"


def test_the_error_summary_takes_the_focus(open_page):
    page = open_page("ar", "errors")
    assert page.evaluate("document.activeElement.matches('.ep-error-summary')")


def test_each_error_leads_to_its_field(open_page):
    page = open_page("en", "errors")
    links = page.locator(".ep-error-summary a")
    assert links.count() == 3
    for place in range(3):
        target = links.nth(place).get_attribute("href")
        links.nth(place).click()
        assert page.evaluate("'#' + document.activeElement.id") == target


def test_a_field_is_described_by_its_hint_and_its_error(open_page):
    page = open_page("en", "errors")
    described = page.evaluate(
        """() => document.getElementById('id_text').getAttribute('aria-describedby')
            .split(' ').map(id => document.getElementById(id).innerText).join(' ')"""
    )
    assert "Write in your own language" in described
    assert "Write what you want to say." in described


def test_the_counter_follows_the_typing_and_warns_past_the_limit(open_page):
    page = open_page("en", "form")
    count = page.locator(".ep-field__count")
    text = "شكرًا 🌳\nسطر"
    page.fill("#id_text", text)
    assert count.inner_text() == f"Characters: {len(text)} of 10,000"
    page.fill("#id_text", "a" * 10_001)
    assert "10,001" in count.inner_text()
    assert "ep-field__count--over" in count.get_attribute("class")
    assert_accessible(page)


def test_a_second_press_sends_nothing_and_the_first_keeps_its_button(open_page):
    page = open_page("en", "form")
    sent = []

    def hold(route):
        if "act=" in route.request.url:
            sent.append(route.request.url)
            page.wait_for_timeout(300)
        route.continue_()

    page.route("**/form/?*", hold)
    page.evaluate(
        """() => { const button = document.querySelector('[value=send]');
                   button.click(); button.click(); }"""
    )
    page.wait_for_url("**act=send*")
    assert len(sent) == 1


def test_a_form_can_be_sent_without_script(open_page):
    page = open_page("ar", "form", java_script_enabled=False)
    page.fill("#id_text", "أقترح زيادة الظل")
    page.click("[value=send]")
    assert "act=send" in page.url


def test_the_copy_button_copies_the_code_and_says_so(open_page):
    page = open_page("en", "receipt", permissions=["clipboard-read", "clipboard-write"])
    page.click("[data-ep-copy]")
    page.wait_for_function(
        "document.querySelector('[data-ep-copy-status]').textContent !== ''"
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "7K3M-9QXD-2VHT-P4RW"
    assert_accessible(page)


def test_without_script_no_copy_button_is_offered(open_page):
    page = open_page("en", "receipt", java_script_enabled=False)
    assert not page.locator("[data-ep-copy]").is_visible()
    assert page.locator(".ep-receipt__value").is_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_after_filters_are_opened(open_page, scheme):
    page = open_page("ar", "hub", color_scheme=scheme)
    page.locator("summary").nth(1).click()
    page.locator("summary").nth(1).press("Tab")
    page.keyboard.press("Space")
    assert page.locator("details[open]").count() == 2
    assert_accessible(page)


def test_paper_gets_the_words_without_the_controls(open_page):
    page = open_page("ar", "topic", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".ep-languages").is_visible()
    assert page.locator("h1").is_visible()
    ink = page.locator("h1").evaluate("element => getComputedStyle(element).color")
    assert ink == "rgb(0, 0, 0)"
    tag = page.locator(".ep-tag--accent").first
    assert tag.evaluate("element => getComputedStyle(element).color") == ink


@pytest.mark.parametrize("scheme", SCHEMES)
def test_pages_live_in_the_base_template_of_the_host(open_page, scheme):
    page = open_page("ar", "hosted", color_scheme=scheme)
    assert page.locator("#host-brand").is_visible()
    assert page.locator(".ep-site-header").count() == 0
    assert page.locator("h1").count() == 1
    assert page.title() == "إعادة تصميم ميدان السوق القديم"
    assert_accessible(page)
    assert_obeys_policy(page)


def test_host_pages_and_ours_do_not_share_rules(open_page):
    page = open_page("ar", "hosted", color_scheme="dark")
    font = page.locator("#host-brand").evaluate(
        "element => getComputedStyle(element).fontFamily"
    )
    assert "Noto Sans Arabic" not in font
