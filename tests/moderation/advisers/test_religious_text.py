"""Quotations found whole and compared with a text that the site installed (R-7.6)."""

from pathlib import Path

import pytest
from django.test import override_settings

from tests.moderation.advisers.makers import found, places
from wagtail_eparticipation.moderation.advisers import reference_text
from wagtail_eparticipation.moderation.advisers.findings import Reading
from wagtail_eparticipation.moderation.advisers.reference_text import (
    Difference,
    ReferenceText,
    ReferenceTextError,
    compare,
)
from wagtail_eparticipation.moderation.advisers.religious_text import look

FILE = Path(__file__).with_name("reference.txt")


@pytest.fixture
def installed():
    reference_text._load.cache_clear()
    with override_settings(WAGTAIL_EPARTICIPATION={"REFERENCE_TEXT": str(FILE)}):
        yield
    reference_text._load.cache_clear()


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("انظر ﴿الماء أصل الحياة﴾ هنا", "﴿الماء أصل الحياة﴾"),
        ("انظر ﴾الماء أصل الحياة﴿ هنا", "﴾الماء أصل الحياة﴿"),
        ("قال تعالى: «الماء أصل الحياة» إلخ", "«الماء أصل الحياة»"),
        ("قالَ اللهُ تعالى {الماء أصل}", "{الماء أصل}"),
        ("قال تعالى: الماء أصل الحياة. وبعد", "الماء أصل الحياة"),
        ("قال رسول الله ﷺ: «الطريق حق» نعم", "«الطريق حق»"),
        ('Allah says: "Water is life" so', '"Water is life"'),
    ],
)
def test_a_marked_quotation_is_found_whole(text, quotation):
    assert places(look, text) == [quotation]


@pytest.mark.parametrize(
    "text",
    [
        "قال المدير: «نبدأ غداً»",
        "قال تعالى الصوت في الاجتماع فخرجنا",
        "والله العظيم تعبنا",
        "{قوسان} و (قوسان)",
    ],
)
def test_other_words_in_marks_are_no_quotations(text):
    assert places(look, text) == []


def test_without_a_reference_text_nothing_is_judged():
    assert found(look, "﴿الماء أصل الحياة﴾") == [("﴿الماء أصل الحياة﴾", "unchecked")]


def test_a_quotation_is_never_selected_for_hiding():
    finding = next(iter(look(Reading("﴿الماء أصل الحياة﴾"))))
    assert (finding.hide, finding.category) == (False, "quotation")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("quoted", "verdict"),
    [
        ("الماء أصل الحياة في كل أرض", "matches 1:1"),
        ("المَاءُ أَصْلُ الحَيَاةِ", "matches 1:1"),
        ("الطريق حق", "matches 2:1"),
        ("في كل أرض ومن حفظ الماء", "matches 1:1-2"),
        ("وبيت للطير الطريق حق", "matches 1:3-2:1"),
        ("الماء أصل الحياة في كل بحر", "differs 1:1"),
        ("ومن حفظ الماء فقد حفظ داره وزرعه", "differs 1:2"),
        ("والشجرة ظل بارد لمن مشى وثمر لمن صبر", "differs 1:3"),
        ("هذه كلمات ليست في النص كله أبداً", "not found"),
        ("الهواء أصل", "not found"),
    ],
)
def test_a_quotation_matches_differs_or_is_not_found(quoted, verdict):
    text = f"﴿{quoted}﴾"
    assert found(look, text) == [(text, verdict)]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("quoted", "difference"),
    [
        (
            "ومن أماط عنه الحجر فله شكر من مر به",
            Difference("replace", "الحجر", "الأذى"),
        ),
        (
            "ومن أماط الأذى فله شكر من مر به",
            Difference("insert", "", "عنه"),
        ),
        (
            "ومن أماط عنه الأذى دوماً فله شكر من مر به",
            Difference("delete", "دوماً", ""),
        ),
    ],
)
def test_the_differing_words_are_shown_as_both_wrote_them(quoted, difference):
    differences = compare(quoted).differences
    changed = [each for each in differences if each.kind != "equal"]
    assert changed == [difference]


@pytest.mark.usefixtures("installed")
def test_the_differences_hold_the_whole_quotation_as_it_was_written():
    quoted = "ومَن أماطَ عنه الحجرَ فله شكر من مر به"
    verdict = compare(quoted)
    assert " ".join(each.quoted for each in verdict.differences) == quoted


@pytest.mark.usefixtures("installed")
def test_an_unmarked_quotation_needs_a_colon_or_known_words():
    assert places(look, "كما قال تعالى الماء أصل الحياة") == ["الماء أصل الحياة"]


@pytest.mark.usefixtures("installed")
def test_sayings_are_left_to_people():
    assert found(look, "قال النبي: «الماء أصل الحياة»")[0][1] == "unchecked"


@pytest.mark.usefixtures("installed")
def test_the_file_is_read_once_by_a_process():
    compare("الماء أصل الحياة")
    compare("الطريق حق للناس")
    assert reference_text._load.cache_info().misses == 1


@pytest.mark.parametrize(
    "content", ["", "# nothing\n", "one|two|three\n", "words only"]
)
def test_a_file_without_lines_of_the_form_says_so(content):
    with pytest.raises(ReferenceTextError, match=r"1\|1\|text"):
        ReferenceText(content.splitlines())


def test_a_file_that_is_gone_leaves_the_quotation_unchecked(tmp_path):
    gone = {"REFERENCE_TEXT": str(tmp_path / "gone.txt")}
    with override_settings(WAGTAIL_EPARTICIPATION=gone):
        assert found(look, "﴿الماء أصل الحياة﴾")[0][1] == "unchecked"
        with pytest.raises(ReferenceTextError, match="cannot be read"):
            compare("الماء أصل الحياة")


def test_without_the_setting_there_is_no_verdict():
    assert compare("الماء أصل الحياة") is None
