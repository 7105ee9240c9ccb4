"""When a question is asked: pure rules on earlier answers (R-4.1d)."""

import pytest

from wagtail_eparticipation.surveys.conditions import (
    Condition,
    Rule,
    holds,
    measure,
    shown,
)
from wagtail_eparticipation.surveys.questions import Information, Part, Question

A, B, C = "a", "b", "c"


@pytest.mark.parametrize(
    ("operator", "value", "given", "expected"),
    [
        ("is", "yes", ("yes",), True),
        ("is", "yes", ("no",), False),
        ("is", "yes", (), False),
        ("is_not", "yes", ("no",), True),
        ("is_not", "yes", (), True),
        ("is_not", "yes", ("yes",), False),
        ("contains", "x", ("w", "x"), True),
        ("contains", "x", ("w",), False),
        ("contains", "إنارة", ("الاناره ضعيفة",), True),
        ("contains_not", "x", ("w",), True),
        ("contains_not", "x", (), True),
        ("above", "10", ("11",), True),
        ("above", "10", ("10",), False),
        ("above", "10", ("9.5",), False),
        ("above", "10", (), False),
        ("above", "10", ("many",), False),
        ("below", "10", ("-3",), True),
        ("below", "2026-05-01", ("2026-04-30",), True),
        ("above", "2026-05-01", ("2026-05-01",), False),
        ("answered", "", ("x",), True),
        ("answered", "", (), False),
        ("not_answered", "", (), True),
        ("not_answered", "", ("x",), False),
    ],
)
def test_a_rule_holds_or_not(operator, value, given, expected):
    condition = Condition((Rule(A, operator, value),))
    assert holds(condition, {A: given}) is expected


@pytest.mark.parametrize(
    ("any_of", "given", "expected"),
    [
        (False, {A: ("1",), B: ("2",)}, True),
        (False, {A: ("1",)}, False),
        (True, {A: ("1",)}, True),
        (True, {}, False),
    ],
)
def test_rules_are_joined_by_and_or_by_or(any_of, given, expected):
    condition = Condition((Rule(A, "is", "1"), Rule(B, "is", "2")), any_of)
    assert holds(condition, given) is expected


def test_without_rules_everything_is_shown():
    assert holds(None, {})
    assert holds(Condition(()), {})


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1-2-3", "20ab-1-1"])
def test_what_is_no_number_and_no_day_is_not_measured(text):
    assert measure(text) is None


def question(key, rule=None):
    return Question(key, "single", key, show_if=Condition((rule,)) if rule else None)


def test_an_answer_behind_a_hidden_question_counts_for_nothing():
    parts = [
        Part(
            "start",
            items=(
                question(A),
                question(B, Rule(A, "is", "1")),
                question(C, Rule(B, "is", "2")),
            ),
        )
    ]
    assert shown(parts, {A: ("1",), B: ("2",)}) == {"start", A, B, C}
    assert shown(parts, {A: ("0",), B: ("2",)}) == {"start", A}


def test_a_hidden_part_hides_all_that_stands_in_it():
    parts = [
        Part("start", items=(question(A),)),
        Part(
            "second",
            items=(Information("note", "x"), question(B)),
            show_if=Condition((Rule(A, "is", "1"),)),
        ),
        Part("third", items=(question(C, Rule(B, "not_answered")),)),
    ]
    assert shown(parts, {A: ("0",), B: ("2",)}) == {"start", A, "third", C}
    assert shown(parts, {A: ("1",), B: ("2",)}) == {
        *("start", A),
        *("second", "note", B),
        "third",
    }
