"""Numbers and names that stand for one person: identity, bank, vehicle, handle.

Every function takes a folded text and yields places in it; they may overlap.
"""

import re
from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.numbers import (
    IBAN_LENGTHS,
    is_iban,
    is_reference,
    passes_luhn,
)

_TEN_DIGITS = re.compile(r"(?<![\d.,+/-])[12](?:[ -]?\d){9}(?!\d|[.-]\d)")
#: Gaps in a number that is written in groups; more of them are a list of numbers.
_GROUPS = 3
#: Those of a number whose digits stand one by one, and what is only counting.
_ONE_BY_ONE = 9
_COUNTING = frozenset({"1234567890", "1234567891"})
_ABOUT_IDENTITY = re.compile(
    r"(?:هويه|هويت\w{1,2}|سجل\w* (?:ال)?مدني|اقامه|اقامت\w{1,2}|رقم\w* (?:ال)?وطني"
    r"|national|identity|iqama|residence|(?<!\w)id)[^\d\n]{0,14}$"
)
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}")
_IBAN_DIGITS = re.compile(
    r"(?:ايبان|الايبان|iban)[^\d\n]{0,12}(?<![a-z])(\d(?:[ -]?\d){21})(?!\d)"
)
_ACCOUNT = re.compile(
    r"(?:رقم حسابي|حسابي (?:في )?(?:ال)?بنك\w*|حساب (?:ال)?بنكي\w*"
    r"|(?<!\w)(?:ال)?(?:تحويل|حولوا|حول) [^\d\n]{0,8}|transfer(?:red)? to"
    r"|bank account|account (?:no|number))"
    r"[^\d\n]{0,14}(\d(?:[ -]?\d){8,17})(?!\d)"
)
_CARD = re.compile(r"(?<![\d.,+-])[3-6](?:[ -]?\d){12,18}(?!\d|[.-]\d)")

#: The letters that Saudi plates use, in the folded alphabet, and their Latin ones.
_LETTER = "[ابحدرسصطعقكلمنهوي]"
_LATIN_LETTER = "[abdeghjklnrstuvxz]"
_PLATE = re.compile(
    rf"(?<!\w){_LETTER}[ \-]{_LETTER}[ \-]{_LETTER}[ \-]?\d{{1,4}}(?!\w)"
    rf"|(?<![\w.,])\d{{1,4}}[ \-]{_LETTER}[ \-]{_LETTER}[ \-]{_LETTER}(?!\w)"
    rf"|(?<!\w){_LATIN_LETTER} {_LATIN_LETTER} {_LATIN_LETTER} \d{{1,4}}(?!\w)"
    rf"|(?<![\w.,])\d{{1,4}} {_LATIN_LETTER} {_LATIN_LETTER} {_LATIN_LETTER}(?!\w)"
)
_JOINED_PLATE = re.compile(
    rf"(?<!\w)(?:{_LETTER}{{3}}|{_LATIN_LETTER}{{3}})[ \-]?\d{{1,4}}(?!\w)"
    rf"|(?<![\w.,])\d{{1,4}}[ \-]?(?:{_LETTER}{{3}}|{_LATIN_LETTER}{{3}})(?!\w)"
)
_ABOUT_PLATE = re.compile(r"(?:لوحه|لوحت\w{1,2}|plate)(?!\w)")

_PLATFORMS = (
    r"سناب\w{0,4}|تويتر|انستا\w{0,6}|انستقرام|تيليجرام|تليجرام|تلجرام|تيك ?توك|فيسبوك"
)
_HANDLE = re.compile(
    rf"(?<!\w)(?:{_PLATFORMS}|حسابي)(?: شات)?(?: (?:في|علي) (?:{_PLATFORMS}))?"
    r"[ :\-]{1,3}(?!https?|www)(@?[a-z][a-z0-9_.]{2,29})"
    r"|(?<!\w)(?:snap(?:chat)?|insta(?:gram)?|twitter|telegram|tiktok|facebook"
    r"|my account)(?: is| at)?[ :\-]{1,3}"
    r"(@[a-z][a-z0-9_.]{2,29}|[a-z]{1,29}[0-9_.][a-z0-9_.]{1,28})"
)


def find_identities(text: str) -> Iterator[tuple[int, int]]:
    """National identity and residence numbers: check digit, or a word before."""
    for match in _TEN_DIGITS.finditer(text):
        start, end = match.span()
        digits = re.sub(r"\D", "", match[0])
        gaps = len(match[0]) - len(digits)
        if _GROUPS < gaps < _ONE_BY_ONE or digits in _COUNTING:
            continue
        if _ABOUT_IDENTITY.search(text[max(0, start - 40) : start]) or (
            passes_luhn(digits) and not is_reference(text, start)
        ):
            yield start, end


def find_bank_data(text: str) -> Iterator[tuple[int, int]]:
    """IBANs and cards whose check digits hold; accounts that are called so."""
    for match in _IBAN.finditer(text):
        if end := _iban_end(match):
            yield match.start(), end
    for match in _IBAN_DIGITS.finditer(text):
        if is_iban("sa" + re.sub(r"\D", "", match[1])):
            yield match.span(1)
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if passes_luhn(digits) and not is_reference(text, match.start()):
            yield match.span()
    for match in _ACCOUNT.finditer(text):
        yield match.span(1)


def _iban_end(match: re.Match) -> int:
    """Where the number ends whose check digits hold; 0 where none do.

    What is written after it may look like a part of it.
    """
    ends = [place for place, each in enumerate(match[0], 1) if each not in " -"]
    number = match[0].replace(" ", "").replace("-", "")
    length = IBAN_LENGTHS.get(number[:2], 0)
    if 0 < length <= len(number) and is_iban(number[:length]):
        return match.start() + ends[length - 1]
    return 0


def find_plates(text: str, original_case) -> Iterator[tuple[int, int]]:
    """Vehicle plates, their letters apart, or together beside the word "plate".

    ``original_case`` gives the words at a place as they were written: Latin letters of
    a plate are capitals.
    """
    for match in _PLATE.finditer(text):
        written = original_case(*match.span())
        if not written.isascii() or written.isupper():
            yield match.span()
    if not _ABOUT_PLATE.search(text):
        return
    for match in _JOINED_PLATE.finditer(text):
        start, end = match.span()
        if not _ABOUT_PLATE.search(text[max(0, start - 30) : end + 20]):
            continue
        written = original_case(start, end)
        if not written.isascii() or written.isupper():
            yield start, end


def find_handles(text: str) -> Iterator[tuple[int, int]]:
    """Names in social networks that are called so."""
    for match in _HANDLE.finditer(text):
        start, end = match.span(1) if match[1] else match.span(2)
        yield start, end - (text[end - 1] == ".")
