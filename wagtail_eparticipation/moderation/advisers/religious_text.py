"""Rule on religious texts: quotations whose wording wants checking (P-7.6, R-7.6a).

Finds what stands in ornate brackets ﴿ ﴾, and what follows an introductory phrase, in
quotation marks or up to the end of the sentence. A quotation is never altered and never
cut: it is not selected for hiding, and a place holds it whole, with its marks.

``detail`` is, where the site has installed a reference text (see ``reference_text``)
and the quotation claims to come from it, ``matches 2:255``, ``differs 2:255`` or ``not
found``; otherwise ``unchecked``. ``compare(quotation)`` gives the differing words.
"""

import re
from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading
from wagtail_eparticipation.moderation.advisers.reference_text import (
    ReferenceTextError,
    compare,
)

_ORNATE = re.compile(r"[﴿﴾][^﴿﴾]{2,4000}[﴿﴾]")
#: Phrases after which the words of the reference text follow.
_INTRODUCES = (
    r"(?:قال|قوله|يقول|قول) (?:الله |ربنا |المولي )?(?:سبحانه و)?(?:تعالي|عز وجل"
    r"|جل وعلا|سبحانه)|يقول الله|قال الله"
    r"|(?:جاء|ورد|قوله) في القران(?: الكريم)?|the qur'?an says"
    r"|(?:allah|god) (?:says|said)(?: in (?:the )?(?:quran|qur'an))?"
)
#: Phrases after which sayings follow, for which there is no reference text.
_SAYINGS = (
    r"(?:قال|قول|عن|يقول) (?:رسول الله|النبي|نبينا|الرسول)"
    r"|(?:في|وفي) الحديث(?: الشريف)?|the prophet (?:says|said)"
)
_BLESSING = (
    r"(?: ?(?:ﷺ|صلي الله عليه وسلم|عليه (?:الصلاه و)?السلام|\(pbuh\)"
    r"|(?:in|في) \w{1,12}))?"
    r"(?: محمد)?"
)
_PHRASE = re.compile(
    rf"(?<!\w)[وف]?(?:(?P<text>{_INTRODUCES})|(?P<saying>{_SAYINGS})){_BLESSING}"
    r"(?P<colon>\s?[:،,]?\s{0,2})"
    r"(?:(?P<marked>«[^«»]{2,2000}»|“[^“”]{2,2000}”|\"[^\"]{2,2000}\"|\{[^{}]{2,2000}\}"
    r"|\([^()]{2,2000}\))|(?P<open>[^\n.؟!«»\"{}()\[\]﴿﴾]{6,600}))"
)
_ENDS = re.compile(r"\s*(?:صدق الله|سوره |\[|رواه )")


def look(reading: Reading) -> Iterator[Finding]:
    """The quotations in a text, each whole."""
    reached = -1
    for start, end, is_checked in sorted(_quotations(reading)):
        if start >= reached:
            reached = end
            yield _found(reading, start, end, is_checked)


def _quotations(reading: Reading) -> Iterator[tuple[int, int, bool]]:
    """Place in the text as written, and whether it is one for the reference text."""
    for match in _ORNATE.finditer(reading.text):
        yield match.start(), match.end(), True
    folded = reading.folded
    for match in _PHRASE.finditer(folded.text):
        is_checked = match["text"] is not None
        if match["marked"]:
            yield *folded.span(*match.span("marked")), is_checked
        elif ":" in match["colon"] or is_checked:
            yield from _unmarked(reading, match, is_checked)


def _unmarked(reading: Reading, match: re.Match, is_checked: bool):
    """Words after a phrase without marks: where it has a colon, or they are known."""
    start, end = match.span("open")
    if stop := _ENDS.search(match["open"]):
        end = start + stop.start()
    place = reading.folded.span(start, end)
    if (
        ":" in match["colon"]
        or (verdict := _verdict(reading.text[slice(*place)]))
        and verdict.reference
    ):
        yield *place, is_checked


def _verdict(quotation: str):
    try:
        return compare(quotation)
    except ReferenceTextError:
        return None


def _found(reading: Reading, start: int, end: int, is_checked: bool) -> Finding:
    verdict = _verdict(reading.text[start:end]) if is_checked else None
    return Finding(
        *(start, end, reading.field),
        adviser="religious_text",
        rule="religious_text",
        category="quotation",
        detail=str(verdict) if verdict else "unchecked",
    )
