"""What is wrong with the conditions of a form (R-4.1d)."""

import pytest
from django.utils.translation import override

from tests.surveys.form_makers import asked, condition, form
from wagtail_eparticipation.surveys.checking import errors_in
from wagtail_eparticipation.surveys.questions import Option, Part


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("kind", "operator", "value"),
    [
        ("single", "is", "a"),
        ("dropdown", "is_not", "b"),
        ("yes_no", "is", "no"),
        ("multiple", "contains", "a"),
        ("scale", "above", "3"),
        ("scale", "is", "5"),
        ("number", "below", "12.5"),
        ("date", "above", "2030-12-31"),
        ("text", "contains", "park"),
        ("place", "contains_not", "park"),
        ("email", "answered", ""),
        ("file", "answered", ""),
        ("ranking", "not_answered", ""),
    ],
)
def test_a_rule_that_fits_is_no_error(kind, operator, value):
    second = asked("b2", rules=[("q", operator, value)])

    assert errors_in(form(asked("q", kind), second)) == []


@pytest.mark.parametrize(
    ("kind", "operator"),
    [
        ("single", "above"),
        ("single", "contains"),
        ("yes_no", "below"),
        ("multiple", "above"),
        ("text", "below"),
        ("date", "contains"),
        ("number", "contains_not"),
        ("email", "is"),
        ("file", "contains"),
        ("ranking", "is"),
    ],
)
def test_a_rule_that_does_not_fit_the_kind_is_an_error(kind, operator):
    second = asked("b2", rules=[("q", operator, "a")])

    assert errors_in(form(asked("q", kind), second)) == [
        "“B2”: this rule does not fit the kind of “Q”."
    ]


@pytest.mark.parametrize(
    ("kind", "operator", "value", "message"),
    [
        ("single", "is", "gone", "an option that “Q” does not have"),
        ("single", "is", "", "an option that “Q” does not have"),
        ("multiple", "contains", "gone", "an option that “Q” does not have"),
        ("yes_no", "is", "maybe", "an option that “Q” does not have"),
        ("scale", "above", "6", "an option that “Q” does not have"),
        ("number", "is", "many", "“many” is no number"),
        ("number", "above", "NaN", "“NaN” is no number"),
        ("number", "above", "2030-12-31", "is no number"),
        ("date", "is", "31/12/2030", "is no day"),
        ("date", "is", "2030-02-30", "is no day"),
        ("text", "is", " ", "write with what “Q” is compared"),
    ],
)
def test_a_value_that_cannot_be_the_answer_is_an_error(kind, operator, value, message):
    second = asked("b2", rules=[("q", operator, value)])

    (error,) = errors_in(form(asked("q", kind), second))

    assert message in error


def test_a_question_that_is_not_there_is_an_error():
    second = asked("b2", rules=[("gone", "answered"), ("", "answered")])

    assert errors_in(form(asked("q"), second)) == [
        "“B2” depends on a question that is not there.",
        "“B2”: a rule names no question.",
    ]


def test_a_later_question_is_named():
    first = asked("q", rules=[("b2", "is", "a")])

    assert errors_in(form(first, asked("b2"))) == [
        "“Q” depends on “B2”, asked only later."
    ]


def test_a_question_that_depends_on_itself_is_an_error():
    assert errors_in(form(asked("q", rules=[("q", "answered")]))) == [
        "“Q” depends on its own answer."
    ]


def test_questions_that_depend_on_each_other_are_a_circle_told_once():
    first = asked("q", rules=[("c", "answered")])
    second = asked("b2", rules=[("q", "answered")])
    third = asked("c", rules=[("b2", "answered")])

    (error,) = errors_in(form(first, second, third))

    assert error.startswith("These depend on each other in a circle: “Q”, ")
    assert "“C”" in error and "“B2”" in error


def test_a_part_that_depends_on_a_question_of_its_own_is_a_circle():
    part = Part("p", "Part", (asked("q"),), condition(("q", "answered")))

    assert errors_in([part]) == ["These depend on each other in a circle: “Part”, “Q”."]


def test_a_row_of_a_matrix_is_asked_about_by_its_own_id():
    matrix = asked("m", "matrix", rows=(Option("r", "Row"),))
    good = asked("g", rules=[("r", "is", "a")])
    bad = asked("h", rules=[("m", "is", "a")])

    assert errors_in(form(matrix, good, bad)) == [
        "“H” depends on a question that is not there."
    ]


def test_places_of_an_option_that_is_gone_are_an_error():
    question = asked("q", limited=("a", "gone"))

    assert errors_in(form(question)) == [
        "“Q”: places are limited for an option that is not there."
    ]


def test_a_kind_of_the_site_takes_any_rule():
    second = asked("b2", rules=[("q", "above", "3")])

    assert errors_in(form(asked("q", "stars", options=()), second)) == []
