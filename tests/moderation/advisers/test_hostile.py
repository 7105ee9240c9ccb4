"""Texts made to keep an adviser busy, or to make it split what it must not."""

import time
import unicodedata

import pytest

from tools.measure_advisers import seeded_matcher
from wagtail_eparticipation.moderation.advisers import courtesy
from wagtail_eparticipation.moderation.advisers.findings import Reading
from wagtail_eparticipation.moderation.advisers.registry import registered
from wagtail_eparticipation.normalise import fold

#: Each is the longest text that the door takes, made of one thing over and over.
UNITS = [
    *("a", "1", "@", ".", "ا", " ", "-", "(", "%", "\n", "﴿", "«", '"', "\u200b"),
    *("a.", "a@", "a-", "1 ", "1-", "1.", "+1", "05", "(0", "a@a.", "a at ", " dot "),
    *("ا ", "بن ", "ابو ", "محمد ", "محمد بن ", "اسمي ", "المهندس ", "الاستاذ محمد "),
    *("اسكن ", "اسكن شارع ", "بيتي شارع ا ", "i live ", "i live 1 a ", "ص.ب ", "ص ب "),
    *("http://", "hxxp:// ", "www.", "a.com", "a.com ", "javascript:", "t.me/", "[.]"),
    *("0551234567 ", "a@b.co ", "1830166136 ", "أ ب ح 1 ", "sa", "sa61 ", "rqba3817 "),
    *("قال تعالى ", "قال تعالى: ", "قال رسول الله: «", "name: ", "Mr A ", "regards\n"),
    *("سناب ", "حسابي a", "twitter @", "حقير ", "يا غبي ", "ح م ", "حقيييييييير "),
    *(
        "e\u0301",
        "👩\u200d💻",
        "🇸🇦",
        "\u2066",
        "\u2066a\u2069",
        "a\u2069",
        "ﷺ",
        "а",
        "aа",
    ),
    *(
        "رقم حسابي ",
        "هويتي ",
        "لوحة ",
        "plate ",
        "4111 ",
        "966 ",
        "for sale ",
        "للبيع ",
    ),
]
LENGTH = 10_000
#: Far above what any of them needs, far below what anything quadratic takes.
SECONDS = 2.0


def looks():
    matcher = seeded_matcher()
    yield lambda reading: courtesy.look(reading, matcher)
    for adviser in registered():
        if adviser.name != "courtesy":
            yield adviser.look


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: ascii(unit)[:30])
def test_the_longest_text_of_one_thing_is_read_in_no_time(unit):
    text = (unit * LENGTH)[:LENGTH]
    started = time.process_time()
    for look in looks():
        for finding in look(Reading(text)):
            assert 0 <= finding.start <= finding.end <= len(text)
    assert time.process_time() - started < SECONDS


def test_ten_thousand_candidates_are_all_found():
    text = "0551234567 " * 10_000
    personal = next(each for each in registered() if each.name == "personal_data")
    started = time.process_time()
    assert len(list(personal.look(Reading(text)))) == 10_000
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "between", ["\u0301", "\u200d", "\u200f", "\u2067", "\ufe0f", "🏽", "ـ", "\u064b"]
)
def test_no_place_begins_or_ends_inside_a_character(between):
    text = (
        "جوالي 05512345" + between + "67" + between + " اسمي سعد" + between + " الحربي"
    )
    for look in looks():
        for finding in look(Reading(text)):
            for edge in (finding.start, finding.end):
                if 0 < edge < len(text):
                    assert unicodedata.category(text[edge])[0] != "M"
                    assert text[edge - 1] != "\u200d" or text[edge] == " "
                    assert not "\U0001f3fb" <= text[edge] <= "\U0001f3ff"


@pytest.mark.parametrize("text", ["\0", "\ud800", "\udfff0551234567", "\U0010ffff" * 9])
def test_characters_that_are_none_are_read_all_the_same(text):
    for look in looks():
        list(look(Reading(text)))
    assert len(fold(text).places) == len(fold(text).text) + 1
