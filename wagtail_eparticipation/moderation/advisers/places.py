"""Where somebody lives or gets letters.

A street or a quarter alone is what topics are about and is nobody's address: an address
phrase needs a word of dwelling and the number of a house. Every function takes a folded
text and yields places in it.
"""

import re
from collections.abc import Iterator

_BOX = re.compile(
    r"(?<!\w)(?:ص[. ]{1,2}ب\.?|صندوق (?:ال)?بريد\w{0,2}|p\.? ?o\.? ?box)"
    r"[ :.#\-]{0,3}(?:رقم )?\d{2,7}(?!\d)"
    # The town and its code often follow.
    r"(?:[ ،,\-]{1,3}(?:\w{3,15}[ ،,]{1,2})?\d{5}(?!\d))?"
)
_POSTAL_CODE = re.compile(
    r"(?<!\w)(?:(?:ال)?رمز (?:ال)?بريدي|post(?:al )?code|zip(?: code)?)"
    r"[ :.\-]{0,3}\d{5}(?:-\d{4})?(?!\d)"
)
_SHORT = re.compile(r"(?<!\w)[a-z]{4} ?\d{4}(?!\w)")
_ABOUT_ADDRESS = re.compile(r"(?:عنوان\w{0,3}|وطني|مختصر|address)[^\n]{0,12}$")
#: Standards and programmes that are written like a short address.
_NOT_SHORT = {"astm", "ansi", "ieee", "neom", "http", "mers", "html", "road"}
_REGIONS = frozenset("rmqejtahnbkd")

_UNIT = r"(?:رقم|عماره|شقه|فيلا|منزل|بيت|مبني|دور) ?(?:رقم ?)?:? ?\d{1,5}(?!\d)"
_PHRASE = re.compile(
    r"(?<!\w)(?:اسكن|ساكن|ساكنه|ساكنين|نسكن|يسكن|تسكن|سكني|بيتي|بيتنا|بيته|بيتها|منزلي"
    r"|منزلنا|منزله|منزلها|شقتي|عنواني|عنوانه|عنوانها)(?!\w)[^\n.؟!]{0,30}?"
    r"(?:(?<!\w)|(?<=[بفل]))((?:حي|شارع|طريق|عماره|فيلا|منزل|مبني|شقه) "
    rf"[^\n.؟!]{{0,60}}?{_UNIT}(?:[ ،,\-]{{1,3}}{_UNIT}){{0,3}})"
)
#: A flat in a building: nobody calls a public place so.
_FLAT = re.compile(
    r"(?<!\w)(?:(?:حي|شارع|طريق) [^\n.؟!]{1,30}? )?(?:عماره|مبني|برج) ?(?:رقم ?)?"
    r"\d{1,4}[ ،,\-]{1,4}"
    r"(?:دور \d{1,2}[ ،,\-]{1,3})?شقه ?(?:رقم ?)?\d{1,4}(?!\d)"
)
_STREET = r"(?:street|st|road|rd|lane|avenue|ave|drive|way|square|alley)(?![\w])"
_UNIT_EN = r"(?:building|villa|apartment|apt|flat|house) (?:no\.? )?\d{1,5}(?!\d)"
_PHRASE_EN = re.compile(
    r"(?<!\w)(?:i live|we live|lives|lived|living|my address|our address|my house"
    r"|our house|my home|home|my flat|residence)(?!\w)[^\n.\d]{0,20}?"
    rf"((?:{_UNIT_EN}|(?<!\d)\d{{1,5}} (?:[a-z'\-]{{1,20}} ){{1,4}}?{_STREET})"
    rf"(?:, ?(?:{_UNIT_EN}|(?:[a-z'\-]{{1,20}} ){{1,3}}?{_STREET})){{0,3}})"
)


def find_boxes_and_codes(text: str) -> Iterator[tuple[int, int]]:
    """Post office boxes, and postal codes that are called so."""
    for pattern in (_BOX, _POSTAL_CODE):
        for match in pattern.finditer(text):
            yield match.span()


def find_short_addresses(text: str, original_case) -> Iterator[tuple[int, int]]:
    """Short national addresses: four letters and four digits.

    Without a word before, the letters have to be capitals that begin with that of a
    region, and the digits no year, for standards are written alike.
    """
    for match in _SHORT.finditer(text):
        start, end = match.span()
        if _ABOUT_ADDRESS.search(text[max(0, start - 40) : start]) or (
            match[0][0] in _REGIONS
            and match[0][:4] not in _NOT_SHORT
            and match[0][-4:-2] not in ("19", "20", "14")
            and " " not in match[0]
            and original_case(start, end).isupper()
        ):
            yield start, end


def find_address_phrases(text: str) -> Iterator[tuple[int, int]]:
    """A street with a house number, said to be somebody's home."""
    for match in _PHRASE.finditer(text):
        yield match.span(1)
    for match in _FLAT.finditer(text):
        yield match.span()
    for match in _PHRASE_EN.finditer(text):
        yield match.span(1)
