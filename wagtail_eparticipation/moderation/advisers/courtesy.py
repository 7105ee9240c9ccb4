"""Rule on courtesy: words of the lexicon, in the forms that they take (P-7.4, R-7.4a).

Whole words only, on the folded text: an Arabic word is looked up without the letters
that are joined to it before and behind, an English one without its plural. Letters
drawn out and digits for letters are seen through. What a word comes to is kept, so a
common one is worked out once. Criticism of work is no breach (R-7.4b): it is not in the
lexicon.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from wagtail_eparticipation.moderation import lexicon
from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading

_BEFORE = (
    "وبال",
    "وال",
    "فال",
    "بال",
    "كال",
    "ولل",
    "لل",
    "ال",
    "يا",
    "و",
    "ف",
    "ب",
    "ل",
    "ك",
)
_BEHIND = (
    *("يين", "اتهم", "اتكم", "ون", "ين", "ان", "يه", "هم", "هن", "كم", "ها", "نا"),
    *("ه", "ي", "ا", "ك"),
)
#: Behind a word that ends in teh marbuta.
_BEHIND_TEH = ("تهم", "تهن", "تكم", "تها", "تنا", "ته", "تي", "تك", "ات")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_DIGITS = str.maketrans("013457", "oieast")
_ARABIC = re.compile("[\u0600-\u06ff]")
#: So many single letters in a row are a word written apart.
_APART = 3
#: Words whose forms are kept before all are forgotten.
_KEPT = 200_000


class Matcher:
    """Finds the entries of one state of the lexicon: key of words to sub-code."""

    def __init__(self, entries: Mapping[str, str]):
        self.entries = dict(entries)
        self.singles = {key for key in entries if " " not in key}
        self.phrases: dict[str, list[list[str]]] = {}
        for key in entries:
            first, *others = key.split()
            if others:
                self.phrases.setdefault(first, []).append(others)
        self._known: dict[str, tuple[str, ...]] = {}

    def find(self, words: list[tuple[str, int, int]]) -> Iterator[tuple[int, int, str]]:
        """Place in the folded text and sub-code of each entry; the longest wins."""
        reached = -1
        known = self._known
        for place, (word, start, end) in enumerate(words):
            hits = known.get(word)
            if hits is None:
                hits = self._work_out(word)
            if not hits or start < reached:
                continue
            if found := self._longest(words, place, hits, end):
                reached = found[0]
                yield start, *found

    def _longest(self, words, place: int, hits, end: int) -> tuple[int, str] | None:
        best: tuple[int, str] | None = None
        for key in hits:
            for others in self.phrases.get(key, ()):
                following = words[place + 1 : place + 1 + len(others)]
                if len(following) == len(others) and all(
                    word == other or other in self._forms(word)
                    for (word, _start, _end), other in zip(
                        following, others, strict=True
                    )
                ):
                    reach = following[-1][2]
                    if best is None or reach > best[0]:
                        best = reach, self.entries[" ".join([key, *others])]
            if best is None and key in self.singles:
                best = end, self.entries[key]
        return best

    def _work_out(self, word: str) -> tuple[str, ...]:
        """The keys with which this word may be meant; kept for the next time."""
        if len(self._known) >= _KEPT:
            self._known.clear()
        hits = tuple(
            form
            for form in dict.fromkeys(self._forms(word))
            if form in self.singles or form in self.phrases
        )
        self._known[word] = hits
        return hits

    @staticmethod
    def _forms(word: str) -> Iterable[str]:
        """The word as it is, then with less and less joined to it."""
        plain = _DRAWN_OUT.sub(r"\1", word)
        yield from (word, plain)
        if not _ARABIC.search(word):
            yield from _english_forms(plain)
            return
        for stem in (plain, *(plain[len(p) :] for p in _BEFORE if plain.startswith(p))):
            if len(stem) > 2:
                yield stem
            for ending in _BEHIND:
                if stem.endswith(ending) and len(stem) - len(ending) > 2:
                    yield stem[: -len(ending)]
            for ending in _BEHIND_TEH:
                if stem.endswith(ending) and len(stem) - len(ending) > 2:
                    yield stem[: -len(ending)] + "ه"


def _english_forms(word: str) -> Iterator[str]:
    written = word.translate(_DIGITS) if not word.isdigit() else word
    for each in dict.fromkeys((word, written)):
        yield each
        if each.endswith("s"):
            yield each[:-1]
        if each.endswith("es"):
            yield each[:-2]


_matcher: tuple[object, Matcher] | None = None


def matcher() -> Matcher:
    """For the lexicon as this process last read it."""
    global _matcher
    entries = lexicon.entries()
    if _matcher is None or _matcher[0] is not entries:
        _matcher = entries, Matcher(entries)
    return _matcher[1]


def _joined(words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The words, with letters that were written apart put together."""
    joined: list[tuple[str, int, int]] = []
    letters: list[tuple[str, int, int]] = []
    for word in (*words, ("", 0, 0)):
        if len(word[0]) == 1:
            letters.append(word)
            continue
        if len(letters) >= _APART:
            whole = "".join(letter for letter, _start, _end in letters)
            joined.append((whole, letters[0][1], letters[-1][2]))
        else:
            joined.extend(letters)
        letters = []
        joined.append(word)
    return joined[:-1]


def look(reading: Reading, matched_by: Matcher | None = None) -> Iterator[Finding]:
    """Words of the lexicon, selected for hiding."""
    words = reading.words
    if sum(len(word) == 1 for word, _start, _end in words) >= _APART:
        words = _joined(words)
    for start, end, code in (matched_by or matcher()).find(words):
        yield Finding(
            *reading.folded.span(start, end),
            reading.field,
            adviser="courtesy",
            rule="courtesy",
            code=code,
            category="offence",
            hide=True,
        )
