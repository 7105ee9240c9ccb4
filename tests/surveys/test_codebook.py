"""The codebook of a survey: what was asked, in which languages and versions."""

import json

import pytest

from tests.factories import DURING
from tests.surveys import export_makers as made
from tests.surveys.makers import in_english, set_questions
from wagtail_eparticipation.surveys.asked_before import questions_of
from wagtail_eparticipation.surveys.codebook import codebook_of
from wagtail_eparticipation.surveys.codebook_files import as_json, table_of
from wagtail_eparticipation.surveys.export import Export
from wagtail_eparticipation.surveys.export_files import columns_of
from wagtail_eparticipation.surveys.frozen import frozen
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.models import SurveyVersion

pytestmark = pytest.mark.django_db

OLD = "bbbbbbbb-0000-4000-8000-000000000001"


@pytest.fixture
def survey():
    return made.make_long_survey()


def book(survey):
    return codebook_of(surveys_of(survey.consultation))


def parsed(survey):
    """What JSON holds of the codebook; questions by their names."""
    export = Export(book(survey))
    found = json.loads(json.dumps(as_json(export.codebook, columns_of(export))))
    return found, {each["name"]: each for each in found["questions"]}


def make_version(survey, number, questions=None, **notes):
    return SurveyVersion.objects.create(
        survey_key=survey.translation_key,
        number=number,
        notes=notes,
        questions=questions or {},
        made_at=DURING,
    )


def plain(key, label, kind="text", **more):
    return {"id": key, "kind": kind, "label": label, **more}


def test_it_says_which_survey_it_is_of(survey):
    found, _questions = parsed(survey)

    assert found["survey"] == str(survey.translation_key)
    assert found["consultation"] == survey.consultation.reference
    assert found["titles"] == {"ar": "استبانة عن التظليل", "en": "Survey on shade"}
    assert found["languages"] == ["ar", "en"]
    assert found["results_visibility"] == "after_closing"
    assert found["versions"] == [{"number": 1, "made_at": "", "notes": {}}]


def test_each_question_has_its_id_kind_and_text_in_every_language(survey):
    _found, questions = parsed(survey)

    assert list(questions) == [f"q{number:02}" for number in range(1, 13)]
    assert [each["kind"] for each in questions.values()] == [
        "single",
        "multiple",
        "dropdown",
        "yes_no",
        "scale",
        "matrix",
        "ranking",
        "number",
        "date",
        "email",
        "place",
        "text",
    ]
    assert questions["q01"]["id"] == made.SHADE
    assert questions["q01"]["texts"] == {
        "ar": "أي تظليل تفضلون؟",
        "en": "Which shade do you prefer?",
    }


def test_options_have_ids_codes_and_texts_in_every_language(survey):
    _found, questions = parsed(survey)

    trees, _sails, other = questions["q01"]["options"]
    assert (trees["id"], trees["code"]) == (made.TREES, 1)
    assert trees["texts"] == {"ar": "أشجار", "en": "Trees"}
    assert (other["id"], other["code"], other["texts"]["en"]) == ("other", 3, "Other")
    yes, no = questions["q04"]["options"]
    assert (yes["code"], no["code"]) == (1, 0)
    assert (yes["texts"]["ar"], yes["texts"]["en"]) == ("نعم", "Yes")


def test_the_ends_of_a_scale_say_what_they_mean(survey):
    _found, questions = parsed(survey)

    first, *_between, last = questions["q05"]["options"]
    assert first["meanings"] == {"ar": "غير راضٍ", "en": "not at all"}
    assert (last["code"], last["meanings"]["en"]) == (5, "very")


def test_rows_of_a_matrix_have_ids_of_their_own(survey):
    _found, questions = parsed(survey)

    assert [row["id"] for row in questions["q06"]["rows"]] == [made.PATHS, made.LIGHT]


def test_units_limits_and_conditions_are_told(survey):
    _found, questions = parsed(survey)

    assert questions["q08"]["unit"] == {"ar": "متر", "en": "metres"}
    assert questions["q08"]["limits"] == {"minimum": "0"}
    assert questions["q02"]["limits"] == {"at_most": 2}
    assert questions["q01"]["at_random"]
    assert questions["q04"]["required"]
    assert questions["q09"]["shown_if"]["en"] == (
        "Only if “Do you visit the park?” is answered with “Yes”"
    )


def test_every_column_of_the_data_is_explained(survey):
    found, _questions = parsed(survey)

    variables = {each["name"]: each for each in found["variables"]}
    names = [each.name for each in Export(book(survey)).variables]
    assert list(variables) == names
    assert variables["q02_3"]["option"] == made.PLAY
    assert variables["q06_2"]["row"] == made.LIGHT
    assert variables["q06_2"]["codes"][1]["labels"]["en"] == "Bad"


def test_the_table_has_a_row_for_everything_and_a_column_for_each_language(survey):
    export = Export(book(survey))
    headings, rows = table_of(export.codebook, columns_of(export))

    rows = [dict(zip(headings, row, strict=True)) for row in rows]
    option = next(row for row in rows if row["option_id"] == made.SAILS)
    assert (option["level"], option["name"], option["code"]) == ("option", "q01", 2)
    assert (option["text_ar"], option["text_en"]) == ("مظلات", "Sails")
    levels = {row["level"] for row in rows}
    assert levels >= {"survey", "version", "question", "row", "option", "variable"}


@pytest.mark.parametrize("shape", ["list", "parts", "blocks"])
def test_a_question_of_an_older_version_alone_is_listed(survey, shape):
    asked = [plain(OLD, "سؤال قديم"), plain(made.VISITS, "هل تزورون؟", "yes_no")]
    if shape == "parts":
        asked = [{"id": "start", "title": "", "items": asked}]
    elif shape == "blocks":
        asked = [
            {"type": "text", "id": OLD, "value": {"question": "سؤال قديم"}},
            {"type": "yes_no", "id": made.VISITS, "value": {"question": "هل؟"}},
        ]
    make_version(survey, 1, {"ar": asked})
    make_version(survey, 2, ar="حُذف سؤال")

    found, questions = parsed(survey)

    assert questions["q01"]["id"] == OLD
    assert questions["q01"]["versions"] == [1]
    assert questions["q02"]["id"] == made.VISITS
    assert questions["q02"]["versions"] == [1, 2]
    assert found["versions"][1]["notes"] == {"ar": "حُذف سؤال"}


def test_what_the_first_version_asked_is_read_as_corrections_keep_it(survey):
    asked = {"ar": frozen(survey), "en": frozen(in_english(survey))}
    make_version(survey, 1, asked)
    make_version(survey, 2)
    for page, words in ((survey, made.ARABIC), (in_english(survey), made.ENGLISH)):
        left = [each for each in made.stream(words) if each["id"] != made.DAY]
        set_questions(page, left)
        page.save()

    _found, questions = parsed(survey)

    assert [each["versions"] for each in questions.values()].count([1, 2]) == 11
    assert questions["q09"]["versions"] == [1]
    assert questions["q09"]["texts"] == {
        "ar": made.ARABIC[made.DAY],
        "en": made.ENGLISH[made.DAY],
    }
    assert questions["q09"]["shown_if"]["en"] == (
        "Only if “Do you visit the park?” is answered with “Yes”"
    )


def test_an_option_that_a_version_added_comes_after_the_others(survey):
    options = [{"id": made.SAILS, "label": "مظلات"}]
    kept = plain(made.SHADE, "أي تظليل؟", "single", options=options)
    make_version(survey, 1, {"ar": [kept]})
    make_version(survey, 2)

    _found, questions = parsed(survey)

    codes = {each["id"]: each["code"] for each in questions["q01"]["options"]}
    assert codes == {made.SAILS: 1, made.TREES: 2, "other": 3}
    assert questions["q01"]["options"][1]["versions"] == [2]


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "text",
        {"ar": None},
        {"ar": [{"id": "x"}]},
        {"ar": [{"id": "x", "kind": "number", "label": "n", "minimum": "much"}]},
        {"ar": [{"id": "x", "kind": "single", "label": "n", "options": [{}]}]},
        {"ar": [{"type": "gone", "id": "x", "value": 3}]},
        {"ar": [{"type": "single", "id": "x", "value": "y"}]},
    ],
)
def test_a_record_that_cannot_be_read_is_left_out(kept):
    assert not any(questions_of(kept).values())


def test_what_another_language_alone_asks_is_not_in_the_codebook(survey):
    english = in_english(survey)
    extra = {"type": "text", "id": OLD, "value": {"question": "More?"}}
    set_questions(english, [*made.stream(made.ENGLISH), extra])
    english.save()

    _found, questions = parsed(survey)

    assert OLD not in {each["id"] for each in questions.values()}
