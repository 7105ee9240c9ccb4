"""What of a form can never be shown, and what always is (R-4.1d)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from tests.surveys.form_makers import asked, condition, form
from wagtail_eparticipation.surveys.questions import Part
from wagtail_eparticipation.surveys.reachable import warnings_in

NEVER = "“T” can never be shown: its rules contradict each other."
ALWAYS = "“T” is always shown: its condition is of no use."


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def warned(first, *rules, any_of=False):
    return warnings_in(form(first, asked("t", rules=rules, any_of=any_of)))


@pytest.mark.parametrize(
    ("first", "rules"),
    [
        (asked("q"), [("q", "is", "a"), ("q", "is", "b")]),
        (asked("q"), [("q", "is", "a"), ("q", "is_not", "a")]),
        (asked("q"), [("q", "is", "gone")]),
        (asked("q"), [("q", "answered"), ("q", "not_answered")]),
        (asked("q"), [("q", "answered"), ("q", "is_not", "a"), ("q", "is_not", "b")]),
        (asked("q", required=True), [("q", "not_answered")]),
        (asked("q", "scale"), [("q", "above", "5")]),
        (asked("q", "scale"), [("q", "above", "3"), ("q", "below", "3")]),
        (asked("q", "number"), [("q", "above", "5"), ("q", "below", "4")]),
        (
            asked("q", "number", whole=True),
            [("q", "above", "4"), ("q", "below", "5")],
        ),
        (asked("q", "number", maximum=Decimal(10)), [("q", "above", "10")]),
        (asked("q", "date", latest=date(2030, 1, 1)), [("q", "above", "2030-01-01")]),
        (
            asked("q", "multiple", at_most=1),
            [("q", "contains", "a"), ("q", "contains", "b")],
        ),
        (asked("q", "text"), [("q", "contains", "palm"), ("q", "contains_not", "alm")]),
    ],
)
def test_rules_that_contradict_each_other_are_told(first, rules):
    assert warned(first, *rules) == [NEVER]


@pytest.mark.parametrize(
    ("first", "rules"),
    [
        (asked("q"), [("q", "is", "a")]),
        (asked("q"), [("q", "is_not", "a"), ("q", "is_not", "b")]),
        (asked("q", "scale"), [("q", "above", "4")]),
        (asked("q", "number"), [("q", "above", "4"), ("q", "below", "5")]),
        (asked("q", "number"), [("q", "is", "4")]),
        (asked("q", "date"), [("q", "is", "2030-01-01")]),
        (asked("q", "multiple"), [("q", "contains", "a"), ("q", "contains", "b")]),
        (asked("q", "multiple"), [("q", "contains_not", "a"), ("q", "answered")]),
        (asked("q", "text"), [("q", "contains", "palm"), ("q", "contains", "sail")]),
        (asked("q", "text"), [("q", "contains", "palm"), ("q", "is_not", "palm")]),
        (asked("q", "ranking"), [("q", "answered")]),
    ],
)
def test_rules_that_can_hold_are_left_in_peace(first, rules):
    assert warned(first, *rules) == []


@pytest.mark.parametrize(
    ("first", "rules", "any_of"),
    [
        (asked("q", required=True), [("q", "answered")], False),
        (asked("q"), [("q", "answered"), ("q", "not_answered")], True),
        (asked("q", required=True), [("q", "is", "a"), ("q", "is", "b")], True),
        (asked("q", "number", minimum=Decimal(0)), [("q", "below", "0")], None),
    ],
)
def test_a_condition_that_always_holds_is_told(first, rules, any_of):
    expected = [NEVER] if any_of is None else [ALWAYS]

    assert warned(first, *rules, any_of=bool(any_of)) == expected


def test_a_contradiction_by_way_of_the_question_it_depends_on_is_told():
    second = asked("b2", rules=[("q", "is", "a")])
    third = asked("t", rules=[("b2", "answered"), ("q", "is", "b")])

    assert warnings_in(form(asked("q"), second, third)) == [NEVER]


def test_a_rule_that_holds_for_the_unanswered_does_not_need_the_question():
    second = asked("b2", rules=[("q", "is", "a")])
    third = asked("t", rules=[("b2", "is_not", "a"), ("q", "is", "b")])

    assert warnings_in(form(asked("q"), second, third)) == []


def test_a_required_question_that_is_not_always_shown_may_stay_unanswered():
    second = asked("b2", required=True, rules=[("q", "is", "a")])
    third = asked("t", rules=[("b2", "not_answered")])

    assert warnings_in(form(asked("q"), second, third)) == []


def test_what_stands_in_a_part_is_judged_under_the_condition_of_the_part():
    inner = asked("t", rules=[("q", "is", "b")])
    part = Part("p", "Part", (inner,), condition(("q", "is", "a")))

    assert warnings_in(form(asked("q"), parts=[part])) == [NEVER]


def test_what_its_part_asks_for_already_is_always_shown():
    inner = asked("t", rules=[("q", "answered")])
    part = Part("p", "Part", (inner,), condition(("q", "is", "a")))

    assert warnings_in(form(asked("q"), parts=[part])) == [ALWAYS]


def test_of_a_part_that_is_never_shown_its_contents_are_not_told():
    inner = asked("t", rules=[("q", "is", "b")])
    never = condition(("q", "is", "a"), ("q", "is", "b"))

    assert warnings_in(
        form(asked("q"), parts=[Part("p", "Part", (inner,), never)])
    ) == ["“Part” can never be shown: its rules contradict each other."]


def test_many_questions_under_conditions_are_judged_soon():
    asks = [asked(f"q{n}", "yes_no") for n in range(20)]
    rules = [(f"q{n}", "is", "yes") for n in range(20)]
    every, one = asked("t", rules=rules), asked("u", rules=rules, any_of=True)

    assert warnings_in(form(*asks, every, one)) == []
