"""What an adviser reads and what it says about it (R-7.0.2b, R-7.0.2c)."""

import dataclasses
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from wagtail_eparticipation.normalise import Folded, fold

_WORD = re.compile(r"\w+")


@dataclasses.dataclass(frozen=True)
class Reading:
    """One text of a participation, before an adviser.

    ``field`` says which: ``text``, ``title`` or ``sources``. ``facts`` is what is known
    of it beside its words, such as how many others say the same; an adviser that needs
    a fact that is missing finds nothing.
    """

    text: str
    language: str = ""
    field: str = "text"
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @cached_property
    def folded(self) -> Folded:
        """The comparable form, with the way back to the places in ``text``."""
        return fold(self.text)

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        """The words of ``folded.text``, each with its place there."""
        words = _WORD.finditer(self.folded.text)
        return [(word[0], word.start(), word.end()) for word in words]


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One place in a text about which a rule has something to say.

    ``start`` and ``end`` count characters of the text as stored, half-open; both are 0
    where the whole text is meant. ``rule`` is the key of the pack's rule
    (``personal_data``), ``code`` one of its sub-codes or empty. ``category`` is one of
    ``categories.CATEGORIES``: what the mark says when the place is hidden.
    ``hide`` marks what a moderator finds selected for hiding; ``hint`` what its writer
    is told before sending.
    """

    start: int
    end: int
    field: str
    adviser: str
    rule: str
    code: str = ""
    category: str = ""
    hide: bool = False
    hint: bool = True
    detail: str = ""
