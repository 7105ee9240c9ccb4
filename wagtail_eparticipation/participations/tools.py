"""The registry of tools: each has its own data and form, all land in one register."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tool:
    """One way of saying something (P-4.1).

    ``form`` is the dotted path of its form class, empty for tools that have pages of
    their own. ``publishable`` says whether its text can be shown in the discussion.
    ``amend_form(participation, typed)`` makes the form in which its author changes a
    participation (see ``amend_forms``); forms that consist of words need none.
    ``links(request, page)`` gives the pages of a topic on which a tool without a form
    is used, as dictionaries of ``title`` and ``url``. ``describe(participation,
    language)`` gives ``(label, value)`` pairs of its data for staff and receipts.
    ``once(participation)`` names what one person may say one thing about at a time,
    such as ``""`` for the topic as a whole; ``None`` where they may say many.
    ``reviewed`` is false where there are no words that a moderator could read.
    """

    code: str
    label: str
    hint: str = ""
    form: str = ""
    icon: str = "comment"
    publishable: bool = True
    reviewed: bool = True
    amend_form: Callable[..., Any] | None = None
    links: Callable[..., list[dict[str, str]]] = field(default=lambda request, page: [])
    describe: Callable[..., list[tuple[str, str]]] = field(
        default=lambda participation, language: []
    )
    once: Callable[..., str | None] = field(default=lambda participation: None)


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


def describe(participation, language: str) -> list[tuple[str, Any]]:
    """What a participation holds besides its text, as labelled values."""
    tool = _tools.get(participation.tool)
    return tool.describe(participation, language) if tool else []
