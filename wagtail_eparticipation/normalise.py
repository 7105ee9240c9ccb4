"""One key for all spellings that a reader takes for the same words.

The key is for comparing and searching only: it is never shown, and the text it came
from is kept. Arabic writing varies in marks, in the forms of alef, yeh and heh, in
digits and in what a keyboard adds; Latin text in accents, case and width.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

#: Letters that writers use for one another. Persian gaf is left alone: it is a letter
#: of its own in the names that use it.
_LETTERS = {
    **dict.fromkeys("ٱٲٳٵ", "ا"),
    **dict.fromkeys("ىیۍێېےۓ", "ي"),
    **dict.fromkeys("ةہۂۃھەۀۿ", "ه"),
    **dict.fromkeys("کڪګڬ", "ك"),
    **dict.fromkeys("ۆۇۈۋ", "و"),
    **dict.fromkeys("ڤڥ", "ف"),
    "ں": "ن",
    "ـ": "",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
}

#: Combining marks are dropped in Latin, Greek, Cyrillic, Hebrew and Arabic only: in
#: Hindi, Bengali or Thai the marks are the vowels.
_DROPPED_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0487),
    (0x0591, 0x05BD),
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E4),
    (0x06E7, 0x06E8),
    (0x06EA, 0x06ED),
    (0x0897, 0x089F),
    (0x08CA, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
)

#: "مسئول" and "مسؤول": the same word in two official spellings. Seen after
#: decomposition, so yeh stands apart from its hamza.
_YEH_HAMZA_WAW = re.compile("ي[\u064b-\u0652]*\u0654[\u064b-\u0652]*و")
#: "شيء" and "شئ".
_FINAL_YEH_HAMZA = re.compile(r"يء\b")

#: Cyrillic and Greek letters that look like a Latin one, as capital or small letter.
_LOOK_ALIKES = str.maketrans(
    "авеѕіјкмнорстухһԁԛԝӏαβεζηικμνορτυχ",
    "abesijkmhopctyxhdqwlabezhikmnoptyx",
)
_LATIN = re.compile("[a-z]")
_CYRILLIC_OR_GREEK = re.compile("[\u0370-\u03ff\u0400-\u052f]")


class _Characters(dict):
    """What becomes of one character; worked out once, kept for the common plane."""

    def __missing__(self, code: int) -> str:
        result = self._result(code)
        if code <= 0xFFFF:
            self[code] = result
        return result

    @staticmethod
    def _result(code: int) -> str:
        character = chr(code)
        if character in _LETTERS:
            return _LETTERS[character]
        if any(first <= code <= last for first, last in _DROPPED_MARKS):
            return ""
        category = unicodedata.category(character)
        if category == "Nd":
            return str(unicodedata.decimal(character))
        if category in ("Cf", "Cs", "Cn", "Co") or character == "\0":
            return ""
        if category[0] in "PSZC":
            return " "
        return character


_CHARACTERS = _Characters()


def search_key(text: str) -> str:
    """Return the comparable form of ``text``: its words apart by single spaces.

    Equal keys mean the same words to a reader. Punctuation and symbols part words,
    marks and invisible characters vanish, digits of every script become 0-9. A text
    without words gives the empty string. The key of a key is the key itself.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFKD", folded)
    folded = _YEH_HAMZA_WAW.sub("وو", folded)
    folded = folded.translate(_CHARACTERS)
    folded = _FINAL_YEH_HAMZA.sub("ي", folded)
    words = folded.split()
    if _CYRILLIC_OR_GREEK.search(folded):
        words = [_as_latin(word) for word in words]
    return unicodedata.normalize("NFC", " ".join(words))


def _as_latin(word: str) -> str:
    """Fold look-alikes only where Latin letters surround them."""
    return word.translate(_LOOK_ALIKES) if _LATIN.search(word) else word


@dataclass(frozen=True)
class Folded:
    """A text in its comparable form, character by character.

    ``places[i]`` is where the character ``text[i]`` came from in the original; one more
    place, the length of the original, stands at the end.
    """

    text: str
    places: Sequence[int]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open place in the original of a half-open place in ``text``.

        It takes in whole characters as a reader sees them: the marks of its last
        letter, the parts of a joined emoji, a ligature of which it holds a part; and
        the direction marks round it, where they open and close about it alone.
        """
        if end <= start:
            return self.places[start], self.places[start]
        first, last = self.places[start], self.places[end - 1] + 1
        if self.original.isascii():
            return first, last
        return _whole(self.original, first, last)


#: Invisible characters that open, close or set a direction, or part nothing.
_OPENERS = frozenset("\u2066\u2067\u2068\u202a\u202b\u202d\u202e")
_CLOSERS = frozenset("\u2069\u202c")
_LOOSE = frozenset("\u200b\u200c\u200e\u200f\u061c\u2060\ufeff\u00ad")
_JOINER = "\u200d"


def _continues(text: str, place: int) -> bool:
    """Whether no reader sees a border before the character at ``place``."""
    if not 0 < place < len(text):
        return False
    here, before = text[place], text[place - 1]
    if here.isascii():
        return False
    if here == _JOINER or before == _JOINER:
        return True
    if unicodedata.category(here)[0] == "M" or "\U0001f3fb" <= here <= "\U0001f3ff":
        return True
    if "\U000e0020" <= here <= "\U000e007f":
        return True
    return _is_half_flag(text, place)


def _is_half_flag(text: str, place: int) -> bool:
    """A flag is two regional indicators; a row of them is read in pairs."""
    count, at = 0, place
    while at >= 0 and "\U0001f1e6" <= text[at] <= "\U0001f1ff":
        count, at = count + 1, at - 1
    return count > 0 and count % 2 == 0


def _whole(text: str, first: int, last: int) -> tuple[int, int]:
    while _continues(text, first):
        first -= 1
    while _continues(text, last):
        last += 1
    inside = text[first:last]
    depth = sum(c in _OPENERS for c in inside) - sum(c in _CLOSERS for c in inside)
    before = first
    while before and (text[before - 1] in _LOOSE or text[before - 1] in _OPENERS):
        before -= 1
    opened = depth + sum(c in _OPENERS for c in text[before:first])
    while last < len(text) and (
        text[last] in _LOOSE or (text[last] in _CLOSERS and opened > 0)
    ):
        closes = text[last] in _CLOSERS
        depth, opened, last = depth - closes, opened - closes, last + 1
    while first and (
        text[first - 1] in _LOOSE or (text[first - 1] in _OPENERS and depth < 0)
    ):
        first -= 1
        depth += text[first] in _OPENERS
    return first, last


class _Kept(dict):
    """What one character becomes where punctuation and line ends are kept."""

    def __missing__(self, character: str) -> str:
        folded = unicodedata.normalize("NFKD", character).casefold()
        folded = unicodedata.normalize("NFKD", folded)
        result = "".join(self._kept(each) for each in folded)
        if character <= "\uffff":
            self[character] = result
        return result

    @staticmethod
    def _kept(character: str) -> str:
        category = unicodedata.category(character)
        if character == "\n":
            return character
        if category[0] in "PS":
            return character
        return _CHARACTERS[ord(character)]


_KEPT = _Kept()
_WORD = re.compile(r"\w+")


def fold(text: str) -> Folded:
    """The comparable form with its places; punctuation and line ends stay.

    Unlike :func:`search_key` it keeps what parts words, so that numbers, addresses and
    links can be read in it. It goes character by character: the two spellings that
    ``search_key`` unites by looking at their neighbours stay apart.
    """
    if text.isascii() and text.isprintable():
        return Folded(text.lower(), range(len(text) + 1), text)
    pieces = [_KEPT[character] for character in text]
    folded = "".join(pieces)
    places: Sequence[int]
    if len(folded) == len(text) and all(pieces):
        places = range(len(text) + 1)
    else:
        places = [place for place, piece in enumerate(pieces) for _ in piece]
        places.append(len(text))
    if _CYRILLIC_OR_GREEK.search(folded):
        folded = _WORD.sub(lambda match: _as_latin(match[0]), folded)
    return Folded(folded, places, text)
