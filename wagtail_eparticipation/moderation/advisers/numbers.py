"""Whether digits are a number of a kind: check digits, and what was written before."""

import re

_IBANS = """
ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 bi27 br29 by28 ch21 cr22 cy28 cz24 de22
dj27 dk18 do28 ee20 eg29 es24 fi18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hr21 hu28
ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 lc32 li21 lt20 lu20 lv21 ly25 mc27 md24
me22 mk19 mn20 mr27 mt31 mu30 nl18 no15 om23 pk24 pl28 ps29 pt25 qa29 ro24 rs22 ru33
sa24 sc31 sd18 se24 si19 sk24 sm27 so23 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20
ye30
"""
#: Length of an IBAN by country, as the registry of ISO 13616 lists them.
IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBANS.split()}

#: What has numbers of its own: papers and things, not persons.
_THING = (
    r"(?<!\w)(?:ال|وال|بال|و|ب)?(?:طلب|معامله|قرار|بلاغ|تذكره|شكوي|فاتوره|عقد|رخصه|مشروع"
    r"|مخطط|قطعه|عداد|مرسوم|صك|تعميم|خطاب|باركود|اشتراك|مناقصه|منافسه|قضيه|order|request"
    r"|report|decision|transaction|invoice|contract|licen[cs]e|barcode|isbn|meter|ticket"
    r"|case|decree|tender|reference|ref|plot|project|complaint|permit)\w{0,2}"
)
_NUMBER = r"(?:رقم|برقم|رقمه|رقمها|no\.?|nr\.?|number|id|#)"
#: The word "number" stands beside the thing: "for my complaint: 05…" is a telephone.
_REFERENCE = re.compile(
    rf"(?:{_THING}\.?[^\S\n]*{_NUMBER}"
    # "No complaint" is none, not its number.
    rf"|(?<!\w)(?:رقم|number|id)[^\S\n]+{_THING})(?:[^\S\n]|[:#،-]){{0,4}}\Z"
)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(number: str) -> bool:
    """Whether check digits of an account number in small letters hold (ISO 13616)."""
    moved = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def is_reference(text: str, start: int) -> bool:
    """Whether what starts here is called the number of an order, decree or invoice."""
    return bool(_REFERENCE.search(text[max(0, start - 40) : start]))
