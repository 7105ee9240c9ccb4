"""Seriousness, language, taking part once, sources, marketing, misuse."""

import pytest

from tests.moderation.advisers.makers import found, places
from wagtail_eparticipation.moderation.advisers import (
    language,
    marketing,
    misuse,
    once,
    seriousness,
    sources,
    values_and_law,
)
from wagtail_eparticipation.moderation.advisers.findings import Reading

DIALECTS = [
    "ابغى ممشى قدام البيت وش رايكم",
    "عايزين كراسي في الجنينة لو سمحتوا",
    "abgha mamsha jnb elbeit plz",
    "مافي مكان للعيال يلعبو فيه والله",
    "i realy wnt a parc",
    "موافق",
    "हमें एक पार्क चाहिए",
]


@pytest.mark.parametrize("text", DIALECTS)
@pytest.mark.parametrize(
    "look",
    [seriousness.look, language.look, values_and_law.look, misuse.look],
    ids=["seriousness", "language", "values", "misuse"],
)
def test_dialect_spelling_brevity_and_other_languages_are_welcome(look, text):
    assert list(look(Reading(text))) == []


def details(look, text, **fields):
    return [each.detail for each in look(Reading(text, **fields))]


@pytest.mark.parametrize("text", ["؟!", "👍👍", "...", "—"])
def test_a_text_without_words_is_pointed_out_to_its_writer(text):
    (finding,) = seriousness.look(Reading(text))
    assert (finding.detail, finding.hint, finding.hide) == ("no_words", True, False)


def test_an_empty_text_is_nothing_to_advise_on():
    assert details(seriousness.look, " \n") == []


@pytest.mark.parametrize(
    "text",
    ["أتقدم إليكم بشكوى عن الإنارة", "أريد أن أشتكي", "I want to complain about it"],
)
def test_a_complaint_is_told_from_an_opinion(text):
    (finding,) = seriousness.look(Reading(text))
    assert (finding.code, finding.detail) == ("complaint", "complaint")


@pytest.mark.parametrize(
    "text", ["الشكاوى كثيرة على الدوار", "complaints take too long"]
)
def test_talking_about_complaints_is_no_complaint(text):
    assert details(seriousness.look, text) == []


@pytest.mark.parametrize("text", ["\ufffd\ufffd\ufffd ?", "Ø§ÙÙ Ø§Ù Ø§Ø§"])
def test_text_that_lost_its_characters_is_pointed_out(text):
    assert details(language.look, text) == ["lost_characters"]


def test_who_takes_part_again_is_told_that_amending_is_possible():
    (finding,) = once.look(Reading("نص", facts={"same_person": True}))
    assert (finding.detail, finding.hint, finding.hide) == ("same_person", True, False)


def test_the_same_text_by_many_is_a_campaign_and_no_matter_for_its_writer():
    (finding,) = once.look(Reading("نص", facts={"same_words": 12}))
    assert (finding.detail, finding.hint, finding.code) == ("campaign 12", False, "")


@pytest.mark.parametrize("facts", [{}, {"same_person": False, "same_words": 0}])
def test_without_facts_nothing_is_said_about_taking_part_once(facts):
    assert details(once.look, "نص", facts=facts) == []


def test_the_title_of_a_participation_does_not_repeat_it():
    facts = {"same_person": True}
    assert details(once.look, "عنوان", field="title", facts=facts) == []


DOCUMENT = (
    "تقترح الأمانة إنشاء ممشى مظلل حول سوق التمور القديم يربط المواقف بالمحال "
    "ويخدم المشاة والعربات، على أن يكتمل في ثلاث مراحل خلال عامين من اعتماده."
)


def test_a_passage_of_the_topic_s_own_document_is_marked():
    passage = (
        "إنشاء ممشى مظلل حول سوق التمور القديم "
        "يربط المواقف بالمحال ويخدم المشاة والعربات"
    )
    text = f"تقولون {passage} ولا أوافق"
    facts = {"own_document": DOCUMENT}
    assert found(sources.look, text, facts=facts) == [(passage, "own_document")]


def test_it_is_marked_in_another_spelling_too():
    passage = (
        "انشاء ممشي مظلل حول سوق التمور القديم "
        "يربط المواقف بالمحال ويخدم المشاه والعربات"
    )
    facts = {"own_document": DOCUMENT}
    assert places(sources.look, passage, facts=facts) == [passage]


def test_a_phrase_that_everybody_uses_is_no_passage():
    facts = {"own_document": DOCUMENT}
    text = "ممشى مظلل حول سوق التمور القديم فكرة ممتازة"
    assert details(sources.look, text, facts=facts) == []


def test_a_long_quotation_without_a_source_is_pointed_out():
    text = "كما قيل «" + "كلمة " * 30 + "» انتهى"
    assert details(sources.look, text, facts={"sources": []}) == ["quotation"]
    assert details(sources.look, text, facts={"sources": ["كتاب"]}) == []
    assert details(sources.look, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "للبيع سيارة نظيفة 0550000123",
        "خصم ٣٠٪ للطلب واتساب ٠٥٥٠٠٠٠١٢٣",
        "تواصل معنا على 920001234",
        "عرض خاص لفترة محدودة",
        "For sale, see example.com",
        "special offer, order now",
    ],
)
def test_an_offer_with_a_way_to_take_it_up_is_marketing(text):
    (finding,) = marketing.look(Reading(text))
    assert (finding.rule, finding.code) == ("personal_data", "marketing")
    assert (finding.start, finding.end, finding.hide) == (0, 0, False)


@pytest.mark.parametrize(
    "text",
    [
        "نطلب خصماً لكبار السن على المواقف",
        "جوالي 0550000123 لمن يسأل عن الفكرة",
        "أسعار المحلات مرتفعة",
        "تدريس الطلبة والطالبات للطلبة",
        "شركة النظافة لا تأتي",
        "Shops sell at high prices, see example.com",
    ],
)
def test_prices_firms_and_contacts_alone_are_no_marketing(text):
    assert list(marketing.look(Reading(text))) == []


@pytest.mark.parametrize(
    ("text", "sign", "code"),
    [
        ("ا" * 40, "repeated", "empty"),
        ("!?" * 30 + " نعم", "symbols", "empty"),
        ("https://example.com/x", "only_link", "empty"),
        ("(example.com) www.example.org", "only_link", "empty"),
        ("<script>x</script> نص", "attack", "attack"),
        ("x' OR '1'='1", "attack", "attack"),
        ("1 union select password", "attack", "attack"),
        ("{{7*7}}", "attack", "attack"),
    ],
)
def test_misuse_is_told_by_its_sign(text, sign, code):
    (finding,) = misuse.look(Reading(text))
    assert (finding.detail, finding.code, finding.hide) == (sign, code, False)


@pytest.mark.parametrize(
    "text",
    [
        "ههههههههههههههههههههههههههههه لكن الفكرة جيدة فعلاً وتستحق الدعم",
        "نعم!!! نعم!!!",
        "رابط الدراسة https://example.com/x",
        "we must select a union of both plans",
        "👍👍👍",
        "أؤيد 🌳🌳🌳🌳🌳 وبقوة",
    ],
)
def test_laughter_joy_and_links_in_a_sentence_are_no_misuse(text):
    assert details(misuse.look, text) == []
