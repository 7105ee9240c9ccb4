"""Corrections after the first response make public versions (R-4.1c)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from tests.factories import AFTER, DURING, make_user
from tests.surveys.makers import (
    PLAY,
    REST,
    SAILS,
    SHADE,
    SPORT,
    TREES,
    USES,
    WORDS,
    in_english,
    make_survey,
    questions,
    respond,
    set_questions,
)
from tests.surveys.raw_makers import FIRST_ROW, GOOD, MATRIX, further
from tests.surveys.test_editing import edit
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.surveys import versions
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.models import SurveyResponse, SurveyVersion
from wagtail_eparticipation.surveys.pages import SurveyPage
from wagtail_eparticipation.surveys.results import results

pytestmark = pytest.mark.django_db

NOTE = "صُحّح نص الخيار الأول."
SECOND = "أضيف خيار."


@pytest.fixture(autouse=True)
def in_the_period():
    with clock.rehearse(DURING), override("en"):
        yield


def fresh(survey):
    return SurveyPage.objects.get(pk=survey.pk)


def answered(**fields):
    survey = make_survey(**fields)
    respond(survey, Answer(SHADE, TREES), Answer(USES, SPORT), Answer(USES, PLAY))
    return fresh(survey)


def correct(survey, raw, note=NOTE, user=None):
    """Publish other questions with a note; returns the page as it is then."""
    page = fresh(survey)
    set_questions(page, raw)
    page.correction = note
    page.save_revision(user=user).publish()
    return fresh(survey)


def numbers(survey):
    return [each.number for each in versions.versions_of(survey.translation_key)]


@pytest.mark.parametrize(
    "raw",
    [
        questions(**{SHADE: "أي ظل؟"}),
        questions(**{TREES: "نخيل"}),
        questions(leave_out=[PLAY]),
        questions(leave_out=[WORDS]),
        list(reversed(questions())),
        [*questions(), *further()],
    ],
    ids=["text", "option text", "option", "question", "order", "added"],
)
def test_a_correction_with_a_note_makes_the_second_version(raw):
    survey = answered()

    correct(survey, raw)

    first, second = versions.versions_of(survey.translation_key)
    assert (first.number, second.number) == (1, 2)
    assert set(first.questions) == {"ar", "en"}
    assert [q.id for q in versions.thawed(first.questions["ar"])] == [
        block["id"] for block in questions()
    ]
    assert second.questions["ar"] == versions.frozen(fresh(survey))
    assert second.notes == {"ar": NOTE}
    assert versions.current_number(survey.translation_key) == 2


def test_without_a_note_nothing_changes():
    survey = answered()

    with pytest.raises(ValidationError, match="what is corrected and why"):
        correct(survey, questions(**{TREES: "نخيل"}), note="  ")

    assert fresh(survey).questions_list()[0].options[0].label == "أشجار"
    assert not SurveyVersion.objects.exists()


def test_the_note_of_the_last_correction_is_not_one_of_the_next():
    survey = answered()
    correct(survey, questions(**{TREES: "نخيل"}))

    with pytest.raises(ValidationError, match="that of the last correction"):
        correct(survey, questions(**{TREES: "سدر"}))
    correct(survey, questions(**{TREES: "سدر"}), note=SECOND)

    assert numbers(survey) == [1, 2, 3]


@pytest.mark.parametrize("note", ["", NOTE])
def test_another_kind_under_the_same_id_is_never_a_correction(note):
    survey = answered()
    raw = questions()
    raw[0]["type"] = "dropdown"

    with pytest.raises(ValidationError, match="same kind"):
        correct(survey, raw, note=note)


def test_a_question_that_was_taken_out_does_not_come_back_as_another_kind():
    survey = answered()
    correct(survey, questions(leave_out=[WORDS]))
    raw = questions()
    raw[2] = {**raw[0], "id": WORDS}
    raw[2]["value"] = {
        **raw[2]["value"],
        "options": [
            {"type": "item", "value": text, "id": f"o{text}"} for text in ("a", "b")
        ],
    }

    with pytest.raises(ValidationError, match="same kind"):
        correct(survey, raw, note=SECOND)


def test_before_the_first_response_there_are_no_versions():
    survey = make_survey()

    correct(survey, questions(**{TREES: "نخيل"}), note="")

    assert numbers(survey) == []
    assert versions.current_number(survey.translation_key) == 1
    assert versions.told(survey) is None


def test_another_introduction_makes_no_version():
    survey = answered()
    survey.introduction = "<p>كلمة.</p>"
    survey.save_revision().publish()

    assert numbers(survey) == []


def test_publishing_the_same_again_makes_no_version():
    survey = answered()
    correct(survey, questions(**{TREES: "نخيل"}))

    for _again in range(2):
        fresh(survey).save_revision().publish()

    assert numbers(survey) == [1, 2]


def test_drafts_make_no_version(client):
    survey = answered()
    for number in range(3):
        response = edit(
            client, survey, questions(**{TREES: f"نخيل {number}"}), correction=NOTE
        )
        assert response.status_code == 302

    assert numbers(survey) == []
    assert fresh(survey).has_unpublished_changes


def test_the_editor_publishes_a_correction_with_a_note(client):
    survey = answered()

    response = edit(
        client,
        survey,
        questions(**{TREES: "نخيل"}),
        correction=NOTE,
        **{"action-publish": "1"},
    )

    assert response.status_code == 302
    assert numbers(survey) == [1, 2]
    assert SurveyVersion.objects.get(number=2).made_by is not None


def test_who_published_it_is_kept():
    survey, user = answered(), make_user()

    correct(survey, questions(**{TREES: "نخيل"}), user=user)

    assert SurveyVersion.objects.get(number=2).made_by == user


def test_the_other_language_is_withheld_until_it_follows_and_joins_the_version():
    survey = answered()
    correct(survey, questions(leave_out=[PLAY]))
    english = in_english(survey)
    assert english.withheld
    assert not fresh(survey).withheld

    correct(english, questions("en", leave_out=[PLAY]), note="Corrected an option.")

    assert not in_english(survey).withheld
    assert numbers(survey) == [1, 2]
    second = SurveyVersion.objects.get(number=2)
    assert set(second.questions) == {"ar", "en"}
    assert second.notes == {"ar": NOTE, "en": "Corrected an option."}


def test_a_language_with_responses_of_its_own_follows_with_a_note_of_its_own():
    survey = answered()
    respond(in_english(survey), Answer(SHADE, SAILS))
    correct(survey, questions(leave_out=[PLAY]))
    raw = questions("en", leave_out=[PLAY])

    with pytest.raises(ValidationError, match="what is corrected and why"):
        correct(in_english(survey), raw, note="")
    correct(in_english(survey), raw, note="Corrected.")

    assert not in_english(survey).withheld


def test_a_correction_is_made_first_where_the_survey_was_first_written(client):
    survey = answered()
    raw = questions("en", leave_out=[PLAY])

    response = edit(
        client,
        in_english(survey),
        raw,
        correction="One less.",
        **{"action-publish": "1"},
    )

    assert "This differs from the version in" in response.content.decode()
    correct(in_english(survey), raw, note="One less.")
    assert in_english(survey).withheld
    assert not fresh(survey).withheld
    assert numbers(survey) == [1]


def test_words_may_be_corrected_in_one_language_alone():
    survey = answered()

    correct(in_english(survey), questions("en", **{TREES: "Palms"}), note="A word.")

    second = SurveyVersion.objects.get(number=2)
    assert second.notes == {"en": "A word."}
    assert set(second.questions) == {"ar", "en"}
    assert not fresh(survey).withheld and not in_english(survey).withheld


def test_totals_add_up_over_the_versions_by_id():
    survey = answered()
    page = correct(survey, questions(**{TREES: "نخيل"}))
    respond(page, Answer(SHADE, TREES), Answer(USES, REST))

    shade, uses, _words = results(survey.translation_key, page.questions_list())

    assert [(o.option.label, o.count) for o in shade.options] == [
        ("نخيل", 2),
        ("مظلات", 0),
    ]
    assert uses.n == 2


def test_what_was_taken_out_is_counted_among_what_was_ever_asked():
    survey = answered()
    page = correct(survey, questions(leave_out=[PLAY, SHADE]))

    asked = versions.asked_ever(page)
    uses, _words, shade = results(survey.translation_key, asked)

    assert shade.question.label == "أي تظليل تفضلون؟"
    assert [(o.option.label, o.count) for o in shade.options][0] == ("أشجار", 1)
    assert [(o.option.label, o.count) for o in uses.options] == [
        ("الرياضة", 1),
        ("الراحة", 0),
        ("لعب الأطفال", 1),
    ]


def test_earlier_questions_are_in_the_language_asked_for():
    survey = answered()
    correct(survey, questions(leave_out=[SHADE]))

    found = {q.id: q for q in versions.earlier(survey.translation_key, "en")}

    assert found[SHADE].label == "Which shade do you prefer?"
    assert found[WORDS].label == "What else do you suggest?"


def test_a_row_that_was_taken_out_is_still_listed():
    survey = make_survey(languages=("ar",))
    set_questions(survey, [*questions(), *further()])
    survey.save_revision().publish()
    respond(survey, Answer(SHADE, TREES), Answer(FIRST_ROW, GOOD))
    raw = [*questions(), *further()]
    del raw[4]["value"]["rows"][0]
    raw[6]["value"]["show_if"]["rules"] = []

    page = correct(survey, raw)

    (matrix,) = [q for q in versions.asked_ever(page) if q.id == MATRIX]
    assert [row.label for row in matrix.rows] == ["الإنارة", "النظافة"]


def test_the_number_is_told_in_one_query_and_told_to_readers_in_one(
    django_assert_num_queries,
):
    survey = answered()
    page = correct(survey, questions(**{TREES: "نخيل"}))

    with django_assert_num_queries(1):
        assert versions.current_number(page.translation_key) == 2
    page.locale  # noqa: B018 (the page's language is known wherever it is shown)
    with django_assert_num_queries(1):
        versions.told(page)


def test_the_author_of_an_answer_still_reads_what_was_taken_out():
    survey = answered()
    participation = SurveyResponse.objects.get().participation
    correct(survey, questions(leave_out=[PLAY, SHADE]))

    assert tools.describe(participation, "ar") == [
        ("لماذا تزورون الحديقة؟", "الرياضة; لعب الأطفال"),
        ("أي تظليل تفضلون؟", "أشجار"),
    ]


def test_the_public_page_says_what_was_corrected_and_shows_what_was_asked(client):
    survey = answered()
    assert b"ep-survey-version" not in client.get(survey.get_url()).content
    correct(survey, questions(**{TREES: "نخيل"}), note="<b>تصحيح</b>")

    page = client.get(survey.get_url()).content.decode()

    assert "&lt;b&gt;تصحيح&lt;/b&gt;" in page
    section = page[page.index("ep-survey-version") :]
    assert "أشجار" in section[: section.index("</section>")]


def test_a_language_without_a_note_shows_the_note_of_the_other_as_such(client):
    survey = answered()
    correct(survey, questions(**{TREES: "نخيل"}))

    page = client.get(in_english(survey).get_url()).content.decode()

    assert f'<span lang="ar" dir="rtl">{NOTE}</span>' in page


def test_results_list_what_was_taken_out(client):
    survey = answered()
    # Enough people for figures to be shown in public.
    for _number in range(12):
        respond(survey, Answer(SHADE, TREES), Answer(USES, PLAY))
    page = correct(survey, questions(leave_out=[PLAY, SHADE]))
    client.force_login(make_user(superuser=True))
    address = reverse(
        "eparticipation_admin:survey_results", args=[page.consultation.pk, page.pk]
    )

    desk = client.get(address, HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    with clock.rehearse(AFTER):
        public = client.get(page.get_url()).content.decode()

    for shown in (desk, public):
        results_of = shown.rpartition("</details>")[2]
        assert "لعب الأطفال" in results_of
        assert "أي تظليل تفضلون؟" in results_of
    assert results(survey.translation_key, versions.asked_ever(page))[0].n == 13


def test_a_response_that_is_changed_belongs_to_the_version_that_was_read():
    from wagtail_eparticipation.surveys.amending import amend_form

    survey = answered()
    response = SurveyResponse.objects.get()
    page = correct(survey, questions(**{TREES: "نخيل"}))
    form = amend_form(response.participation)
    typed = {
        "shape": form.shape_now,
        f"q_{SHADE}": SAILS,
        f"q_{USES}": [SPORT],
        f"q_{WORDS}": "",
    }
    form = amend_form(response.participation, typed)
    assert form.is_valid(), form.errors

    form.changes().replace_rows(response.participation)

    response.refresh_from_db()
    assert (response.version, response.revision) == (2, page.live_revision_id)


def test_a_copy_starts_from_nought_with_the_same_ids(client):
    survey = answered()
    correct(survey, questions(**{TREES: "نخيل"}))
    original = fresh(survey)

    copied = original.copy(update_attrs={"slug": "copied"}, keep_live=True)

    assert [q.bones for q in copied.questions_list()] == [
        q.bones for q in original.questions_list()
    ]
    counts = results(copied.translation_key, copied.questions_list())
    assert [each.n for each in counts] == [0, 0, 0]
    assert versions.told(copied) is None
    assert copied.correction == ""
    assert copied.get_submissions().count() == 0
    respond(copied, Answer(SHADE, SAILS))
    assert results(original.translation_key, original.questions_list())[0].n == 1
    assert results(copied.translation_key, copied.questions_list())[0].n == 1


def test_a_survey_that_was_taken_down_comes_back_as_it_was():
    survey = answered(languages=("ar",))
    survey.unpublish()

    fresh(survey).save_revision().publish()

    assert not fresh(survey).withheld
