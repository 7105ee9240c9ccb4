"""A frozen request as people read it: headings with text, lists and tables.

Needs neither page nor database, so the archive's package can show it too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation import telephones
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
from wagtail_eparticipation.consultations.request_fields import Tool

_BREAKS = re.compile(r"<(?:/p|/li|/h\d|br\s*/?|/tr)>", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One heading of the request.

    ``kind`` says what ``data`` is: ``text`` (lines), ``list`` (texts), ``facts``
    (pairs of label and text), ``table`` (``head`` and rows), ``rich`` (HTML source
    of the editor; :func:`plain_lines` makes text of it).
    """

    heading: str
    kind: str
    data: Any
    head: tuple[str, ...] = ()


def plain_lines(html: str) -> list[str]:
    """The words of an editor's HTML, one entry per paragraph or list item."""
    text = unescape(strip_tags(_BREAKS.sub("\n", html or "")))
    return [line.strip() for line in text.splitlines() if line.strip()]


def readable(content: dict[str, Any], language: str) -> list[Part]:
    """The content of one language in the order of P-5.1.2, without what is empty."""
    with override(language):
        parts = list(_parts(content))
    return [part for part in parts if part.data]


def _parts(content: dict[str, Any]) -> Iterable[Part]:
    get = content.get
    yield Part(_("Question"), "text", _lines(get("question")))
    yield Part(_("What it is about"), "text", _lines(get("summary")))
    yield Part(_("What you can influence"), "list", _lines(get("decision_open")))
    yield Part(_("What is already fixed"), "list", _lines(get("already_fixed")))
    yield from _background(get("background") or [])
    yield from _articles(content)
    yield Part(_("Objectives"), "list", [b["value"] for b in get("objectives") or []])
    yield Part(_("Initial situation"), "rich", get("initial_study") or "")
    yield _rows(
        _("Indicators"),
        get("indicators"),
        (("name", _("Indicator")), ("value", _("Value")), ("source", _("Source"))),
    )
    yield Part(_("Period"), "facts", _period(content))
    yield _channels(get("channels") or [])
    yield Part(_("Tools"), "list", _labels(Tool, get("tools") or []))
    yield Part(
        _("Categories of suggestions"),
        "list",
        [b["value"] for b in get("suggestion_categories") or []],
    )
    yield Part(_("Polls"), "list", [poll_words(b) for b in get("polls") or []])
    yield Part(_("Responsible entity"), "facts", _entity(content))
    yield Part(_("Who may take part"), "facts", _audience_mode(content))
    for block in get("audience") or []:
        segment = block["value"]["segment"] or {}
        yield Part(
            _("How it affects: %(segment)s") % {"segment": segment.get("name", "")},
            "facts",
            _impact(block["value"]),
        )
    yield Part(_("Personal data"), "facts", _privacy(content))
    yield _rows(
        _("Terms"),
        get("glossary"),
        (("term", _("Term")), ("meaning", _("Meaning"))),
    )
    yield Part(_("Documents"), "list", _documents(get("documents") or []))
    yield Part(_("What it serves"), "facts", _serves(content))


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _background(blocks: list[dict[str, Any]]) -> Iterable[Part]:
    heading = _("Background")
    for block in blocks:
        value = block["value"]
        if not value:
            continue
        if block["type"] == "text":
            yield Part(heading, "rich", value)
        elif block["type"] == "table":
            yield Part(
                value["caption"],
                "table",
                [cells_of(row) for row in value["rows"]],
                tuple(cells_of(value["header"])),
            )
        elif block["type"] == "callout":
            yield Part(value["title"] or heading, "text", _lines(value["text"]))
        elif block["type"] == "image":
            words = value["alt"] or value["title"]
            yield Part(_("Image"), "text", [words])
        elif block["type"] == "document":
            yield Part(_("Document"), "text", [_document(value)])


def _articles(content: dict[str, Any]) -> Iterable[Part]:
    for article in articles.in_content(content, ""):
        heading = article.label
        if article.chapter:
            heading = f"{article.chapter} – {heading}"
        yield Part(heading, "rich", article.text)
        yield Part(
            _("Explanatory note: %(article)s") % {"article": article.number},
            "text",
            _lines(article.note),
        )


def poll_words(block: dict[str, Any]) -> str:
    """A poll of the request on one line: what is asked, and the options."""
    value = block["value"]
    return f"{value['question']} ({' · '.join(value['options'])})"


def _rows(heading: str, blocks, columns) -> Part:
    rows = [[b["value"][name] or "" for name, _label in columns] for b in blocks or []]
    return Part(heading, "table", rows, tuple(label for _name, label in columns))


def _labels(choices, values: Iterable[str]) -> list[str]:
    return [str(choices(v).label) if v in choices.values else v for v in values]


def _when(day: str | None, at: str | None, at_end: bool) -> str:
    if not day:
        return ""
    words = date_words(date.fromisoformat(day))
    if at:
        return _("%(date)s, %(time)s") % {
            "date": words,
            "time": f"{time.fromisoformat(at):%H:%M}",
        }
    if at_end:
        return _("End of %(date)s") % {"date": words}
    return words


def _filled(*pairs: tuple[str, Any]) -> list[tuple[str, str]]:
    return [(label, str(value)) for label, value in pairs if value]


def _period(content) -> list[tuple[str, str]]:
    get = content.get
    planned = get("planned_decision_on")
    return _filled(
        (_("Opens"), _when(get("opens_on"), get("opens_time"), False)),
        (_("Closes"), _when(get("closes_on"), get("closes_time"), True)),
        (
            _("Planned date of decision"),
            planned and date_words(date.fromisoformat(planned)),
        ),
    )


def _channels(blocks: list[dict[str, Any]]) -> Part:
    rows = []
    for block in blocks:
        value = block["value"]
        note = value["closed_reason"] or " · ".join(
            text for text in (value["help_contact"], value["help_hours"]) if text
        )
        how = value["how"]
        if value["url"]:
            how = f"{how} {value['url']}"
        # Requests that were frozen before there was this cell have none.
        if value.get("reference"):
            how = f"{how} ({value['reference']})"
        rows.append(
            [
                _labels(ChannelKind, [value["kind"]])[0],
                how,
                _("yes") if value["counts_formally"] else _("no"),
                telephones.set_apart(note),
            ]
        )
    head = (_("Channel"), _("How to use it"), _("Counts formally"), _("Help"))
    return Part(_("Ways to take part"), "table", rows, head)


def _entity(content) -> list[tuple[str, str]]:
    department = content.get("department") or {}
    return _filled(
        (_("Department"), department.get("name")),
        (_("Unit"), department.get("unit")),
        (_("Contact"), department.get("contact_role")),
        (
            _("Telephone"),
            telephones.set_apart(department.get("contact_phone") or ""),
        ),
        (_("E-mail"), department.get("contact_email")),
        (_("Who decides"), content.get("decision_maker")),
    )


def _audience_mode(content) -> list[tuple[str, str]]:
    mode = content.get("audience_mode", "")
    return _filled(
        (_("Audience"), _labels(AudienceMode, [mode])[0]),
        (_("Reason"), content.get("audience_reason")),
        (_("What participants show"), _identity(content.get("identity_mode"))),
    )


def _identity(mode: str | None) -> str:
    """What participants show of who they are; requests of old do not say."""
    return _labels(IdentityMode, [mode])[0] if mode else ""


def _impact(value) -> list[tuple[str, str]]:
    return _filled(
        (_("Interests affected"), value["interests"]),
        (_("Why this group matters"), value["importance"]),
        (_("Role"), _labels(ParticipationLevel, [value["role"]])[0]),
        (_("How it is reached"), value["reach"]),
    )


def _privacy(content) -> list[tuple[str, str]]:
    get = content.get
    return _filled(
        (_("Basis"), get("privacy_basis")),
        (_("Purpose"), get("privacy_purpose")),
        (_("Recipients"), get("privacy_recipients")),
        (_("Retention"), get("privacy_retention")),
    )


def _document(value) -> str:
    return f"{value['title']} ({value['file']}, SHA-1 {value['sha1']})"


def _documents(blocks) -> list[str]:
    found = []
    for block in blocks:
        value = block["value"]
        if value["document"]:
            text = _document(value["document"])
            if value["accessible"]:
                text = f"{text} – {value['accessible']}"
            found.append(text)
    return found


def _serves(content) -> list[tuple[str, str]]:
    project = content.get("project_page") or {}
    subjects = " · ".join(subject["name"] for subject in content.get("subjects") or [])
    return _filled(
        (_("Kind of topic"), _labels(Kind, [content.get("kind", "")])[0]),
        (_("Project"), project.get("title")),
        (_("Reference number of the project"), content.get("project_reference")),
        (_("Place"), content.get("place")),
        (_("Subjects"), subjects),
    )
