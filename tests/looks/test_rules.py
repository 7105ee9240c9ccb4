"""Rules of the look that can be read from the files and the rendered markup."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils.safestring import mark_safe
from django.utils.translation import override

import wagtail_eparticipation
from wagtail_eparticipation.pages_context import public_context

ROOT = Path(wagtail_eparticipation.__file__).parent
STYLES = sorted((ROOT / "static/wagtail_eparticipation/css").glob("*.css"))
FRAME = ROOT / "templates/wagtail_eparticipation"
TEMPLATES = sorted([*FRAME.glob("*.html"), *(FRAME / "components").glob("*.html")])
ADMIN = re.compile(r"(?:admin|-desk)\.css$")
COMPONENT = "wagtail_eparticipation/components/{}.html"

PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)\b"
    r"|(?:left|right|top|bottom|float|width|height)\s*:"
    r"|text-align:\s*(?:left|right))",
    re.MULTILINE,
)
HARMS_ARABIC = re.compile(r"letter-spacing|italic|uppercase|text-align:\s*justify")


def tokens(scheme):
    """The colour tokens of one scheme; the dark ones lie over the light ones."""
    text = (ROOT / "static/wagtail_eparticipation/css/tokens.css").read_text()
    light, dark = text.split("@media screen and (prefers-color-scheme: dark)")
    pattern = re.compile(r"--ep-([a-z-]+):\s*(#[0-9a-f]{6})")
    found = dict(pattern.findall(light))
    return found | dict(pattern.findall(dark)) if scheme == "dark" else found


def contrast(one, other):
    """Contrast of two colours as WCAG 2 defines it, from 1 to 21."""

    def luminance(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


GROUNDS = ("ground", "surface", "surface-sunk", "accent-soft")
TEXT_PAIRS = [
    *[(ink, g) for ink in ("text", "text-muted", "accent-strong") for g in GROUNDS],
    *[("accent", ground) for ground in ("ground", "surface")],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-frame", "frame"),
    ("on-frame-muted", "frame"),
    *[(tone, f"{tone}-soft") for tone in ("info", "success", "warning", "danger")],
    *[("text", f"{tone}-soft") for tone in ("info", "success", "warning", "danger")],
    ("danger", "surface"),
    ("danger", "ground"),
    ("warning", "ground"),
]
EDGE_PAIRS = [
    *[("line-strong", ground) for ground in GROUNDS],
    *[("focus", ground) for ground in GROUNDS],
    ("accent", "surface-sunk"),
    *[(f"{t}-line", "ground") for t in ("info", "success", "warning", "danger")],
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_tokens_keep_a_contrast_of_four_and_a_half(scheme, ink, ground):
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_fields_and_focus_keep_a_contrast_of_three(scheme, edge, ground):
    colours = tokens(scheme)
    assert contrast(colours[edge], colours[ground]) >= 3


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_styles_use_logical_properties_only(style):
    assert PHYSICAL.findall(style.read_text()) == []


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_styles_do_nothing_that_harms_arabic_script(style):
    assert HARMS_ARABIC.findall(style.read_text()) == []


def test_colours_stand_in_the_tokens_alone():
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|\bhsl\(")
    for style in STYLES:
        if style.name not in {"tokens.css", "print.css"}:
            assert colour.findall(style.read_text()) == [], style.name


@pytest.mark.parametrize(
    "style",
    [path for path in STYLES if ADMIN.search(path.name)],
    ids=lambda path: path.name,
)
def test_admin_stylesheets_know_only_the_variables_of_wagtail(style):
    names = set(re.findall(r"var\((--[a-z0-9-]+)", style.read_text()))
    assert names
    assert {name for name in names if not name.startswith("--w-color-")} == set()


def test_every_public_stylesheet_is_linked():
    html = render_to_string("wagtail_eparticipation/stylesheets.html")
    linked = set(re.findall(r"/css/([a-z-]+\.css)", html))
    # The letters are sheets of paper of their own, printed by staff.
    others = {style.name for style in STYLES if ADMIN.search(style.name)}
    assert linked == {style.name for style in STYLES} - others - {"letters.css"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_style_or_script(template):
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "|safe" not in text


@pytest.mark.parametrize(
    "template",
    [path for path in TEMPLATES if path.parent.name == "components"],
    ids=lambda path: path.name,
)
def test_each_component_says_its_inputs(template):
    assert "Inputs" in template.read_text()


def test_what_a_citizen_wrote_is_escaped():
    html = render_to_string(
        COMPONENT.format("participation"),
        {
            "item": {
                "anchor": "p1",
                "name": "<b>نورة</b>",
                "text": "<script>alert(1)</script>",
                "reply_url": "/reply/",
            }
        },
    )
    assert "<script>" not in html
    assert "<bdi>&lt;b&gt;نورة&lt;/b&gt;</bdi>" in html


def test_cleaned_html_of_a_participation_is_shown_as_it_is():
    item = {"anchor": "p1", "html": mark_safe("<p>سطر<br>آخر</p>")}
    html = render_to_string(COMPONENT.format("participation"), {"item": item})
    assert "<p>سطر<br>آخر</p>" in html


def test_a_removed_participation_shows_no_word_of_its_own():
    item = {
        "anchor": "p1",
        "name": "نورة",
        "text": "كلام أُزيل",
        "removed": True,
        "reply_url": "/reply/",
    }
    html = render_to_string(COMPONENT.format("participation"), {"item": item})
    assert "كلام" not in html
    assert "نورة" not in html
    assert "/reply/" not in html
    assert 'id="p1"' in html


def test_an_official_reply_is_marked_in_words():
    item = {"anchor": "p1", "name": "إدارة التخطيط", "text": "شكرًا", "official": True}
    html = render_to_string(COMPONENT.format("participation"), {"item": item})
    assert "ep-post--official" in html
    assert 'class="ep-visually-hidden"' in html


def test_bars_are_drawn_with_machine_numbers_in_every_language():
    rows = [{"label": "أ", "count": 1, "share": 48.5, "share_text": "48.5%"}]
    with override_settings(LANGUAGE_CODE="ar", USE_THOUSAND_SEPARATOR=True):
        html = render_to_string(
            COMPONENT.format("bars_table"), {"caption": "س", "rows": rows}
        )
    assert 'width="48.5"' in html


def test_paging_shows_nothing_when_there_is_one_page():
    assert render_to_string(COMPONENT.format("pagination_by_key"), {}).strip() == ""


def test_our_base_template_is_used_when_the_site_names_none(rf):
    context = public_context(rf.get("/"))
    assert context["ep_base"] == "wagtail_eparticipation/base.html"


@override_settings(WAGTAIL_EPARTICIPATION={"BASE_TEMPLATE": "looks/host.html"})
def test_the_base_template_of_the_site_is_joined_when_it_names_one(rf):
    context = public_context(rf.get("/"))
    assert context["ep_base"] == "wagtail_eparticipation/hosted.html"
    assert context["ep_host_template"] == "looks/host.html"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_our_part_says_its_direction_in_any_host(language, direction):
    with override(language):
        html = render_to_string(
            "wagtail_eparticipation/hosted.html",
            {"ep_host_template": "looks/left_to_right.html"},
        )
    assert f'<div class="ep" lang="{language}" dir="{direction}">' in html
