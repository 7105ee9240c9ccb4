"""A place of a text in its surroundings, for people who have to judge it."""

import re
import unicodedata
from dataclasses import dataclass

#: Characters shown on either side.
AROUND = 60
#: A place longer than this is shown by its beginning and end.
LONGEST = 300

_SPACE = re.compile(r"\s+")
_ELLIPSIS = "…"
#: Joins what stands on its two sides into one picture.
_JOINER = "\u200d"


@dataclass(frozen=True)
class Quote:
    """Plain text in three parts; a template escapes each."""

    before: str
    words: str
    after: str


def quote(text: str, start: int, end: int) -> Quote | None:
    """The place with what stands around it; ``None`` where the whole text is meant.

    A place outside the text, as an older wording may have had, counts as far as it
    lies inside. No letter is parted from its marks.
    """
    start, end = (min(max(place, 0), len(text)) for place in (start, end))
    if start >= end:
        return None
    first, last = _back(text, start - AROUND), _on(text, end + AROUND)
    before, after = text[first:start], text[end:last]
    if first > 0:
        before = _ELLIPSIS + (before.partition(" ")[2] or before)
    if last < len(text):
        after = (after.rpartition(" ")[0] or after) + _ELLIPSIS
    return Quote(_flat(before), _flat(_shortened(text[start:end])), _flat(after))


def _shortened(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    half = LONGEST // 2
    return words[: _back(words, half)] + _ELLIPSIS + words[_on(words, -half) :]


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text)


def _inside(text: str, place: int) -> bool:
    """Whether a cut here would part a letter from its marks."""
    if not 0 < place < len(text):
        return False
    return bool(
        unicodedata.combining(text[place])
        or unicodedata.category(text[place]) in ("Mn", "Me", "Sk")
        or _JOINER in text[place - 1 : place + 1]
    )


def _back(text: str, place: int) -> int:
    place = max(place, 0)
    while _inside(text, place):
        place -= 1
    return place


def _on(text: str, place: int) -> int:
    place = place % len(text) if place < 0 else min(place, len(text))
    while _inside(text, place):
        place += 1
    return place
