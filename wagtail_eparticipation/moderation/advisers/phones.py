"""Telephone numbers of people, by patterns and, where present, by `phonenumbers`.

The patterns know Saudi numbers and international ones. The extra ``[pii]`` adds the
national numbers of the country in the setting ``TELEPHONE_REGION`` and checks the
rest of the world's. Numbers that a whole organisation shares (9200…, 800…) are nobody's
personal data and are not found here; ``find_service_numbers`` finds them.
"""

import re
from collections.abc import Iterator
from functools import cache

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.moderation.advisers.numbers import is_reference

_GAP = r"[ \-.()/_]{0,2}"
_PATTERNS = re.compile(
    # Mobile, with the trunk zero; a landline with its area code.
    rf"(?<![\d.,+])\(?0{_GAP}(?:5(?:{_GAP}\d){{8}}|1{_GAP}[1-7](?:{_GAP}\d){{7}})(?!\d)"
    # The same from abroad.
    rf"|(?<!\d)(?:\+\s?|00\s?)?966{_GAP}0?{_GAP}[15](?:{_GAP}\d){{8}}(?!\d)"
)
_ABROAD = re.compile(rf"(?<![\d.,+])(?:\+\s?|00)[1-9](?:{_GAP}\d){{7,13}}(?!\d)")
_AFTER_CUE = re.compile(
    r"(?:جوال|هاتف|تلفون|واتس|رقمي|رقمه|رقمها|اتصل|كلم|mobile|phone|tel|cell|call|ring"
    rf"|whatsapp|my number)[^\d\n]{{0,20}}(5(?:{_GAP}\d){{8}})(?!\d)"
)
#: A mobile without its zero, which no word announces: whole, or in the usual groups.
_BARE = re.compile(
    r"(?<![\d.,+/-])5[03-9](?:\d{7}|(?P<gap>[ -])\d{3}(?P=gap)\d{4}"
    r"|\d(?P<other>[ -])\d{3}(?P=other)\d{3})(?![\d/-]|[.,]\d)"
)
#: What is counted or paid, and round numbers, are not called.
_ROUND = re.compile(r"000$")
_COUNTED = re.compile(
    r"\s{0,2}(?:%|[\w]{0,2}(?:ريال|دولار|متر|كيلو|طن|نسمه|زائر|شخص|مليون|الف)"
    r"|(?:sar|sr|riyal|dollar|usd|met|m2|km|ton|people|visitor|inhabitant|million)"
    r"|\$|€|﷼)"
)
_MAY_HOLD = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
_SERVICE = re.compile(
    rf"(?<!\d)(?:9{_GAP}2{_GAP}0{_GAP}0(?:{_GAP}\d){{5}}|800(?:{_GAP}\d){{7}})(?!\d)"
)


@cache
def _library():
    """The package `phonenumbers`, or None where it is not installed."""
    try:
        import phonenumbers
    except ImportError:
        return None
    return phonenumbers


def find_phones(text: str) -> Iterator[tuple[int, int]]:
    """Places of the numbers in a folded text; they may overlap."""
    if not _MAY_HOLD.search(text):
        return
    spans = [match.span() for match in _PATTERNS.finditer(text)]
    spans += [match.span(1) for match in _AFTER_CUE.finditer(text)]
    spans += _bare(text)
    if library := _library():
        spans += _checked(library, text)
    else:
        spans += [match.span() for match in _ABROAD.finditer(text)]
    for start, end in spans:
        if text[start] == "(" and ")" not in text[start:end]:
            start += 1
        if not is_reference(text, start):
            yield start, end


def _bare(text: str) -> Iterator[tuple[int, int]]:
    for match in _BARE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if not (_ROUND.search(digits) or _COUNTED.match(text, match.end())):
            yield match.span()


def _checked(library, text: str) -> Iterator[tuple[int, int]]:
    kinds = library.PhoneNumberType
    shared = {kinds.UAN, kinds.TOLL_FREE, kinds.SHARED_COST, kinds.PREMIUM_RATE}
    matcher = library.PhoneNumberMatcher(
        text, get_setting("TELEPHONE_REGION"), max_tries=2000
    )
    for match in matcher:
        if library.number_type(match.number) not in shared:
            yield match.start, match.end


def find_service_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Places of the numbers at which organisations are called."""
    for match in _SERVICE.finditer(text):
        yield match.span()
