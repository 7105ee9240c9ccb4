"""Rule on links: where a text would lead its reader (P-7.10, R-7.10a).

A link is shown as text until a moderator releases it, so it is pointed out and not
selected for hiding. ``detail`` is its kind: ``link``, ``messenger``, ``shortener``,
``script`` (would run in the reader's browser), ``program`` (downloads one),
``address`` (a bare network address) or ``look_alike`` (letters of two scripts in one
name). Scripts, programs and look-alikes carry the code ``malicious``. Nothing is ever
fetched.
"""

import re
from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.emails import find_emails
from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading

#: Endings of names that people write without "www" or "http".
_ENDINGS = (
    "com net org edu gov mil info biz app dev shop store online site xyz club live news"
    " blog top link page tech cloud media press agency example sa ae kw bh qa om eg jo"
    " lb iq ye sy ps ma dz tn ly sd tr ir pk uk eu de fr es ru cn jp io co tv cc gg ai"
    " me be gl السعوديه امارات شبكه موقع"
)
#: Endings that are words or abbreviations: they need a path after them.
_WORDS = "it is in at to no so us by my am as do la pm id js"
_DOT = r"(?:[.。]|\s?[\[({]\s?(?:\.|dot|دوت|نقطه)\s?[\])}]\s?| dot | دوت | نقطه )"
_LABEL = r"[\w](?:[\w\-]{0,61}\w)?"
_PATH = r"(?:[/?#][^\s<>\"«»]{0,2000})"


def _either(endings: str) -> str:
    return "|".join(sorted(set(endings.split()), key=len, reverse=True))


_SCHEME = re.compile(
    r"(?<![a-z])(?:(?:h(?:tt|xx)ps?|ftps?|file|tg|whatsapp|intent|market)\s?:\s?//"
    r"\s?[^\s<>\"«»]{1,2000}(?: dot [a-z]{2,12})?"
    r"|(?:javascript|vbscript):[^\s]{1,2000}|data:[a-z]{1,20}/[^\s]{1,2000})"
)
_WWW = re.compile(rf"(?<![\w.@])www{_DOT}[^\s<>\"«»]{{1,2000}}")
_NAME = re.compile(
    rf"(?<![\w@./\-])({_LABEL}(?:{_DOT}{_LABEL}){{0,4}}){_DOT}"
    rf"(?:(?P<ending>{_either(_ENDINGS)})(?![\w\-])(?::\d{{2,5}}(?!\d))?{_PATH}?"
    rf"|(?:{_either(_WORDS)})(?![\w\-]){_PATH})"
)
_ADDRESS = re.compile(
    rf"(?<![\w.@/])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{2,5}})?{_PATH}"
)
_MESSENGERS = re.compile(
    r"(?:t|wa|m)\.me/|chat\.whatsapp|telegram\.|discord\.|^(?:tg|whatsapp):"
)
_SHORTENERS = re.compile(
    r"(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|is\.gd|cutt\.ly|ow\.ly|rb\.gy)/"
)
_PROGRAM = re.compile(
    r"\.(?:exe|apk|msi|scr|bat|cmd|ps1|vbs|jar|dmg|iso|zip|rar|7z|ipa|deb|docm"
    r"|xlsm)(?:[?#]|$)"
)
_HOST = re.compile(r"^(?:[a-z]+\s?:\s?/{2})?(?:[^/@]*@)?([^/?#:]+)")
#: Names of things that are written like a site.
_THINGS = frozenset(
    ["asp.net", "vb.net", "ado.net", "paint.net", "socket.io", "booking.com"]
)
_TRAILING = ".,;:!?؟،؛'\"”’»…*"


def look(reading: Reading) -> Iterator[Finding]:
    """Links in a text, however they are spelled."""
    for start, end, kind in find_links(reading):
        harmful = kind in ("script", "program", "look_alike")
        yield Finding(
            *(start, end, reading.field),
            adviser="links",
            rule="links",
            code="malicious" if harmful else "",
            category="link",
            detail=kind,
        )


def find_links(reading: Reading) -> list[tuple[int, int, str]]:
    """Place in the text as written, and kind, of every link."""
    text = reading.folded.text
    if not _may_hold(text):
        return []
    spans = [match.span() for match in _SCHEME.finditer(text)]
    spans += [match.span() for match in _WWW.finditer(text)]
    spans += [match.span() for match in _ADDRESS.finditer(text)]
    spans += [
        match.span() for match in _NAME.finditer(text) if _is_name(reading, match)
    ]
    mails = list(find_emails(text))
    found: list[tuple[int, int, str]] = []
    reached = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        end = _without_trailing(text, start, end)
        if start < reached or any(start < b and a < end for a, b in mails):
            continue
        reached = end
        first, last = reading.folded.span(start, end)
        found.append((first, last, _kind(text[start:end], reading.text[first:last])))
    return found


def _may_hold(text: str) -> bool:
    return any(
        sign in text
        for sign in (".", "://", "dot", "دوت", "نقطه", "script:", "data:", "。")
    )


def _is_name(reading: Reading, match: re.Match) -> bool:
    """Whether a bare name is a site and not the end of a sentence or a thing."""
    name = match[0]
    if name.lstrip("وفبلكا") in _THINGS or re.sub(r"[\d.]", "", match[1]) == "":
        return False
    ending = match["ending"]
    if ending and not ending.isascii() and match[0].endswith(ending):
        return " " not in match[0]
    written = reading.text[slice(*reading.folded.span(*match.span()))]
    label, _dot, rest = written.rpartition(".")
    begins_sentence = rest[:1].isupper() and not label.isupper()
    if begins_sentence and not rest.isupper():
        return False
    words = [part for part in re.split(_DOT, match[1]) if part]
    return all(len(word) > 1 for word in words[-1:]) or bool(
        re.search(r"[/?#]", match[0])
    )


def _without_trailing(text: str, start: int, end: int) -> int:
    """Without the punctuation of the sentence round the link."""
    while end > start:
        last = text[end - 1]
        if last in ")]}":
            opener = "([{"[")]}".index(last)]
            if text.count(last, start, end) <= text.count(opener, start, end):
                break
        elif last not in _TRAILING:
            break
        end -= 1
    return end


def _kind(folded: str, written: str) -> str:
    if folded.startswith(("javascript:", "vbscript:", "data:")):
        return "script"
    host = _HOST.match(written.lower())
    if host and _mixes_scripts(host[1]):
        return "look_alike"
    if _PROGRAM.search(folded):
        return "program"
    if _MESSENGERS.search(folded):
        return "messenger"
    if _SHORTENERS.search(folded):
        return "shortener"
    if re.match(r"(?:[a-z]+://)?\d{1,3}(?:\.\d{1,3}){3}(?!\w)", folded):
        return "address"
    return "link"


def _mixes_scripts(host: str) -> bool:
    """Whether Latin letters stand beside Cyrillic or Greek ones in one name."""
    return any(
        re.search("[a-z]", label) and re.search("[\u0370-\u03ff\u0400-\u052f]", label)
        for label in host.split(".")
    )
