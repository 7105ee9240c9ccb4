"""Rule on marketing: an offer with a way to take it up (P-7.8, R-7.8e).

One sign alone is what citizens write about too: a shop's prices, a discount for older
people, a telephone number. Flagged are an offer together with a contact or a link, and
two different offers. It is the whole text that is meant, and nothing is selected for
hiding; an organisation's name is no sign.
"""

import re
from collections.abc import Iterator

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading
from wagtail_eparticipation.moderation.advisers.identifiers import find_handles
from wagtail_eparticipation.moderation.advisers.links import find_links
from wagtail_eparticipation.moderation.advisers.phones import (
    find_phones,
    find_service_numbers,
)

#: Each is one kind of offer.
_OFFERS = tuple(
    re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
    for pattern in (
        r"للبيع|for sale|للايجار|for rent|للتقبيل",
        r"للطلب|اطلب(?:ها|ه)? (?:الان|الحين)|اطلبوا|order now|buy now"
        r"|احجز الان|book now",
        r"خصم(?:ا)? ?(?:\d{1,2} ?[%٪]|يصل)|خصومات|\d{1,2} ?[%٪] (?:خصم|discount|off)"
        r"|كود (?:ال)?خصم|(?:مع|ب)? ?كود [a-z]\w*|discount code|with code",
        r"عرض خاص|عروض(?:نا| خاصه| حصريه)|special offer"
        r"|limited offer",
        r"لفتره محدوده|limited time",
        r"(?:ال)?مقاعد محدوده|(?:few|limited) (?:seats|places)|سجل (?:الان|عبر|معنا)"
        r"|للحجز|للتسجيل|register (?:at|now|here)"
        r"|(?:فقط|only|just) ?\d+ ?(?:ريال|riyals?|sar)"
        r"|\d+ ?ريال فقط|(?:الواحده|للواحد|الحبه) ?(?:ب)?\d+ ?ريال",
        r"توصيل مجاني|توصيل لباب|free delivery|free shipping",
        r"باسعار (?:منافسه|مناسبه|تنافسيه)|ارخص الاسعار|افضل الاسعار|اسعارنا"
        r"|lowest prices|best prices?|prices from|our prices",
        r"لدينا (?:افضل|اجود|جميع|تشكيله)|نقدم (?:لكم )?(?:افضل|خدمات|جميع)"
        r"|ننفذ جميع|متجرنا|معرضنا|زوروا (?:متجر|معرض|محل)\w{0,3}|عملاء?نا"
        r"|we offer|our customers|visit our|our (?:shop|store|showroom)",
        r"للاستفسار (?:والطلب|والحجز|اتصل|تواصل)|تواصل معنا|تواصلوا معنا|اتصل بنا"
        r"|call us|contact us (?:on|at|now)",
    )
)


def look(reading: Reading) -> Iterator[Finding]:
    """At most one finding, about the whole text."""
    text = reading.folded.text
    offers = sum(bool(pattern.search(text)) for pattern in _OFFERS)
    if offers > 1 or (offers and _has_contact(reading)):
        yield Finding(
            *(0, 0, reading.field),
            adviser="marketing",
            rule="personal_data",
            code="marketing",
            category="marketing",
        )


def _has_contact(reading: Reading) -> bool:
    text = reading.folded.text
    ways = (find_phones(text), find_service_numbers(text), find_handles(text))
    return any(any(True for _each in way) for way in ways) or bool(find_links(reading))
