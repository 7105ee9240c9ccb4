"""Which forms of a word of the lexicon are seen, and which words are not meant."""

import pytest

from wagtail_eparticipation.moderation import lexicon
from wagtail_eparticipation.moderation.advisers.courtesy import Matcher, look
from wagtail_eparticipation.moderation.advisers.findings import Reading

SEEDS = {row.key: row.sub_code for row in lexicon.seeds()}
MATCHER = Matcher(SEEDS)


def insults(text):
    findings = look(Reading(text), MATCHER)
    return [(text[each.start : each.end], each.code) for each in findings]


@pytest.mark.parametrize(
    ("text", "word", "code"),
    [
        ("هذا حقير", "حقير", "belittling"),
        ("والحقير", "والحقير", "belittling"),
        ("للحقيرين", "للحقيرين", "belittling"),
        ("حقيرهم", "حقيرهم", "belittling"),
        ("حَقِيرٌ", "حَقِيرٌ", "belittling"),
        ("حقيييير", "حقيييير", "belittling"),
        ("حـــقير", "حـــقير", "belittling"),
        ("حق\u200bير", "حق\u200bير", "belittling"),
        ("العاهرات", "العاهرات", "defamation"),
        ("يا غبي افهم", "يا غبي", "mockery"),
        ("فالأغبياء", "فالأغبياء", "mockery"),
        ("ابن الحرام", "ابن الحرام", "defamation"),
        ("والروافض", "والروافض", "sectarianism"),
        ("طروش البحر", "طروش البحر", "racism"),
        ("عديم الأصل", "عديم الأصل", "tribalism"),
        ("you IDIOTS", "IDIOTS", "belittling"),
        ("1d10t", "1d10t", "belittling"),
        ("Idiooot", "Idiooot", "belittling"),
        ("son of a bitch", "son of a bitch", "defamation"),
        ("m\u043eron", "m\u043eron", "belittling"),
    ],
)
def test_a_word_is_seen_in_the_forms_that_it_takes(text, word, code):
    assert insults(text) == [(word, code)]


@pytest.mark.parametrize(
    "text",
    [
        "الأمانة فاشلة وهذا إهمال وفساد",
        "قرار غبي يضر بالتجار",
        "إدارة سيئة وموظفون غير أكفاء",
        "الشارع قذر ووسخ",
        "الكلاب الضالة والحمير في الطريق",
        "حديقة الحيوان",
        "الطابق السفلي والسفلية",
        "مدينة صفوى جميلة",
        "لفوا حول الدوار",
        "ناصبين خيامهم في البر",
        "مستوى منحط من الخدمة",
        "incompetent and corrupt management, a failure",
        "a stupid decision",
        "Scunthorpe and class",
        "the pond is full of scum",
        "rose bushes prick",
        "a chink of light",
        "Niger and Nigeria",
        "2010 2015 2020",
    ],
)
def test_criticism_and_everyday_words_are_no_insults(text):
    assert insults(text) == []


def test_the_place_is_selected_for_hiding_as_offensive_words():
    finding = next(iter(look(Reading("حقير"), MATCHER)))
    assert (finding.hide, finding.category, finding.rule) == (
        True,
        "offence",
        "courtesy",
    )


def test_the_longest_phrase_is_one_place():
    matcher = Matcher({"bad": "mockery", "bad dog": "belittling"})
    findings = list(look(Reading("a bad dog barks"), matcher))
    assert [(each.start, each.end, each.code) for each in findings] == [
        (2, 9, "belittling")
    ]


def test_a_phrase_is_not_seen_across_other_words():
    assert insults("ابن الجار الحرام") == []
