"""The few kinds of block that a report is made of; HTML and PDF both draw them.

Values are plain data (``str``, ``int`` or a text with its own language), so the
same report can be frozen as JSON, shown as HTML and typeset as PDF.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from wagtail_eparticipation.languages import direction

Block = dict[str, Any]
Value = str | int | dict[str, str]

#: First-strong isolate and its end: keeps numbers such as 2026-001 in order inside
#: Arabic text, in HTML and in PDF alike.
_ISOLATE, _END = "\u2068", "\u2069"


def isolate(text: object) -> str:
    """A reference, hash or name set apart from the direction of its sentence."""
    return f"{_ISOLATE}{text}{_END}"


def in_language(text: str, language: str) -> dict[str, str]:
    """A text in a language of its own, for quotations."""
    return {"text": text, "lang": language, "dir": direction(language)}


def heading(text: str) -> Block:
    """A heading within a part."""
    return {"type": "heading", "text": str(text)}


def text(value: str) -> Block:
    """Paragraphs; each line is one."""
    return {"type": "text", "text": str(value)}


def note(value: str) -> Block:
    """A remark set apart, e.g. why something is missing."""
    return {"type": "note", "text": str(value)}


def bullets(items: Iterable[Value]) -> Block:
    """A list of short items."""
    return {"type": "list", "entries": list(items)}


def facts(rows: Iterable[tuple[str, Value]]) -> Block:
    """Pairs of a label and its value."""
    return {"type": "facts", "rows": [[str(label), value] for label, value in rows]}


def quote(value: str, language: str) -> Block:
    """A participant's releasable words, in their own language."""
    return {"type": "quote", "text": in_language(value, language)}


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    numeric: Sequence[int] = (),
    empty: str = "",
) -> Block:
    """A table; ``numeric`` columns are aligned as numbers, ``empty`` replaces none."""
    return {
        "type": "table",
        "caption": str(caption),
        "head": [str(name) for name in head],
        "rows": [list(row) for row in rows],
        "numeric": list(numeric),
        "empty": str(empty),
    }


def share(part: int, whole: int) -> str:
    """A share in per cent with one decimal, isolated for right-to-left text."""
    return isolate(f"{100 * part / whole:.1f}%") if whole else "–"
