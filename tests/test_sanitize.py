"""Hostile input comes out as harmless text; honest input comes out as it was."""

import json
import re
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.template import Context, Template
from django.utils.translation import override

from wagtail_eparticipation import sanitize

LIMIT = 10_000
OUR_TAGS = re.compile(r'<p dir="auto">|</p>|<br>')
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
CASES = json.loads((Path(__file__).parent / "hostile_inputs.json").read_text())
CLEANERS = ["bleach_cleaner"] + (["nh3_cleaner"] if find_spec("nh3") else [])


def text_of(case):
    spec = case["input"]
    if isinstance(spec, str):
        return spec
    opening = spec["repeat"] * spec["times"]
    return opening + spec.get("then", "") + spec.get("close", "") * spec["times"]


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


SHORT = [case for case in CASES if len(text_of(case)) <= LIMIT]
HUGE = [case for case in CASES if len(text_of(case)) > 2 * LIMIT]


def test_every_hostile_input_is_short_or_huge():
    assert len(SHORT) + len(HUGE) == len(CASES)
    assert len(HUGE) >= 4


@pytest.mark.parametrize("case", named(SHORT))
def test_plain_text_holds_nothing_a_reader_cannot_see(case):
    assert not UNSEEN.search(sanitize.plain(text_of(case), max_length=LIMIT))


@pytest.mark.parametrize("case", named(SHORT))
def test_plain_text_made_plain_again_is_the_same(case):
    once = sanitize.plain(text_of(case), max_length=LIMIT)
    assert sanitize.plain(once, max_length=LIMIT) == once


@pytest.mark.parametrize("cleaner", CLEANERS)
@pytest.mark.parametrize("case", named(SHORT))
def test_no_markup_of_the_author_survives(case, cleaner, settings):
    settings.WAGTAIL_EPARTICIPATION = {
        "SANITIZER": f"wagtail_eparticipation.sanitize.{cleaner}"
    }
    text = sanitize.plain(text_of(case), max_length=LIMIT)
    html = sanitize.clean_html(text)
    without_ours = OUR_TAGS.sub("", html)
    assert "<" not in without_ours
    assert ">" not in without_ours
    assert html.count("<p ") == html.count("</p>")
    assert not UNSEEN.search(unescape(html))


@pytest.mark.parametrize("case", named(c for c in SHORT if "html" in c))
def test_known_inputs_become_known_html(case):
    text = sanitize.plain(text_of(case), max_length=LIMIT)
    assert sanitize.clean_html(text) == case["html"]


@pytest.mark.parametrize("case", named(SHORT))
def test_output_stays_within_a_multiple_of_the_input(case):
    text = sanitize.plain(text_of(case), max_length=LIMIT)
    assert len(sanitize.clean_html(text)) <= 30 * len(text) + 30


@pytest.mark.parametrize("case", named(HUGE))
def test_huge_text_is_refused_before_any_work(case, monkeypatch):
    def worked(*args):
        raise AssertionError("the text was worked on")

    class Refusing:
        sub = worked

    monkeypatch.setattr(sanitize, "_INVISIBLE", Refusing())
    monkeypatch.setattr(sanitize, "_LINE_ENDS", Refusing())
    with pytest.raises(sanitize.TextTooLong) as refusal:
        sanitize.plain(text_of(case), max_length=LIMIT)
    assert refusal.value.max_length == LIMIT
    assert refusal.value.length > 2 * LIMIT


@pytest.mark.parametrize(
    ("length", "accepted"),
    [(9, True), (10, True), (11, False), (20, False), (21, False)],
)
def test_the_limit_counts_characters_of_the_result(length, accepted):
    if accepted:
        assert len(sanitize.plain("ن" * length, max_length=10)) == length
    else:
        with pytest.raises(sanitize.TextTooLong):
            sanitize.plain("ن" * length, max_length=10)


def test_line_ends_that_a_browser_doubles_do_not_count_twice():
    assert sanitize.plain("a\r\n" * 3 + "b", max_length=7) == "a\na\na\nb"


def test_a_form_can_show_the_refusal_in_the_readers_language():
    refusal = sanitize.TextTooLong(12, 10)
    assert isinstance(refusal, ValidationError)
    with override("en"):
        assert refusal.messages == [
            "The text is too long: 12 characters, where at most 10 are accepted. "
            "Please shorten it and send it again."
        ]


def test_the_site_chooses_its_cleaner(settings):
    settings.WAGTAIL_EPARTICIPATION = {"SANITIZER": f"{__name__}.shouting_cleaner"}
    assert sanitize.clean_html("a\nb") == '<p dir="auto">A<br>B</p>'


def shouting_cleaner(text):
    return text.upper()


def test_naming_nh3_without_having_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(sanitize, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="pip install nh3"):
        sanitize.nh3_cleaner("x")


def test_stored_html_is_rendered_without_a_second_escape():
    stored = sanitize.clean_html("A & B")
    page = Template("{{ text }}").render(Context({"text": sanitize.as_safe(stored)}))
    assert page == '<p dir="auto">A &amp; B</p>'


@pytest.mark.parametrize(
    "text",
    ["", "نص عربي\n\nبسطرين", "a\tb; c\u00a0d", "٣٤ % #1", "\u200cفا\u200dرسی", "🌳🌴"],
)
def test_a_text_without_markup_is_what_the_cleaner_would_give(text):
    from bleach import clean

    assert sanitize.bleach_cleaner(text) == text
    assert clean(text, tags=set(), attributes={}, strip=True) == text
