"""Responses from files: labels of either language and ids become ids (AC-S3-I1)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.factories import DURING
from tests.factories_pages import every_channel, make_consultation_page
from tests.participations.batches_made import bring_in, make_moderator
from tests.surveys import wide_makers as wide
from tests.surveys.makers import (
    PLAY,
    REST,
    SAILS,
    SHADE,
    SPORT,
    TEXTS,
    TREES,
    USES,
    WORDS,
    make_survey,
    respond,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import (
    batch_course,
    import_files,
    second_reading,
    tools,
)
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.results import results

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def survey():
    return make_survey(topic=make_consultation_page(channels=every_channel()))


@pytest.fixture
def clerk():
    return make_moderator()


def file_of(*rows, language="ar"):
    texts = TEXTS[language]
    head = f'"{texts[SHADE]}","{texts[USES]}","{texts[WORDS]}",id,date,language'
    lines = [f"{row},f{n},2026-04-10,{language}" for n, row in enumerate(rows)]
    return "\n".join([head, *lines]) + "\n"


def imported(survey, clerk, text, **fields):
    return bring_in(
        survey.consultation,
        text,
        actor=clerk,
        tool="survey",
        subject=str(survey.translation_key),
        **fields,
    )


def answers_of(participation):
    rows = SurveyAnswer.objects.filter(response__participation=participation)
    return {
        (row.question_id, row.option_id, row.response.own_words(row)) for row in rows
    }


def test_labels_of_both_languages_and_ids_are_the_same_answer(survey, clerk):
    batch = imported(
        survey,
        clerk,
        file_of(
            "أشجار,الرياضة; الراحة,نص حر",
            "Trees,Sport|Rest,نص حر",
            f"{TREES},{SPORT}؛{REST},نص حر",
            "اشجار,الرياضه;الراحه,نص حر",
        ),
    )
    assert (batch.imported, batch.failed) == (4, 0)
    expected = {
        (SHADE, TREES, ""),
        (USES, SPORT, ""),
        (USES, REST, ""),
        (WORDS, "", "نص حر"),
    }
    rows = Participation.objects.all()
    assert [answers_of(row) for row in rows] == [expected] * 4
    assert {row.tool for row in rows} == {"survey"}
    counted = results(survey.translation_key, survey.questions_list())
    assert [(each.option.id, each.count) for each in counted[0].options][0] == (
        TREES,
        4,
    )


def test_a_file_in_english_is_guessed_by_its_own_questions(survey, clerk):
    batch = imported(survey, clerk, file_of("Sails,Sport,", language="en"))
    assert batch.imported == 1
    response = SurveyResponse.objects.get()
    assert response.page.locale.language_code == "en"
    assert response.survey_key == survey.translation_key
    assert answers_of(response.participation) == {
        (SHADE, SAILS, ""),
        (USES, SPORT, ""),
    }


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("حديد,,", "تظليل"),
        ("أشجار;مظلات,,", "تظليل"),
        ("أشجار,الرياضة;الراحة;لعب الأطفال,", "تزورون"),
        (",,", "question"),
        ("<script>alert(1)</script>,,", "تظليل"),
    ],
)
def test_an_answer_that_is_none_is_named_with_its_row(survey, clerk, row, told):
    with clock.rehearse(DURING):
        batch = imported(survey, clerk, file_of(row, "أشجار,,"))
    assert (batch.imported, batch.failed) == (1, 1)
    ((number, message),) = batch.errors
    assert number == 2
    assert told in message or "سؤال" in message
    assert "حديد" not in message and "script" not in message


def test_the_same_option_twice_counts_once(survey, clerk):
    imported(survey, clerk, file_of("أشجار,الراحة;Rest,"))
    assert SurveyAnswer.objects.filter(option_id=REST).count() == 1


def test_a_rehearsal_keeps_no_answer_and_the_same_file_comes_in_once(survey, clerk):
    from django.core.files.base import ContentFile

    text = file_of("أشجار,الراحة,", "مظلات,,نص")
    batch = batch_course.prepare(
        survey.consultation,
        ContentFile(text.encode(), name="rows.csv"),
        "rows.csv",
        channel="paper",
        actor=clerk,
        tool="survey",
        subject=str(survey.translation_key),
    )
    headings, _first = batch_course.headings_of(batch)
    plan = import_files.Plan(
        import_files.propose(headings, import_files.fields_of(batch)),
        entry=import_files.entry_of(batch),
    )
    report = batch_course.rehearse(batch, plan, actor=clerk)
    assert report.imported == 2
    assert not SurveyResponse.objects.exists()
    assert not SurveyAnswer.objects.exists()
    batch_course.carry_out(batch, plan, actor=clerk)
    again = imported(survey, clerk, text + "أشجار,,,f9,2026-04-10,ar\n")
    assert (again.imported, again.repeated) == (1, 2)
    assert SurveyResponse.objects.count() == 3


def test_an_import_that_was_taken_back_leaves_the_results(survey, clerk):
    respond(survey)
    batch = imported(survey, clerk, file_of("مظلات,,"))
    batch_course.roll_back(batch, reason="wrong", actor=clerk)
    first = results(survey.translation_key, survey.questions_list())[0]
    counts = {each.option.id: each.count for each in first.options}
    assert counts == {TREES: 1, SAILS: 0}


def test_a_second_reader_corrects_the_answers(client, survey, clerk):
    batch = imported(survey, clerk, file_of("أشجار,لعب الأطفال,نص"))
    reading = second_reading.waiting(batch).get()
    client.force_login(make_moderator())
    url = reverse(
        "eparticipation_admin:second_reading", args=[batch.consultation_id, batch.pk]
    )
    html = client.get(url).content.decode()
    assert "لعب الأطفال" in html
    shape = html.split('name="shape" value="')[1].split('"')[0]
    client.post(
        url,
        {
            "action": "correct",
            "reading": reading.pk,
            "shape": shape,
            f"q_{SHADE}": SAILS,
            f"q_{USES}": [PLAY],
            f"q_{WORDS}": "نص",
            "made_at": "2026-04-10 00:00",
        },
    )
    reading.refresh_from_db()
    assert reading.result == "corrected"
    row = Participation.objects.get()
    assert (SHADE, SAILS, "") in answers_of(row)
    kept = row.revisions.get().data["answers"]
    assert {"question_id": SHADE, "option_id": TREES, "text": ""} in kept


def test_surveys_are_offered_by_name_and_withheld_ones_not(survey):
    key = f"survey:{survey.translation_key}"
    assert key in dict(tools.importable(survey.consultation))
    type(survey).objects.update(withheld=True)
    assert key not in dict(tools.importable(survey.consultation))


def test_the_desk_asks_for_the_column_of_a_question(client, survey, clerk):
    client.force_login(clerk)
    key = f"survey:{survey.translation_key}"
    file = SimpleUploadedFile("rows.csv", file_of("أشجار,الراحة,نص").encode())
    answer = client.post(
        reverse("eparticipation_admin:imports", args=[survey.consultation.pk]),
        {"channel": "paper", "tool": key, "file": file},
    )
    url = answer["Location"]
    html = client.get(url).content.decode()
    assert f'name="column_q_{SHADE}"' in html
    assert 'name="column_text"' not in html
    typed = {
        "action": "import",
        "language": "ar",
        "consent": "none",
        "publication": "not_published",
        "column_made_at": "date",
    }
    assert client.post(url, typed).status_code == 200
    assert not Participation.objects.exists()
    column = {f"column_q_{SHADE}": TEXTS["ar"][SHADE]}
    client.post(url, typed | column)
    assert answers_of(Participation.objects.get()) == {(SHADE, TREES, "")}


def test_the_command_imports_responses(survey, clerk, tmp_path, capsys):
    path = tmp_path / "rows.csv"
    path.write_text(file_of("أشجار,الراحة,نص"), encoding="utf-8")
    args = [
        "eparticipation_import",
        survey.consultation.reference,
        str(path),
        f"--user={clerk.username}",
        "--channel=paper",
    ]
    with pytest.raises(CommandError, match=str(survey.translation_key)):
        call_command(*args, "--tool=poll")
    with pytest.raises(CommandError, match=f"q_{SHADE}"):
        call_command(*args, f"--tool=survey:{survey.translation_key}", "--map=text=id")
    call_command(*args, f"--tool=survey:{survey.translation_key}")
    assert len(answers_of(Participation.objects.get())) == 3


@pytest.mark.parametrize("rows", [20, 200])
def test_an_import_of_responses_costs_the_same_with_more_rows(
    survey, clerk, rows, django_assert_max_num_queries
):
    text = file_of(*["أشجار,الراحة;الرياضة,نص"] * rows)
    imported(survey, clerk, file_of("أشجار,,", language="en"))
    with django_assert_max_num_queries(120):
        imported(survey, clerk, text)


def test_every_kind_of_answer_comes_from_a_file_as_from_the_form(clerk):
    topic = make_consultation_page(channels=every_channel())
    survey = wide.make_wide_survey(topic=topic)
    cells = {
        wide.VISITS: "نعم",
        wide.HOW_OFTEN: "أخرى: يوميًا",
        wide.QUALITY: "4",
        wide.CLEAN: "جيد",
        wide.SAFE: "bad",
        wide.ORDER: "الإنارة; الممرات; المقاعد",
        wide.AGE: "٣٤",
        wide.SINCE: "2020-02-29",
        wide.ADDRESS: "a@example.org",
        wide.WHERE: "عند المسجد",
        wide.WISHES: "ماء; ألعاب",
        wide.DISTRICT: "North",
    }
    head = ",".join([*cells, "id", "date", "language"])
    row = ",".join([*cells.values(), "f1", "2026-04-10", "ar"])
    batch = imported(survey, clerk, f"{head}\n{row}\n")

    assert (batch.imported, batch.failed) == (1, 0)
    rows = SurveyAnswer.objects.select_related("response__participation")
    found = {
        (r.question_id, r.option_id, r.response.own_words(r), r.number) for r in rows
    }
    assert found == {
        (wide.VISITS, "yes", "", None),
        (wide.HOW_OFTEN, "other", "يوميًا", None),
        (wide.QUALITY, "4", "", None),
        (wide.CLEAN, wide.GOOD, "", None),
        (wide.SAFE, wide.POOR, "", None),
        (wide.ORDER, wide.LIGHTS, "", Decimal(1)),
        (wide.ORDER, wide.PATHS, "", Decimal(2)),
        (wide.ORDER, wide.SEATS, "", Decimal(3)),
        (wide.AGE, "", "34", Decimal(34)),
        (wide.SINCE, "", "2020-02-29", Decimal(737484)),
        (wide.ADDRESS, "", "", None),
        (wide.WHERE, "", "عند المسجد", None),
        (wide.WISHES, wide.WATER, "", None),
        (wide.WISHES, wide.PLAY, "", None),
        (wide.DISTRICT, wide.NORTH, "", None),
    }
    address = rows.get(question_id=wide.ADDRESS)
    assert address.as_answer("").private == "a@example.org"


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        (wide.AGE, "many"),
        (wide.AGE, "130"),
        (wide.SINCE, "yesterday"),
        (wide.ADDRESS, "nobody"),
        (wide.QUALITY, "6"),
        (wide.SAFE, "دائمًا"),
        (wide.ORDER, "الإنارة; الممرات"),
        (wide.DISTRICT, "شمالي; جنوبي"),
    ],
)
def test_a_cell_that_no_form_would_take_is_an_error_of_its_row(clerk, key, cell):
    topic = make_consultation_page(channels=every_channel())
    survey = wide.make_wide_survey(topic=topic)
    head = f"{wide.VISITS},{key},id,date,language"
    text = f"{head}\nنعم,{cell},f1,2026-04-10,ar\n"
    batch = imported(survey, clerk, text)

    assert (batch.imported, batch.failed) == (0, 1)
    assert not SurveyResponse.objects.exists()
