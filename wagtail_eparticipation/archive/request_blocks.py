"""A frozen request for participation as blocks, for the report and the package."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from wagtail.rich_text import get_text_for_indexing

from wagtail_eparticipation.archive.report_blocks import (
    Block,
    bullets,
    facts,
    heading,
    note,
    table,
    text,
)
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.consultations.audience_modes import (
    AudienceMode,
    IdentityMode,
)
from wagtail_eparticipation.consultations.blocks import (
    ChannelKind,
    ParticipationLevel,
    cells_of,
)
from wagtail_eparticipation.consultations.models import Kind
from wagtail_eparticipation.consultations.request_reading import poll_words

Content = dict[str, Any]


def request_blocks(content: Content, language: str) -> Iterable[Block]:
    """The whole request in one language, in the order of P-5.1.2."""
    yield text(content.get("question", ""))
    yield text(content.get("summary", ""))
    yield facts(_facts(content, language))
    yield heading(_("Background"))
    yield from background(content)
    yield from draft_text(content)
    yield heading(_("What you can influence"))
    yield bullets(_lines(content.get("decision_open")))
    yield heading(_("What is already fixed"))
    yield bullets(_lines(content.get("already_fixed")))
    yield heading(_("Objectives"))
    yield bullets(item["value"] for item in content.get("objectives", []))
    yield from channels(content)
    yield from tools(content)
    yield from audience(content)
    yield heading(_("Initial situation and need"))
    yield from initial_situation(content)
    yield heading(_("Personal data"))
    yield facts(
        [
            (_("Basis of data processing"), content.get("privacy_basis", "")),
            (_("Purpose"), content.get("privacy_purpose", "")),
            (_("Recipients"), content.get("privacy_recipients", "")),
            (_("Retention"), content.get("privacy_retention", "")),
        ]
    )


def _facts(content: Content, language: str) -> list[tuple[str, str]]:
    department = content.get("department") or {}
    rows = [
        (_("Kind of topic"), _label(Kind, content.get("kind"))),
        (_("Responsible department"), department.get("name", "")),
        (_("Who decides"), content.get("decision_maker", "")),
        (_("Planned date of decision"), _day(content, "planned_decision_on", language)),
        (_("Opens on"), _day(content, "opens_on", language)),
        (_("Closes on"), _day(content, "closes_on", language)),
        (_("Who may take part"), _label(AudienceMode, content.get("audience_mode"))),
        (
            _("What participants show"),
            _label(IdentityMode, content.get("identity_mode")),
        ),
        (_("Place"), content.get("place", "")),
    ]
    return [(label, value) for label, value in rows if value]


def _day(content: Content, name: str, language: str) -> str:
    value = content.get(name)
    return date_words(date.fromisoformat(value), language) if value else ""


def _label(choices, value) -> str:
    return str(choices(value).label) if value in choices.values else ""


def _lines(value: str | None) -> list[str]:
    return [line.strip() for line in (value or "").splitlines() if line.strip()]


def background(content: Content) -> Iterable[Block]:
    """The background's words and tables; pictures by their text alternatives."""
    for block in content.get("background", []):
        value = block["value"]
        if block["type"] == "text":
            yield text(plain(value))
        elif block["type"] == "image" and value:
            alt = value["alt"] or value["title"]
            yield text(_("Image: %(alt)s") % {"alt": alt})
        elif block["type"] == "callout":
            yield note("\n".join(filter(None, [value.get("title"), value["text"]])))
        elif block["type"] == "table":
            yield _typed_table(value)
        elif block["type"] == "document" and value:
            yield text(_("Document: %(title)s") % {"title": value["title"]})


def draft_text(content: Content) -> Iterable[Block]:
    """The draft that was put forward, article by article (R-4.1a)."""
    found = articles.in_content(content, "")
    if found:
        yield heading(_("Draft text"))
    chapter = ""
    for article in found:
        if article.chapter != chapter:
            chapter = article.chapter
            yield text(chapter)
        yield text(f"{article.label}\n{plain(article.text)}")
        if article.note:
            yield note(article.note)


def _typed_table(value: Content) -> Block:
    """A table typed as lines with bars; each row gets as many cells as the head."""
    head = cells_of(value["header"])
    rows = []
    for line in value["rows"]:
        cells = cells_of(line)
        last = len(head) - 1
        rest = [" ".join(cells[last:])] if len(cells) > last else []
        row = [*cells[:last], *rest]
        rows.append([cell or "–" for cell in row + [""] * (len(head) - len(row))])
    return table(value["caption"], head, rows)


def plain(rich_text: str) -> str:
    """Rich text as paragraphs of plain text."""
    return get_text_for_indexing(rich_text or "").strip()


def channels(content: Content) -> Iterable[Block]:
    """The table of means (P-4.3)."""
    yield table(
        _("Ways to take part"),
        [_("Channel"), _("How to use it"), _("Counts formally"), _("Help")],
        [
            [
                _label(ChannelKind, item["value"]["kind"]),
                item["value"]["how"],
                _("yes") if item["value"]["counts_formally"] else _("no"),
                item["value"]["help_contact"],
            ]
            for item in content.get("channels", [])
        ],
        empty=_("None were named."),
    )


def tools(content: Content) -> Iterable[Block]:
    """What the tools of the page asked: categories of suggestions, and polls."""
    if categories := content.get("suggestion_categories"):
        yield heading(_("Categories of suggestions"))
        yield bullets(block["value"] for block in categories)
    if polls := content.get("polls"):
        yield heading(_("Polls"))
        yield bullets(poll_words(block) for block in polls)


def audience(content: Content) -> Iterable[Block]:
    """Segments with the expected impact on each (P-5.1.3, P-5.1.4)."""
    yield table(
        _("Audience and expected impact"),
        [_("Segment"), _("Why it matters"), _("Role"), _("Interests"), _("Reached by")],
        [
            [
                (item["value"]["segment"] or {}).get("name", "–"),
                item["value"]["importance"] or "–",
                _label(ParticipationLevel, item["value"]["role"]) or "–",
                item["value"]["interests"] or "–",
                item["value"]["reach"] or "–",
            ]
            for item in content.get("audience", [])
        ],
        empty=_("None were named."),
    )


def initial_situation(content: Content) -> Iterable[Block]:
    """The initial study and its indicators (R-5.1.1c)."""
    yield text(plain(content.get("initial_study", "")))
    indicators = content.get("indicators", [])
    if indicators:
        yield table(
            _("Indicators before the consultation"),
            [_("Indicator"), _("Value"), _("Source")],
            [
                [item["value"][key] or "–" for key in ("name", "value", "source")]
                for item in indicators
            ],
        )
