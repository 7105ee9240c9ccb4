"""Which numbers and names are somebody's, and which only look so (R-7.8a)."""

import pytest
from django.test import override_settings

from tests.moderation.advisers.makers import found, places
from wagtail_eparticipation.moderation.advisers import phones
from wagtail_eparticipation.moderation.advisers.findings import Reading
from wagtail_eparticipation.moderation.advisers.personal_data import look

#: Name, text, what is found in it, kind.
FOUND = [
    ("mobile", "جوالي 0551234567 للتواصل", "0551234567", "phone"),
    ("mobile in Arabic digits", "جوالي ٠٥٥١٢٣٤٥٦٧، شكراً", "٠٥٥١٢٣٤٥٦٧", "phone"),
    ("mobile in Persian digits", "رقم ۰۵۵۱۲۳۴۵۶۷", "۰۵۵۱۲۳۴۵۶۷", "phone"),
    ("mobile in groups", "call 055-123-4567", "055-123-4567", "phone"),
    ("mobile with zero-width", "0\u200b551234567.", "0\u200b551234567", "phone"),
    ("mobile with a country code", "+966 55 123 4567", "+966 55 123 4567", "phone"),
    ("mobile with 00", "00966551234567", "00966551234567", "phone"),
    ("mobile after a cue", "جوال 551234567", "551234567", "phone"),
    ("mobile without its zero", "تواصلوا معي 551234567", "551234567", "phone"),
    ("mobile without it, in groups", "كلمني على 55 123 4567", "55 123 4567", "phone"),
    ("mobile after a complaint", "عندي شكوى 0551234568 أرجو", "0551234568", "phone"),
    ("mobile after a colon", "For my complaint: 0551234567", "0551234567", "phone"),
    ("mobile in a request", "رقمي في الطلب 0551234567", "0551234567", "phone"),
    ("mobile after none", "I have no complaint. 0551234567", "0551234567", "phone"),
    ("mobile after no", "no decision 0551234567", "0551234567", "phone"),
    ("mobile on the next line", "رقم الطلب\n0551234567", "0551234567", "phone"),
    ("identity after an order", "my order 1830166136", "1830166136", "identity"),
    ("mail with spaces", "ahmad @ example . com", "ahmad @ example . com", "email"),
    ("landline", "هاتف 016 312 3456", "016 312 3456", "phone"),
    ("mail", "me: a.test@example.com.", "a.test@example.com", "email"),
    ("mail before a sentence", "a@example.com. Me too", "a@example.com", "email"),
    ("mail in brackets", "a [at] example.com", "a [at] example.com", "email"),
    ("mail in words", "a.b at example dot com", "a.b at example dot com", "email"),
    ("mail with Arabic at", "a ات example.com", "a ات example.com", "email"),
    ("mail of an Arabic name", "شكاوى@مثال.السعودية", "شكاوى@مثال.السعودية", "email"),
    ("identity by its check digit", "1830166136 هنا", "1830166136", "identity"),
    ("identity by its cue", "هويتي 1830166137", "1830166137", "identity"),
    (
        "identity, digit by digit",
        "1 8 3 0 1 6 6 1 3 6",
        "1 8 3 0 1 6 6 1 3 6",
        "identity",
    ),
    ("residence number", "إقامة ٢٢٦٠١٨١٥٩٥", "٢٢٦٠١٨١٥٩٥", "identity"),
    ("account", "SA6110791805888718033401", "SA6110791805888718033401", "bank"),
    ("account before a word", "SA6110791805888718033401 ok", None, "bank"),
    ("foreign account", "GB82 WEST 1234 5698 7654 32", None, "bank"),
    ("card", "بطاقة 4750 0474 3957 5510", "4750 0474 3957 5510", "bank"),
    ("plate", "سيارة أ ب ح 1234 هنا", "أ ب ح 1234", "plate"),
    ("plate, digits first", "١٢٣٤ ر س ط", "١٢٣٤ ر س ط", "plate"),
    ("plate, letters together", "اللوحة حصد 472", "حصد 472", "plate"),
    ("plate in Latin letters", "plate ABD 4471", "ABD 4471", "plate"),
    ("short address", "العنوان الوطني rqba3817", "rqba3817", "short_address"),
    ("box", "ص.ب 4411 بريدة", "ص.ب 4411", "box_or_code"),
    ("postal code", "الرمز البريدي 51431", "الرمز البريدي 51431", "box_or_code"),
    ("home", "أسكن في شارع الوادي رقم 4", "شارع الوادي رقم 4", "address_phrase"),
    ("home in English", "I live at 4 Wadi Street", "4 Wadi Street", "address_phrase"),
    ("own name", "اسمي سعد الحربي وأقترح", "سعد الحربي", "name"),
    ("title", "المهندس خالد الشمري", "خالد الشمري", "name"),
    ("father's name", "فهد بن سعد العتيبي", "فهد بن سعد العتيبي", "name"),
    ("name with marks", "اسمي سَعْدٌ.", "سَعْدٌ", "name"),
    ("neighbour", "my neighbour Fahad Alotaibi", "Fahad Alotaibi", "name"),
    ("signature", "Yours,\nSara Test", "Sara Test", "name"),
    ("handle", "سنابي test_77", "test_77", "handle"),
]

#: Traps: name and text in which nothing is found.
NOTHING = [
    ("decree", "القرار رقم 1448123456 بتاريخ 1448/5/12"),
    ("order with a valid check digit", "رقم الطلب 1830166136"),
    ("order in English", "order number 1830166136"),
    ("order with a sign", "ticket #0551234567"),
    ("order written like a mobile", "بلاغ رقم 0551234567"),
    ("amounts", "دفعت 1,250,000 ريال ثم 550 ريال"),
    ("date and time", "12.05.2026 10:30"),
    ("plot", "القطعة 4412 في المخطط 1203"),
    ("sum of nine digits", "كلفته 551234567 ريالا"),
    ("sum in English", "it cost 551234567 SAR"),
    ("round number", "نحو 550000000"),
    ("reference of nine digits", "المعاملة رقم 551234567"),
    ("decimal", "1.551234567"),
    ("counting", "1 2 3 4 5 6 7 8 9 0"),
    ("list of numbers", "1 2 3 4 5 6 7 8 9 10"),
    ("row of ranges", "12-13-14-15-16"),
    ("number of an organisation", "اتصلت على 920001234"),
    ("standard", "SASO2902 و NEOM2030"),
    ("book", "ISBN 9780306406157"),
    ("account with a wrong check digit", "SA6110791805888718033402"),
    ("card with a wrong check digit", "4750 0474 3957 5511"),
    ("street named after somebody", "شارع الملك عبدالله بن عبدالعزيز"),
    ("mosque named after somebody", "مسجد عثمان بن عفان"),
    ("road in English", "King Abdullah bin Abdulaziz Road"),
    ("title without a name", "المهندس المسؤول لم يزر الموقع"),
    ("preposition after a title", "المقاول على الطريق"),
    ("quarter alone", "أسكن في حي الريان ولا حديقة فيه"),
    ("public place with a number", "حفرة في شارع الأربعين رقم 12"),
    ("at as a word", "look at example dot com"),
    ("joined letters without a cue", "حدد 1234 موقعاً"),
    ("mention of another", "كلامك صحيح @test"),
]


@pytest.mark.parametrize(
    ("text", "place", "kind"), [pytest.param(*row[1:], id=row[0]) for row in FOUND]
)
def test_personal_data_is_found_in_its_exact_place(text, place, kind):
    if place is None:
        place = text.removesuffix(" ok")
    assert found(look, text) == [(place, kind)]


@pytest.mark.parametrize("text", [pytest.param(t, id=name) for name, t in NOTHING])
def test_what_only_looks_like_personal_data_is_left_alone(text):
    assert found(look, text) == []


@pytest.mark.parametrize(
    "text", [row[1] for row in FOUND if row[3] == "phone" and "landline" not in row[0]]
)
def test_numbers_are_found_without_the_extra_package(text, monkeypatch):
    monkeypatch.setattr(phones, "_library", lambda: None)
    assert [detail for _place, detail in found(look, text)] == ["phone"]


def test_a_foreign_number_is_found_without_the_extra_package(monkeypatch):
    monkeypatch.setattr(phones, "_library", lambda: None)
    assert places(look, "in London +44 20 7946 0018.") == ["+44 20 7946 0018"]


def test_national_numbers_are_those_of_the_site_s_country():
    text = "ring 020 7946 0018 please"
    assert places(look, text) == []
    with override_settings(WAGTAIL_EPARTICIPATION={"TELEPHONE_REGION": "GB"}):
        assert places(look, text) == ["020 7946 0018"]


def test_every_place_is_selected_for_hiding_with_its_category():
    finding = next(iter(look(Reading("0551234567", field="title"))))
    assert (finding.hide, finding.hint, finding.field) == (True, True, "title")
    assert (finding.category, finding.code) == ("contact", "personal_data")


def test_one_place_is_claimed_once():
    text = "اسمي سعد الحربي 0551234567 / a@example.com"
    assert places(look, text) == ["سعد الحربي", "0551234567", "a@example.com"]


def test_the_stored_text_is_not_touched():
    text = "جوالي ٠٥٥١٢٣٤٥٦٧"
    reading = Reading(text)
    list(look(reading))
    assert reading.text is text
