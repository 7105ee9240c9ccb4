"""One key for all spellings that a reader takes for the same words.

The key is for comparing and searching only: it is never shown, and the text it came
from is kept. Arabic writing varies in marks, in the forms of alef, yeh and heh, in
digits and in what a keyboard adds; Latin text in accents, case and width.
"""

import re
import unicodedata

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
