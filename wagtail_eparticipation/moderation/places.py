"""Places in a text that are hidden, and the words that remain (R-7.8b, R-7.8f).

Pure: texts and places in, texts and places out. A place counts characters of the
wording as its author wrote it, so that several hidings, and taking one back, speak of
the same words; it never cuts through what a reader sees as one sign.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from wagtail_eparticipation.moderation.categories import CATEGORIES, mark_of

#: The longest a field of the register may become; a longer one is hidden as a whole.
LIMITS = {"title": 200, "public_name": 120}

#: Stands for what is hidden already while further places are looked up.
_HIDDEN = "\0"
_JOINER = "\u200d"
#: Marks of direction that belong to what stands beside them.
_DIRECTION = frozenset("\u200e\u200f\u061c")
#: Skin tones, which change the emoji before them.
_MODIFIERS = range(0x1F3FB, 0x1F400)
#: Letters that together make a flag.
_REGIONAL = range(0x1F1E6, 0x1F200)
#: What is written over or beside the sign before it: flags of regions by tags.
_TAGS = range(0xE0020, 0xE0080)


class InvalidPlace(ValueError):
    """A place is not in the text, or its field or category is not known."""


@dataclass(frozen=True, order=True)
class Place:
    """A half-open place in one field, what it is, and the mark that replaces it.

    ``mark`` is empty until the place is hidden; it is kept as it was shown, because a
    later release may word marks differently.
    """

    field: str
    start: int
    end: int
    category: str = "other"
    mark: str = ""

    def as_json(self) -> dict[str, Any]:
        """How it is stored."""
        return asdict(self)


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[Place]:
    """What :meth:`Place.as_json` stored."""
    return [Place(**row) for row in rows]


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The same place, grown to whole signs: letter and marks, emoji and joiners."""
    while 0 < start < len(text) and _belongs(text, start):
        start -= 1
    while 0 < end < len(text) and _belongs(text, end):
        end += 1
    return start, end


def _belongs(text: str, index: int) -> bool:
    """Whether the character there is one sign with the character before it."""
    character, before = text[index], text[index - 1]
    code = ord(character)
    if unicodedata.category(character) in ("Mn", "Me", "Mc") or character == _JOINER:
        return True
    if before == _JOINER or character in _DIRECTION or before in _DIRECTION:
        return True
    if code in _MODIFIERS or code in _TAGS:
        return True
    if code in _REGIONAL and ord(before) in _REGIONAL:
        first = index
        while first > 0 and ord(text[first - 1]) in _REGIONAL:
            first -= 1
        return (index - first) % 2 == 1
    return False


def checked(words: Mapping[str, str], places: Iterable[Place]) -> list[Place]:
    """The places as they can be hidden: whole signs, in order, none over another.

    Raises :class:`InvalidPlace`.
    """
    grown = []
    for place in places:
        text = words.get(place.field)
        if text is None or place.category not in CATEGORIES:
            raise InvalidPlace(place.field)
        if not 0 <= place.start < place.end <= len(text):
            raise InvalidPlace(f"{place.field}: {place.start}–{place.end}")
        start, end = widened(text, place.start, place.end)
        grown.append(replace(place, start=start, end=end))
    return joined(grown)


def joined(places: Iterable[Place]) -> list[Place]:
    """Overlapping places as one, of the kind of the first."""
    found: list[Place] = []
    for place in sorted(places):
        last = found[-1] if found else None
        if last and last.field == place.field and place.start < last.end:
            found[-1] = replace(last, end=max(last.end, place.end))
        else:
            found.append(place)
    return found


def hidden(
    words: Mapping[str, str], places: Iterable[Place], language: str
) -> tuple[dict[str, str], list[Place]]:
    """The words with marks in those places, and the places with their marks."""
    result = dict(words)
    marked: list[Place] = []
    by_field: dict[str, list[Place]] = {}
    for place in places:
        by_field.setdefault(place.field, []).append(place)
    for field, members in by_field.items():
        text, done = _marked(words[field], members, language)
        if len(text) > LIMITS.get(field, len(text)):
            whole = replace(members[0], start=0, end=len(words[field]))
            text, done = _marked(words[field], [whole], language)
        result[field] = text
        marked.extend(done)
    return result, sorted(marked)


def _marked(text: str, places: list[Place], language: str) -> tuple[str, list[Place]]:
    pieces, done, position = [], [], 0
    for place in sorted(places):
        mark = place.mark or mark_of(place.category, language)
        pieces += [text[position : place.start], mark]
        done.append(replace(place, mark=mark))
        position = place.end
    pieces.append(text[position:])
    return "".join(pieces), done


def with_gaps(words: Mapping[str, str], places: Iterable[Place]) -> dict[str, str]:
    """Words with marks, as long as the original again: gaps stand for what is hidden.

    In them further places can be counted as in the original, which stays sealed.
    Raises :class:`InvalidPlace` when a mark is not where it was put.
    """
    result = dict(words)
    for place in sorted(places):
        text = result[place.field]
        if not text.startswith(place.mark, place.start):
            raise InvalidPlace(f"{place.field}: no mark at {place.start}")
        gap = _HIDDEN * (place.end - place.start)
        rest = text[place.start + len(place.mark) :]
        result[place.field] = text[: place.start] + gap + rest
    return result


def in_original(place: Place, earlier: Iterable[Place]) -> Place:
    """A place of the words with marks, counted in the original.

    Where it begins or ends in a mark, the whole of that mark belongs to it.
    """
    return replace(
        place,
        start=_original(place.field, place.start, earlier, at_end=False),
        end=_original(place.field, place.end, earlier, at_end=True),
    )


def _original(field: str, position: int, earlier, *, at_end: bool) -> int:
    longer = 0
    for place in sorted(earlier):
        if place.field != field:
            continue
        begins = place.start + longer
        if position <= begins:
            break
        if position < begins + len(place.mark):
            return place.end if at_end else place.start
        longer += len(place.mark) - (place.end - place.start)
    return position - longer
