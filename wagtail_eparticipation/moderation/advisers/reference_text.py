"""Comparing a quotation with a reference text that the site has installed (R-7.6c).

The setting ``REFERENCE_TEXT`` names a file of UTF-8 lines ``chapter|verse|text``; lines
that begin with ``#`` and empty ones are notes. It is read once by each process, when
the first quotation is compared. Nothing of it is shipped, and nothing is ever altered:
the comparison is made on the folded words, and what differs is shown as both wrote it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.normalise import fold

#: Words in a row by which a place is found.
SEED = 3
#: Fewer words than this are compared word for word only.
SHORT = 4
#: Words of a quotation that are looked at.
LONGEST = 400
#: A seed that occurs more often says nothing.
_TOO_COMMON = 200
#: At least this share of the words is the same, or it is another text.
_LIKENESS = 0.6
_LINE = re.compile(r"\s*(\d{1,4})\s*\|\s*(\d{1,4})\s*\|(.*)")
_WORD = re.compile(r"\w+")


class ReferenceTextError(ValueError):
    """The file is not there, or holds no line ``chapter|verse|text``."""


class Difference(NamedTuple):
    """Words that are not the same: as quoted, and as in the reference text.

    ``kind`` is ``replace``, ``delete`` (the quotation has words more), ``insert`` (it
    leaves words out) or ``equal`` for the words between, so that a page can show the
    whole.
    """

    kind: str
    quoted: str
    reference: str


@dataclass(frozen=True)
class Verdict:
    """``matches``, ``differs`` or ``not found``; with place and words unless not found.

    ``reference`` is ``chapter:verse``, or ``2:255-256`` where the quotation goes on
    into the next verse. ``compared`` is how many of its words were found there.
    """

    kind: str
    reference: str = ""
    differences: tuple[Difference, ...] = ()
    compared: int = 0

    def __str__(self):
        return f"{self.kind} {self.reference}".strip()


NOT_FOUND = Verdict("not found")


class ReferenceText:
    """The words of a text in one row, findable by three in a row."""

    def __init__(self, lines: Iterable[str]):
        self.words: list[str] = []
        self.shown: list[str] = []
        self.verses: list[str] = []
        for line in lines:
            if match := _LINE.fullmatch(line.strip("\ufeff\r\n")):
                self._add(f"{int(match[1])}:{int(match[2])}", match[3])
        if not self.words:
            raise ReferenceTextError("It holds no line like 1|1|text.")
        self.seeds: dict[tuple[str, ...], list[int]] = {}
        for place, seed in enumerate(_seeds(self.words)):
            self.seeds.setdefault(seed, []).append(place)
        self.first: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            self.first.setdefault(word, []).append(place)

    def _add(self, verse: str, text: str) -> None:
        for shown in text.split():
            if word := "".join(_WORD.findall(fold(shown).text)):
                self.words.append(word)
                self.shown.append(shown)
                self.verses.append(verse)

    def compare(self, quotation: str) -> Verdict:
        """Whether these words stand in the text, and where they differ."""
        quoted = [(word, shown) for word, shown in _split(quotation)][:LONGEST]
        words = [word for word, _shown in quoted]
        start = self._exactly(words)
        if start is not None:
            reference = self._reference(start, start + len(words))
            return Verdict("matches", reference, (), len(words))
        if len(words) < SHORT:
            return NOT_FOUND
        near = self._near(words)
        if near is None:
            return NOT_FOUND
        begin, end, codes, same = near
        differences = tuple(
            Difference(
                kind,
                " ".join(shown for _word, shown in quoted[i:j]),
                " ".join(self.shown[begin + k : begin + m]),
            )
            for kind, i, j, k, m in codes
        )
        return Verdict("differs", self._reference(begin, end), differences, same)

    def _exactly(self, words: list[str]) -> int | None:
        if not words:
            return None
        places = (
            self.seeds.get(tuple(words[:SEED]), ())
            if len(words) >= SEED
            else self.first.get(words[0], ())
        )
        length = len(words)
        return next((p for p in places if self.words[p : p + length] == words), None)

    def _near(self, words: list[str]):
        """The stretch that most seeds point to, where it is like enough."""
        votes: Counter[int] = Counter()
        for place, seed in enumerate(_seeds(words)):
            found = self.seeds.get(seed, ())
            if len(found) <= _TOO_COMMON:
                votes.update(start - place for start in found)
        if not votes:
            return None
        # Left out and added words move the diagonal by one or two.
        best = max(votes, key=lambda d: sum(votes.get(d + n, 0) for n in range(-2, 3)))
        begin = max(0, best - 2)
        end = min(len(self.words), best + len(words) + 2)
        matcher = SequenceMatcher(None, words, self.words[begin:end], autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        same = sum(block.size for block in blocks)
        if not blocks or same < _LIKENESS * len(words):
            return None
        # Only what lies between the first and the last word quoted is compared.
        first = begin + max(0, blocks[0].b - blocks[0].a)
        last = (
            blocks[-1].b + blocks[-1].size + len(words) - blocks[-1].a - blocks[-1].size
        )
        last = min(len(self.words), begin + last)
        exact = SequenceMatcher(None, words, self.words[first:last], autojunk=False)
        return first, last, exact.get_opcodes(), same

    def _reference(self, start: int, end: int) -> str:
        begin, last = self.verses[start], self.verses[max(start, end - 1)]
        if begin == last:
            return begin
        chapter, verse = last.split(":")
        same_chapter = begin.split(":")[0] == chapter
        return f"{begin}-{verse}" if same_chapter else f"{begin}-{last}"


def _seeds(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[n:] for n in range(SEED)), strict=False)


def _split(text: str) -> Iterator[tuple[str, str]]:
    """Folded and written form of each word; signs that are no words are left out."""
    for shown in text.split():
        if word := "".join(_WORD.findall(fold(shown).text)):
            yield word, shown


@lru_cache(maxsize=2)
def _load(path: str) -> ReferenceText:
    try:
        with Path(path).open(encoding="utf-8") as file:
            return ReferenceText(file)
    except (OSError, UnicodeDecodeError) as error:
        raise ReferenceTextError(f"It cannot be read: {error}.") from error


def installed() -> ReferenceText | None:
    """The site's reference text; None where it has none."""
    path = get_setting("REFERENCE_TEXT")
    return _load(str(path)) if path else None


def compare(quotation: str) -> Verdict | None:
    """What the site's reference text says of a quotation; None where it has none.

    Raises :class:`ReferenceTextError` for a file that cannot be used, which the system
    checks report before.
    """
    text = installed()
    return text.compare(quotation) if text else None
