"""A follow-up question does not tell what is withheld of the one before (AC-S3-L5)."""

from decimal import Decimal

import pytest

from wagtail_eparticipation.surveys.conditions import Condition, Rule
from wagtail_eparticipation.surveys.following import giving_away
from wagtail_eparticipation.surveys.outcomes import table
from wagtail_eparticipation.surveys.questions import Option, Part, Question
from wagtail_eparticipation.surveys.results import results_in
from wagtail_eparticipation.surveys.tally import Tally

YES_NO = (Option("yes", "Yes"), Option("no", "No"))


def asked(key, *rules, kind="yes_no", options=YES_NO):
    condition = Condition(rules) if rules else None
    return Question(key, kind, key, options=options, show_if=condition)


def counted(**answers):
    """Counts by question: a number of people, or how many chose each option."""
    tally = Tally()
    for key, given in answers.items():
        chosen = given if isinstance(given, dict) else {}
        for option, number in chosen.items():
            tally.of(key).take(option, None, number)
        tally.of(key).people = sum(chosen.values()) or given
    return tally


def gone(tally, *questions, parts=None):
    found = results_in({"": tally}, list(questions))
    return giving_away(found, parts or [Part("start", items=questions)])


IF_YES = Rule("visits", "is", "yes")


def test_it_is_withheld_where_the_answer_before_is():
    tally = counted(visits={"yes": 27, "no": 1}, often={"yes": 20, "no": 7})
    assert gone(tally, asked("visits"), asked("often", IF_YES)) == {"often"}


@pytest.mark.parametrize("number", [50, 48, 30])
def test_it_is_shown_where_the_answer_before_is(number):
    tally = counted(visits={"yes": 50, "no": 9}, often={"yes": number - 10, "no": 10})
    assert gone(tally, asked("visits"), asked("often", IF_YES)) == set()


def test_the_condition_of_its_page_counts_as_its_own():
    visits, often = asked("visits"), asked("often")
    parts = [
        Part("start", items=(visits,)),
        Part("next", items=(often,), show_if=Condition((IF_YES,))),
    ]
    tally = counted(visits={"yes": 27, "no": 1}, often={"yes": 20, "no": 7})
    assert gone(tally, visits, often, parts=parts) == {"often"}


def test_what_follows_a_withheld_question_is_withheld_with_it():
    tally = counted(
        visits={"yes": 27, "no": 1}, often={"yes": 20, "no": 7}, why={"yes": 20}
    )
    questions = (
        asked("visits"),
        asked("often", IF_YES),
        asked("why", Rule("often", "is", "yes")),
    )
    assert gone(tally, *questions) == {"often", "why"}


def test_of_two_rules_few_who_answered_the_other_otherwise_are_protected():
    rules = (IF_YES, Rule("near", "is", "yes"))
    tally = counted(
        visits={"yes": 30, "no": 10}, near={"yes": 32, "no": 8}, often={"yes": 28}
    )
    both = (asked("visits"), asked("near"), asked("often", *rules))
    assert gone(tally, *both) == {"often"}


def test_a_number_is_told_in_steps_which_nothing_may_cut():
    tally = counted(often={"yes": 12, "no": 8})
    tally.of("age").take("", Decimal(30), 20)
    tally.of("age").take("", Decimal(70), 20)
    tally.of("age").people = 40
    age = Question("age", "number", "age")
    follow = asked("often", Rule("age", "above", "60"))
    assert gone(tally, age, follow) == {"often"}


def test_few_whose_words_lack_something_are_protected():
    words = Question("wish", "text", "wish")
    follow = asked("often", Rule("wish", "contains", "shade"))
    assert gone(counted(wish=30, often={"yes": 28}), words, follow) == {"often"}
    assert gone(counted(wish=30, often={"yes": 20}), words, follow) == set()


def test_of_a_withheld_question_no_figure_is_told():
    tally = counted(often={"yes": 20, "no": 7})
    (found,) = results_in({"": tally}, [asked("often")])
    shown = table(found, public=True, withheld=True)
    assert (shown["kind"], shown["n"], shown["rows"]) == ("few", None, [])
    assert "27" not in shown["n_text"]
