"""What an export of responses holds, in each shape and each format."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.factories import DURING
from tests.surveys import export_makers as made
from tests.surveys.makers import in_english, respond, set_questions
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import export_files as register_files
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.surveys import export_books, export_rows
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.codebook import codebook_of
from wagtail_eparticipation.surveys.export import ANSWERS, Export
from wagtail_eparticipation.surveys.export_books import write_xlsx
from wagtail_eparticipation.surveys.export_files import csv_pieces, json_pieces
from wagtail_eparticipation.surveys.export_zip import zip_pieces
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.models import SurveyResponse

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    made_one = made.make_long_survey()
    with clock.rehearse(DURING):
        yield made_one


def export_of(survey, **cut):
    return Export(codebook_of(surveys_of(survey.consultation)), **cut)


def rows_of(survey, **cut):
    export = export_of(survey, **cut)
    names = [each.name for each in export.variables]
    return [dict(zip(names, row, strict=True)) for row in export.rows()]


def in_csv(survey, **cut):
    *lines, trailer = b"".join(csv_pieces(export_of(survey, **cut))).splitlines(True)
    content = b"".join(lines)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return rows, content, trailer


def test_a_response_is_one_row_with_a_column_for_each_thing_that_is_counted(survey):
    participation = made.answer_all(survey)

    (row,) = rows_of(survey)

    assert row["number"] == participation.number
    assert row["received_at"] == "2026-04-12T12:00:00+03:00"
    assert (row["language"], row["channel"]) == ("ar", "portal")
    assert (row["capacity"], row["segment"]) == (None, None)
    assert (row["state"], row["version"]) == (participation.state, 1)
    assert (row["q01"], row["q01_other"]) == (3, "خيمة")
    assert (row["q02_1"], row["q02_2"], row["q02_3"]) == (1, 0, 1)
    assert (row["q03"], row["q04"], row["q05"]) == (2, 1, 4)
    assert (row["q06_1"], row["q06_2"]) == (1, 2)
    assert (row["q07_1"], row["q07_2"], row["q07_3"]) == (2, 1, 3)
    assert (str(row["q08"]), row["q09"]) == ("-2.5", "2026-04-12")
    assert (row["q10"], row["q11"], row["q12"]) == (1, "شارع النخيل", "مقاعد")
    assert row["unlisted"] is None


def test_a_question_that_was_not_answered_is_empty_and_not_no(survey):
    respond(survey, Answer(made.VISITS, "no"))

    (row,) = rows_of(survey)

    assert row["q04"] == 0
    assert [row[f"q02_{place}"] for place in (1, 2, 3)] == [None] * 3
    assert row["q10"] == 0


def test_the_texts_of_a_language_stand_in_place_of_codes(survey):
    made.answer_all(survey)

    (row,) = rows_of(survey, language="en")

    assert (row["q01"], row["q03"], row["q04"]) == ("Other", "South", "Yes")
    assert (row["q05"], row["q06_2"]) == ("4", "Bad")
    assert row["channel"] == "Portal"
    assert row["q02_2"] == 0


def test_the_ends_of_a_scale_are_worded_with_what_they_mean(survey):
    respond(survey, Answer(made.STARS, "5"))

    assert rows_of(survey, language="en")[0]["q05"] == "5 – very"


def test_the_order_drawn_for_somebody_is_the_one_that_the_form_showed(survey):
    respond(survey, Answer(made.SHADE, made.TREES))
    SurveyResponse.objects.update(order_seed="0a1b2c3d")
    form_class = survey.get_form_class()
    form = form_class(
        {"order": "0a1b2c3d"}, consultation=survey.consultation, initial={}
    )

    (row,) = rows_of(survey)

    codes = {made.TREES: "1", made.SAILS: "2", "other": "3"}
    shown = [key for key, _label in form.fields[f"q_{made.SHADE}"].choices if key]
    assert row["q01_order"] == " ".join(codes[key] for key in shown)


def test_an_answer_is_one_row_with_its_ids_and_code(survey):
    made.answer_all(survey)

    rows = rows_of(survey, shape=ANSWERS)

    assert len(rows) == 16
    by_name = {row["variable"]: row for row in rows}
    assert by_name["q06_2"]["question_id"] == made.RATED
    assert by_name["q06_2"]["row_id"] == made.LIGHT
    assert by_name["q06_2"]["option_id"] == made.BAD
    assert by_name["q06_2"]["code"] == 2
    assert by_name["q07_2"]["value"] == 1
    assert by_name["q09"]["value"] == "2026-04-12"
    assert by_name["q01"]["words"] == "خيمة"
    assert by_name["q10"]["words"] is None


def test_with_a_language_an_answer_says_what_was_asked_and_chosen(survey):
    made.answer_all(survey)

    rows = rows_of(survey, shape=ANSWERS, language="en")

    row = next(row for row in rows if row["variable"] == "q06_1")
    assert (row["question"], row["option"]) == ("Rate these – Paths", "Good")


def test_responses_of_all_languages_are_in_one_file(survey):
    made.answer_all(survey)
    made.answer_all(in_english(survey))

    assert [row["language"] for row in rows_of(survey)] == ["ar", "en"]


@pytest.mark.parametrize("state", State.values)
def test_words_leave_only_where_staff_may_read_them(survey, state):
    made.answer_all(survey, wish="سري", other="سري")
    Participation.objects.update(state=state)

    content = [
        b"".join(csv_pieces(export_of(survey, shape=shape, counted=False))).decode()
        for shape in ("responses", "answers")
    ]

    may_be_read = state in {"received", "published", "unpublished", "late"}
    assert ["سري" in text for text in content] == [may_be_read] * 2


@pytest.mark.parametrize("state", ["withdrawn", "rolled_back", "replaced"])
def test_of_what_was_taken_back_only_the_state_is_left(survey, state):
    made.answer_all(survey)
    Participation.objects.update(state=state)

    (row,) = rows_of(survey, counted=False)

    assert row["state"] == state
    assert not any(row[name] for name in row if name.startswith("q"))
    assert rows_of(survey, shape=ANSWERS, counted=False) == []


def test_an_address_is_in_no_file(survey):
    made.answer_all(survey)
    export = export_of(survey, language="en")

    archive = zipfile.ZipFile(io.BytesIO(b"".join(zip_pieces(export, made_at=DURING))))

    texts = [archive.read(name).decode() for name in archive.namelist()]
    texts += [b"".join(json_pieces(export)).decode()]
    assert not any("sara@" in text for text in texts)


def test_only_counted_responses_are_exported_unless_all_are_asked_for(survey):
    made.answer_all(survey)
    refused = made.answer_all(survey)
    Participation.objects.filter(pk=refused.pk).update(state=State.REFUSED)

    assert len(rows_of(survey)) == 1
    assert len(rows_of(survey, counted=False)) == 2


def test_the_cut_begins_with_its_first_instant_and_ends_before_its_last(survey):
    made.answer_all(survey)

    def found(since, until):
        return len(rows_of(survey, since=DURING + since, until=DURING + until))

    second = timedelta(seconds=1)
    assert found(timedelta(0), second) == 1
    assert found(second, 2 * second) == 0
    assert found(-second, timedelta(0)) == 0


def test_an_answer_that_no_version_offers_is_not_lost(survey):
    respond(survey, Answer(made.SHADE, "gone"), Answer("gone-too", text="x"))

    assert rows_of(survey)[0]["unlisted"] == f"{made.SHADE}=gone gone-too"
    assert [row["code"] for row in rows_of(survey, shape=ANSWERS)] == [None, None]


def test_responses_to_another_survey_are_not_in_the_file(survey):
    other = made.make_long_survey()
    made.answer_all(survey)
    made.answer_all(other)
    made.answer_all(survey)

    assert len(rows_of(survey)) == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_words_are_never_a_formula_and_numbers_stay_numbers(survey, text):
    made.answer_all(survey, wish=text, other=text)

    rows, _content, _trailer = in_csv(survey)

    assert rows[0]["q12"] == rows[0]["q01_other"] == f"'{text}"
    assert rows[0]["q08"] == "-2.5"


def test_the_last_line_of_a_csv_file_states_rows_and_checksum(survey):
    made.answer_all(survey)
    made.answer_all(survey)

    rows, content, trailer = in_csv(survey)

    found = register_files.TRAILER.fullmatch(trailer)
    assert int(found[1]) == len(rows) == 2
    assert found[2].decode() == hashlib.sha256(content).hexdigest()


def test_headings_name_the_column_and_what_it_is(survey):
    headings = export_of(survey, language="en").headings

    assert "q02_1: Why do you visit? – Sport" in headings
    assert export_of(survey).headings[:2] == ["number", "received_at"]


def test_json_holds_codebook_and_responses_and_ends_with_a_checksum(survey):
    made.answer_all(survey)
    respond(in_english(survey), Answer(made.VISITS, "no"))

    content = b"".join(json_pieces(export_of(survey)))

    found = json.loads(content)
    assert found["codebook"]["questions"][0]["id"] == made.SHADE
    assert found["responses"][0]["q08"] == -2.5
    assert "q08" not in found["responses"][1]
    assert found["rows"] == 2
    before = content[: content.rindex(b',\n"rows"')]
    assert found["sha256"] == hashlib.sha256(before).hexdigest()


def test_json_of_nobody_is_still_json(survey):
    assert json.loads(b"".join(json_pieces(export_of(survey))))["responses"] == []


def test_a_workbook_has_the_codebook_on_its_second_sheet(survey, tmp_path):
    made.answer_all(survey, wish="=1+1")
    path = tmp_path / "survey.xlsx"
    with path.open("wb") as file:
        write_xlsx(file, export_of(survey), made_at=DURING)

    responses, codebook, about = load_workbook(path).worksheets

    heading, row = responses.iter_rows(values_only=True)
    assert row[heading.index("q08")] == -2.5
    assert row[heading.index("q12")] == "=1+1"
    assert responses.cell(2, heading.index("q12") + 1).data_type == "s"
    assert codebook.cell(1, 1).value == "level"
    assert about.cell(2, 2).value == "1"


def test_more_rows_than_a_sheet_takes_go_on_in_another(survey, tmp_path, monkeypatch):
    monkeypatch.setattr(export_books, "SHEET", 2)
    for _number in range(5):
        made.answer_all(survey)
    path = tmp_path / "survey.xlsx"
    with path.open("wb") as file:
        write_xlsx(file, export_of(survey), made_at=DURING)

    first, _codebook, second, third, about = load_workbook(path).worksheets

    assert [sheet.max_row for sheet in (first, second, third)] == [3, 3, 2]
    assert about.max_row == 5


@pytest.mark.parametrize("shape", ["responses", "answers"])
def test_each_piece_costs_two_queries_however_many_answered(survey, monkeypatch, shape):
    monkeypatch.setattr(export_rows, "PAGE", 2)
    for _number in range(5):
        made.answer_all(survey)
    export = export_of(survey, shape=shape)
    assert export.variables

    with CaptureQueriesContext(connection) as captured:
        assert len({row[0] for row in export.rows()}) == 5

    # Three pieces, and the empty one that ends it.
    assert len(captured) == 3 * 2 + 1


def test_words_are_those_that_a_moderator_left(survey):
    participation = made.answer_all(survey, wish="اتصلوا بي على 0501234567")
    text = participation.text.replace("0501234567", "█████")
    Participation.objects.update(text=text)

    assert rows_of(survey)[0]["q12"] == "اتصلوا بي على █████"


def test_words_that_cannot_be_told_apart_any_more_are_not_guessed(survey):
    made.answer_all(survey)
    Participation.objects.update(text="█████")

    (row,) = rows_of(survey)

    assert (row["q11"], row["q12"], row["q01_other"]) == ("—", "—", "—")
    assert row["q01"] == 3


def test_of_files_their_number_is_told(survey):
    photos = "cccccccc-0000-4000-8000-000000000001"
    asked = {"type": "file", "id": photos, "value": {"question": "صور"}}
    set_questions(survey, [*made.stream(made.ARABIC), asked])
    survey.save()
    respond(survey, Answer(photos, text="2", number=Decimal(2)))

    assert rows_of(survey)[0]["q13"] == 2
    assert rows_of(survey, shape=ANSWERS)[0]["value"] == 2
