"""Names of people: after a cue, with a father's name, with a family name (R-7.8c).

Cues are "my name is", "Mr", "my neighbour", "the engineer" and their like. A given name
alone is not to be told from a word or from the street that bears it, so "Fahad told me"
stays unfound, and names that are not in the list are found after "my name is" and
English titles only; the moderator reads on.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from wagtail_eparticipation.moderation.advisers.findings import Reading

_WORDS = {
    key: frozenset(words.split())
    for key, words in tomllib.loads(
        Path(__file__).with_name("names.toml").read_text(encoding="utf-8")
    ).items()
}
ARABIC, LATIN = _WORDS["given_arabic"], _WORDS["given_latin"]
_SELF = _WORDS["self"]
_CUES = _WORDS["cues"]
_SON = _WORDS["son_of"]
_AMBIGUOUS = _WORDS["ambiguous"]
_NOT_NAMES = _WORDS["not_names"]
_PUBLIC = _WORDS["public"]
_TITLES_EN = _WORDS["titles_english"]
_CUES_EN = _WORDS["cues_english"]
_NOT_NAMES_EN = _WORDS["not_names_english"]
_PARTICLES = _WORDS["particles"]
_LATIN_WORD = re.compile(r"[^\W\d_](?:[\w'’\-]*\w)?")
_MY_NAME = re.compile(r"(?:my name is|(?:^|\n)\s*name\s*:)\s+", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:regards|sincerely|faithfully|truly|yours)[,.]?\s*\n+[ \t]*([^\n]{3,60})$",
    re.IGNORECASE | re.MULTILINE,
)


def find_names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Places of the names in the text as it was written; they may overlap."""
    words = reading.words
    present = {word for word, _start, _end in words}
    if present & ARABIC or present & _SELF or "ابو" in present:
        yield from _arabic(reading)
    if present & LATIN or present & _TITLES_EN or "name" in present:
        yield from _latin(reading.text)
    if "\n" in reading.text:
        yield from _signature(reading.text)


def _arabic(reading: Reading) -> Iterator[tuple[int, int]]:
    words, text = reading.words, reading.folded.text
    for place, (word, _start, _end) in enumerate(words):
        first = place + 1
        if word in _CUES and first < len(words) and _near(text, words, place, first):
            begins = _begins_name(text, words, first)
            if word in _SELF:
                begins = words[first][0] not in _NOT_NAMES
            if begins and not _hides_place(word, words, place):
                last = _last_of_name(text, words, first, word in _SELF)
                yield reading.folded.span(words[first][1], words[last][2])
        elif (
            (word in _SON and place and words[place - 1][0] in ARABIC)
            or (
                word in ("ابو", "ام")
                and first < len(words)
                and words[first][0] in ARABIC
                and not (place and words[place - 1][0] in ARABIC)
            )
        ) and not _is_public(words, place):
            begin = place - (word in _SON)
            last = _last_of_name(text, words, begin, True)
            if last > place:
                yield reading.folded.span(words[begin][1], words[last][2])
        elif (
            word in ARABIC
            and word not in _AMBIGUOUS
            and first < len(words)
            and _is_family(words[first][0])
            and not _is_public(words, place)
        ):
            last = _last_of_name(text, words, place, True)
            if last > place:
                yield reading.folded.span(words[place][1], words[last][2])
        elif word == "انا" and first + 1 < len(words) and words[first][0] in ARABIC:
            last = _last_of_name(text, words, first, False)
            if last > first and _near(text, words, place, first):
                yield reading.folded.span(words[first][1], words[last][2])


def _begins_name(text: str, words, first: int) -> bool:
    if words[first][0] in _AMBIGUOUS:
        return _last_of_name(text, words, first, False) > first
    return words[first][0] in ARABIC or _takes_next(words, first)


def _hides_place(word: str, words, place: int) -> bool:
    """A title inside the name of a street."""
    return word not in _SELF and bool(place) and words[place - 1][0] in _PUBLIC


def _is_public(words, place: int) -> bool:
    return any(
        word in _PUBLIC for word, _start, _end in words[max(0, place - 4) : place]
    )


def _is_family(word: str) -> bool:
    """Whether a word is made like the name of a family or a tribe."""
    return word.startswith("ال") and word.endswith("ي") and len(word) > 5


def _near(text: str, words, place: int, following: int) -> bool:
    """Whether only spaces, a colon or a full stop part the two words."""
    gap = text[words[place][2] : words[following][1]]
    return len(gap) <= 4 and not gap.strip(" :.-")


def _takes_next(words, first: int) -> bool:
    """ "Abd al-…" and "Abu …": two words that are one name."""
    if first + 1 >= len(words):
        return False
    word, following = words[first][0], words[first + 1][0]
    return (word == "عبد" and following.startswith("ال")) or (
        word in ("ابو", "ابا", "ام") and following in ARABIC
    )


def _last_of_name(text: str, words, first: int, is_sure: bool) -> int:
    """The last word of a name of up to five words that begins at ``first``."""
    last = first + _takes_next(words, first)
    while last + 1 < len(words) and last - first < 4:
        following = words[last + 1][0]
        if (
            text[words[last][2] : words[last + 1][1]].strip(" ")
            or "\n" in text[words[last][2] : words[last + 1][1]]
        ):
            break
        if following in _SON or following in ("ال", "عبد", "ابو"):
            if last + 2 >= len(words):
                break
            last += 2
            continue
        is_family = following.startswith("ال") and following.endswith("ي")
        if (
            is_family
            and len(following) > 4
            and following not in ("الذي", "التي", "اللي")
        ):
            return last + 1
        if following not in ARABIC:
            break
        last += 1
    if is_sure and last == first and words[first][0] in _SON:
        return first
    return last


def _latin(text: str) -> Iterator[tuple[int, int]]:
    words = list(_LATIN_WORD.finditer(text))
    for match in _MY_NAME.finditer(text):
        first = _at(words, match.end())
        if first is not None and _is_name_word(words[first][0]):
            yield words[first].start(), _latin_end(text, words, first)
    for place, match in enumerate(words[:-1]):
        word, first = match[0].lower(), place + 1
        gap = text[match.end() : words[first].start()]
        if gap.strip(". ") or not gap or len(gap) > 3:
            continue
        following = words[first][0]
        has_family = following.lower().startswith("al") and len(following) > 5
        if word in LATIN and has_family and following[0].isupper():
            yield from _son_of(text, words, place)
            continue
        if word in ("abu", "umm", "um") and following.lower() in LATIN:
            yield from _son_of(text, words, place)
            continue
        if not _is_name_word(following):
            if word in LATIN and following.lower() in ("bin", "bint", "ibn"):
                yield from _son_of(text, words, place)
            continue
        known = following.lower() in LATIN
        if (word in _TITLES_EN and (known or word not in ("brother", "sister"))) or (
            word in _CUES_EN and known and not _is_place(words, first)
        ):
            yield words[first].start(), _latin_end(text, words, first)


def _son_of(text: str, words, place: int) -> Iterator[tuple[int, int]]:
    if words[place][0][0].isupper() and not _is_place(words, place):
        yield words[place].start(), _latin_end(text, words, place)


def _is_name_word(word: str) -> bool:
    return word[0].isupper() and len(word) > 1 and word.lower() not in _NOT_NAMES_EN


def _is_place(words, first: int) -> bool:
    """Whether a public name goes before, or a word like "Road" follows."""
    if first and words[first - 1][0].lower() in _PUBLIC:
        return True
    around = [match[0] for match in words[first + 1 : first + 5]]
    for word in around:
        if word.lower() in _PUBLIC:
            return True
        if not word[0].isupper() and word.lower() not in _PARTICLES:
            return False
    return False


def _at(words, place: int) -> int | None:
    return next((n for n, match in enumerate(words) if match.start() >= place), None)


def _latin_end(text: str, words, first: int) -> int:
    """The end of a name of up to four words: capitals, with particles between."""
    last = first
    for place in range(first + 1, min(first + 5, len(words))):
        if text[words[place - 1].end() : words[place].start()] not in (" ", "-"):
            break
        word = words[place][0]
        if _is_name_word(word):
            last = place
        elif word.lower() not in _PARTICLES:
            break
    return words[last].end()


def _signature(text: str) -> Iterator[tuple[int, int]]:
    """A line of capitalised words under a closing formula."""
    for match in _SIGNED.finditer(text):
        line = match[1].rstrip(" .,\r")
        words = line.split()
        if 1 <= len(words) <= 4 and all(_is_name_word(word) for word in words):
            yield match.start(1), match.start(1) + len(line)
