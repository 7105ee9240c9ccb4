"""Rule on sources: words that are somebody else's (P-7.7, R-7.7c).

Finds a passage of the topic's own document (the fact ``own_document``, a text) that is
repeated word for word, and a long passage in quotation marks where the fact ``sources``
says that none is named. ``detail`` is ``own_document`` or ``quotation``. Whether a use
is fair is for people to judge: nothing is selected for hiding.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading
from wagtail_eparticipation.normalise import fold

#: So many words in a row are a passage, not a phrase that everybody uses.
PASSAGE = 12
#: So many words in quotation marks need a source.
QUOTATION = 25
_QUOTED = re.compile(r"«([^«»]{80,})»|“([^“”]{80,})”|\"([^\"]{80,})\"")


@lru_cache(maxsize=32)
def _passages(document: str) -> frozenset[int]:
    """Hashes of every run of :data:`PASSAGE` words of a document."""
    words = re.findall(r"\w+", fold(document).text)
    return frozenset(_runs(words))


def _runs(words: list[str]) -> Iterator[int]:
    for start in range(len(words) - PASSAGE + 1):
        yield hash(tuple(words[start : start + PASSAGE]))


def look(reading: Reading) -> Iterator[Finding]:
    """Passages from the topic's document, and quotations without a source."""
    if document := reading.facts.get("own_document"):
        yield from _from_document(reading, document)
    if reading.facts.get("sources", "unknown") in (None, "", [], ()):
        for match in _QUOTED.finditer(reading.text):
            if len(match[0].split()) >= QUOTATION:
                yield _found(reading, match.start(), match.end(), "quotation")


def _from_document(reading: Reading, document: str) -> Iterator[Finding]:
    known = _passages(document)
    words = reading.words
    hits = [
        n
        for n, run in enumerate(_runs([word for word, *_place in words]))
        if run in known
    ]
    for first, last in _joined(hits):
        place = reading.folded.span(words[first][1], words[last + PASSAGE - 1][2])
        yield _found(reading, *place, "own_document")


def _joined(hits: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of runs that overlap one another."""
    first = last = None
    for hit in hits:
        if last is not None and hit <= last + PASSAGE:
            last = hit
            continue
        if last is not None:
            yield first, last
        first = last = hit
    if last is not None:
        yield first, last


def _found(reading: Reading, start: int, end: int, detail: str) -> Finding:
    return Finding(
        *(start, end, reading.field),
        adviser="sources",
        rule="sources",
        category="quotation",
        hint=detail == "quotation",
        detail=detail,
    )
