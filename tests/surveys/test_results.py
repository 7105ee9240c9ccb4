"""Counts over all languages (S4-E)."""

import pytest

from tests.factories import DURING
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
    respond,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.results import (
    bars,
    responses_by_language,
    results,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    made = make_survey()
    with clock.rehearse(DURING):
        yield made


def counted(survey, **kwargs):
    found = results(survey.translation_key, survey.questions_list(), **kwargs)
    return {each.question.id: each for each in found}


def by_option(result):
    return {each.option.id: each.count for each in result.options}


def test_arabic_and_english_answers_make_one_table(survey):
    for _number in range(3):
        respond(survey, Answer(SHADE, TREES))
    for _number in range(2):
        respond(in_english(survey), Answer(SHADE, SAILS))
    respond(in_english(survey), Answer(SHADE, TREES))

    shade = counted(survey)[SHADE]

    assert shade.n == 6
    assert by_option(shade) == {TREES: 4, SAILS: 2}
    assert [row["label"] for row in bars(shade)] == ["أشجار", "مظلات"]
    assert [row["share_text"] for row in bars(shade)] == ["67%", "33%"]


def test_the_table_can_be_split_by_language(survey):
    respond(survey, Answer(SHADE, TREES))
    respond(in_english(survey), Answer(SHADE, TREES))
    respond(in_english(survey), Answer(SHADE, SAILS))

    shade = counted(survey, by_language=True)[SHADE]

    assert shade.n == 3
    assert shade.languages == {"ar": 1, "en": 2}
    trees = shade.options[0]
    assert (trees.count, trees.languages) == (2, {"ar": 1, "en": 1})
    assert responses_by_language(survey.translation_key) == {"ar": 1, "en": 2}


def test_several_choices_of_one_person_count_that_person_once(survey):
    respond(survey, Answer(SHADE, TREES), Answer(USES, SPORT), Answer(USES, REST))
    respond(survey, Answer(SHADE, TREES), Answer(USES, REST))

    uses = counted(survey)[USES]

    assert uses.n == 2
    assert by_option(uses) == {SPORT: 1, REST: 2, PLAY: 0}
    assert [each.share for each in uses.options] == [50, 100, 0]


def test_a_question_left_out_lowers_its_own_n_alone(survey):
    respond(survey, Answer(SHADE, TREES))
    respond(survey, Answer(SHADE, TREES), Answer(WORDS, text="مقاعد"))

    found = counted(survey)

    assert (found[SHADE].n, found[WORDS].n, found[USES].n) == (2, 1, 0)
    assert [each.share for each in found[USES].options] == [0, 0, 0]


@pytest.mark.parametrize(
    ("state", "n"),
    [
        (State.RECEIVED, 1),
        (State.PUBLISHED, 1),
        (State.UNPUBLISHED, 1),
        (State.TAKEN_DOWN, 1),
        (State.REFUSED, 0),
        (State.REROUTED, 0),
        (State.QUARANTINED, 0),
        (State.UNCONFIRMED, 0),
        (State.WITHDRAWN, 0),
        (State.LATE, 0),
    ],
)
def test_only_counted_participations_are_in_the_results(survey, state, n):
    respond(survey, Answer(SHADE, TREES))
    Participation.objects.update(state=state)

    assert counted(survey)[SHADE].n == n
    assert sum(responses_by_language(survey.translation_key).values()) == n


def test_another_survey_with_the_same_ids_is_counted_apart(survey):
    copied = make_survey(languages=("ar",))
    respond(survey, Answer(SHADE, TREES))
    respond(copied, Answer(SHADE, SAILS))

    assert by_option(counted(survey)[SHADE]) == {TREES: 1, SAILS: 0}
    assert by_option(counted(copied)[SHADE]) == {TREES: 0, SAILS: 1}


def test_an_answer_whose_option_is_gone_is_still_listed(survey):
    respond(survey, Answer(SHADE, "44444444-0000-4000-8000-000000000009"))

    shade = counted(survey)[SHADE]

    assert shade.n == sum(each.count for each in shade.options) == 1


def test_results_take_two_queries_whatever_the_number_of_responses(
    survey, django_assert_num_queries
):
    questions = survey.questions_list()
    for _number in range(15):
        respond(survey, Answer(SHADE, TREES), Answer(USES, SPORT))
    for split in (False, True):
        with django_assert_num_queries(2):
            results(survey.translation_key, questions, by_language=split)
