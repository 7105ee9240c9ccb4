"""Rule on misuse: what no person means to say to anybody (P-7.9, R-7.9b).

``detail`` is the sign: ``repeated`` (one character fills the text), ``symbols`` (signs
instead of words), ``only_link`` or ``attack`` (code aimed at the site's software,
which is shown as text and runs nowhere). How often and how fast something is sent is
not to be seen in a text; the limits at the door look at that.
"""

import re
from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading
from wagtail_eparticipation.moderation.advisers.links import find_links

#: So many of the same character in a row, and more than four fifths of the text:
#: a long laugh before a sentence is no misuse.
_REPEATED = 20
#: So many signs, and more than this share of what is written.
_SYMBOLS = 20
_SYMBOL_SHARE = 0.3
_RUN = re.compile(rf"(\S)\1{{{_REPEATED - 1},}}")
_ATTACK = re.compile(
    r"<\s?script|<\s?iframe|on(?:error|load|click)\s?=\s?[\"'a-z]|' or '?1'?\s?=\s?'?1"
    r"|union (?:all )?select |;\s?drop table |(?:\.\./){2,}"
    r"|\{\{\s?\d+\s?\*\s?\d+\s?\}\}"
    r"|\$\{jndi:|/etc/passwd"
)


def look(reading: Reading) -> Iterator[Finding]:
    """At most one finding, about the whole text of a participation."""
    if reading.field == "text" and (sign := _sign(reading)):
        yield Finding(
            *(0, 0, reading.field),
            adviser="misuse",
            rule="misuse",
            code="attack" if sign == "attack" else "empty",
            category="other",
            hint=sign != "attack",
            detail=sign,
        )


def _sign(reading: Reading) -> str:
    text = reading.folded.text
    if _ATTACK.search(text):
        return "attack"
    length = sum(map(len, text.split()))
    if any(5 * len(run[0]) > 4 * length for run in _RUN.finditer(text)):
        return "repeated"
    # Links are looked for only where nothing in the text is a plain word.
    if not any(map(str.isalpha, text.split())):
        links = find_links(reading)
        if links and not _words_outside(reading.text, links):
            return "only_link"
    signs = length - sum(end - start for _word, start, end in reading.words)
    if signs < _SYMBOLS or signs <= _SYMBOL_SHARE * length:
        return ""
    return "" if find_links(reading) else "symbols"


def _words_outside(text: str, links) -> bool:
    place = 0
    for start, end, _kind in links:
        if re.search(r"\w", text[place:start]):
            return True
        place = end
    return bool(re.search(r"\w", text[place:]))
