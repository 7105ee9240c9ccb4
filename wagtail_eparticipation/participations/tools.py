"""The registry of tools: each has its own data and form, all land in one register."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
    """What a row of a file says to a tool with columns of its own.

    ``data``, ``text``, ``texts`` and ``enclosed`` are those of ``door.Submission``;
    ``rows`` is whatever the tool's importer keeps in tables of its own.
    """

    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    texts: int = 1
    enclosed: str = ""
    rows: Any = None


@dataclass(frozen=True)
class Importer:
    """How entries of a tool come from files (AC-S3-I1).

    ``subjects(consultation)`` gives ``(code, label)`` of what can be imported, such as
    each survey; the code has at most 40 characters. ``columns(consultation, subject)``
    gives ``{field: (label, spellings)}``, by which headings are guessed.
    ``reader(consultation, subject)`` gives a function of a row's texts by field and its
    language, which returns an :class:`Entry` or raises ``ValueError`` with the reason.
    ``keep(consultation, subject, pairs)`` writes what belongs to new participations,
    pairs of a participation and its entry, inside the transaction of the import.
    """

    subjects: Callable[..., list[tuple[str, str]]]
    columns: Callable[..., dict[str, tuple[Any, Any]]]
    reader: Callable[..., Callable[..., Entry]]
    keep: Callable[..., None]


@dataclass(frozen=True)
class Tool:
    """One way of saying something (P-4.1).

    ``form`` is the dotted path of its form class, empty for tools that have pages of
    their own. ``publishable`` says whether its text can be shown in the discussion.
    ``received_as`` is the state in which its participations enter, when it is not
    that of what waits for review; such a participation is never counted or shown.
    ``amend_form(participation, typed)`` makes the form in which its author changes a
    participation (see ``amend_forms``); forms that consist of words need none.
    ``links(request, page)`` gives the pages of a topic on which a tool without a form
    is used, as dictionaries of ``title`` and ``url``. ``describe(participation,
    language)`` gives ``(label, value)`` pairs of its data for staff and receipts.
    ``once(participation)`` names what one person may say one thing about at a time,
    such as ``""`` for the topic as a whole; ``None`` where they may say many.
    ``importer`` reads its entries from files; one that consists of words needs none.
    ``reviewed`` is false where there are never words that a moderator could read.
    ``tells_words`` is true where ``describe`` tells the words of the text, too; it is
    called with ``words=False`` where they are shown beside it.
    ``asks`` is true where every one is a question: the reply desk gets it at once.
    """

    code: str
    label: str
    hint: str = ""
    form: str = ""
    icon: str = "comment"
    publishable: bool = True
    received_as: str = ""
    reviewed: bool = True
    tells_words: bool = False
    asks: bool = False
    amend_form: Callable[..., Any] | None = None
    links: Callable[..., list[dict[str, str]]] = field(default=lambda request, page: [])
    describe: Callable[..., list[tuple[str, str]]] = field(
        default=lambda participation, language: []
    )
    once: Callable[..., str | None] = field(default=lambda participation: None)
    importer: Importer | None = None


_tools: dict[str, Tool] = {}


class UnknownTool(LookupError):
    """No tool of that name is registered."""


def register(tool: Tool) -> None:
    """Add a tool; a second one of the same code replaces the first."""
    _tools[tool.code] = tool


def registered() -> list[Tool]:
    """All tools in the order in which they were added."""
    return list(_tools.values())


def get(code: str) -> Tool:
    """The tool with this code; :class:`UnknownTool` when there is none."""
    try:
        return _tools[code]
    except KeyError:
        raise UnknownTool(code) from None


def describe(
    participation, language: str, *, words: bool = True
) -> list[tuple[str, Any]]:
    """What a participation holds besides its text, as labelled values.

    Without ``words`` they are left out of what the tool tells otherwise.
    """
    tool = _tools.get(participation.tool)
    if tool is None:
        return []
    if tool.tells_words:
        return tool.describe(participation, language, words=words)
    return tool.describe(participation, language)


def tells_words(participation) -> bool:
    """Whether :func:`describe` tells the words of the text, too."""
    tool = _tools.get(participation.tool)
    return tool is not None and tool.tells_words


def is_read(code: str, text: str) -> bool:
    """Whether a moderator reads it: it has words, and the tool is of that kind."""
    return get(code).reviewed and bool(text)


def importable(consultation) -> list[tuple[str, str]]:
    """What a file can hold for a topic: ``tool`` or ``tool:subject``, and its name."""
    offered = []
    for tool in _tools.values():
        if tool.importer is not None:
            offered += [
                (f"{tool.code}:{subject}", f"{tool.label}: {label}")
                for subject, label in tool.importer.subjects(consultation)
            ]
        elif tool.form:
            offered.append((tool.code, str(tool.label)))
    return offered
