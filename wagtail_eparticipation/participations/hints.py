"""What somebody is told about a text before it is sent (R-7.0.2c, R-7.8a).

The register knows no rules: rooms that do register a source of hints here. A hint
stands in nobody's way; the sender answers it once and sends.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hint:
    """One place of a text about which a rule for participants has something to say.

    ``start`` and ``end`` count characters of the field's text, half-open; both are 0
    where the whole text is meant. ``key`` is the same for the same words under the
    same rule, wherever they stand. ``rule`` is the rule's code in the policy
    (``rule-8``), also its place on the policy's page, ``line`` what the policy says in
    one line and ``message`` what the sender is told. ``category`` names what was found.
    ``removable`` ones are better taken out by the sender; ``hidden`` ones are likely
    to be hidden before the text is shown.
    """

    field: str
    start: int
    end: int
    key: str
    rule: str
    line: str
    message: str
    category: str = ""
    removable: bool = False
    hidden: bool = False


#: ``source(consultation, words, language, facts)``: ``words`` are the texts by field,
#: ``language`` is the one they are written in, ``facts`` what else is known.
Source = Callable[[Any, Mapping[str, str], str, Mapping[str, Any]], Iterable[Hint]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Let a room offer hints; registered twice, it is asked once."""
    if source not in _sources:
        _sources.append(source)


def unregister(source: Source) -> None:
    """Ask a source no more; one that was never registered does no harm."""
    if source in _sources:
        _sources.remove(source)


def hints_for(
    consultation,
    words: Mapping[str, str],
    *,
    language: str = "",
    facts: Mapping[str, Any] | None = None,
) -> list[Hint]:
    """All hints about the texts of one participation, in the order of the form.

    A source that fails is left out, and the log says which: nobody is kept from
    sending by it.
    """
    written = {name: text for name, text in words.items() if text}
    if not written:
        return []
    found: list[Hint] = []
    for source in _sources:
        try:
            found.extend(source(consultation, written, language, facts or {}))
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 (a site's own code may fail anyhow)
            # Without the trace: its values could hold the text.
            logger.error("%s failed: %s", source.__module__, type(error).__name__)
    order = {name: place for place, name in enumerate(written)}
    return sorted(
        (hint for hint in found if hint.field in order),
        key=lambda hint: (order[hint.field], hint.start, hint.end, hint.key),
    )
