"""E-mail addresses, also as people write them to hide them from machines."""

import re
from collections.abc import Iterator

_LOCAL = r"(?<![\w.%+-])[\w%+-][\w.%+-]{0,63}"
_LABELS = r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_PLAIN = re.compile(rf"{_LOCAL}@{_LABELS}")
#: With spaces round its signs, as people write against machines.
_SPACED = re.compile(
    rf"{_LOCAL}\s?@\s?[\w-]{{1,63}}(?:\s?\.\s?[\w-]{{1,63}}){{0,3}}"
    r"\s?\.\s?(?:com|net|org|sa|edu|gov)(?!\w)"
)
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|دوت|نقطه|\.)\s?[\])}]\s?)"
#: Brackets round the word; the end may be written plainly.
_BRACKETS = re.compile(
    rf"{_LOCAL}\s?[\[({{]\s?(?:at|@|ات)\s?[\])}}]\s?[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}}"
)
#: Words alone: both have to be words, or the first one Arabic.
_WORDS = re.compile(
    r"(?<![\w.%+-])([a-z0-9][\w.%+-]{0,63}) at [a-z0-9-]{2,63}(?: dot [a-z]{2,12}){1,3}"
    r"(?!\w)"
    r"|(?<![\w.%+-])([a-z0-9][a-z0-9.%+-]{0,63}) ات [a-z0-9-]{2,63}"
    r"(?:(?:\.| دوت | نقطه )[a-z]{2,12}){1,3}(?!\w)"
)
#: "Look at example dot com" is no address.
_NOT_LOCAL = re.compile(
    "look|see|visit|is|are|it|available|me|us|found|find|go|shop|vote|read|check|and|or"
    "|we|you|only|meet|not"
)


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    """Places of the addresses in a folded text."""
    if "@" in text:
        for match in _PLAIN.finditer(text):
            yield match.start(), match.end()
        for match in _SPACED.finditer(text):
            yield match.start(), match.end()
    if "at" in text or "ات" in text or "@" in text:
        for match in _BRACKETS.finditer(text):
            yield match.start(), match.end()
    if " at " in text or " ات " in text:
        for match in _WORDS.finditer(text):
            if not _NOT_LOCAL.fullmatch(match[1] or match[2]):
                yield match.start(), match.end()
