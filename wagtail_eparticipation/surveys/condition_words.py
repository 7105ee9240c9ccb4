"""Conditions in words for people, and as data for the script of the form."""

import json
from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.conditions import Condition, Rule
from wagtail_eparticipation.surveys.questions import Part, Question, in_parts


def for_script(condition: Condition) -> str:
    """The rules as ``surveys.js`` reads them: names of fields, operators, values."""
    rules = [[f"q_{r.question}", r.operator, r.value] for r in condition.rules]
    return json.dumps({"any": condition.any_of, "rules": rules})


def sentence(condition: Condition, questions: Iterable[Question]) -> str:
    """When something is asked, for those whose page does not hide it by itself."""
    words = ConditionsInWords((Part("", items=tuple(questions)),))
    rules = "; ".join(words.rules(condition))
    if len(condition.rules) == 1:
        return _("Only if %(rule)s") % {"rule": rules}
    if condition.any_of:
        return _("Only if one of these is so: %(rules)s") % {"rules": rules}
    return _("Only if all of this is so: %(rules)s") % {"rules": rules}


def told(question_label: str, operator: str, value: str) -> str:
    """One rule as a sentence; ``value`` is the text of an option, words or a figure."""
    words = {"question": question_label, "value": value}
    return {
        "is": _("“%(question)s” is answered with “%(value)s”"),
        "is_not": _("“%(question)s” is not answered with “%(value)s”"),
        "contains": _("the answer to “%(question)s” contains “%(value)s”"),
        "contains_not": _("the answer to “%(question)s” does not contain “%(value)s”"),
        "above": _("the answer to “%(question)s” is above %(value)s"),
        "below": _("the answer to “%(question)s” is below %(value)s"),
        "answered": _("“%(question)s” is answered"),
        "not_answered": _("“%(question)s” is not answered"),
    }[operator] % words


class ConditionsInWords:
    """The conditions of one form in words, by the texts of its questions."""

    def __init__(self, parts: Iterable[Part]):
        self.by_key = by_key(in_parts(parts))

    def heading(self, condition: Condition | None) -> str:
        """How the rules are joined; empty without a condition."""
        if condition is None:
            return ""
        if len(condition.rules) == 1:
            return _("Shown only if:")
        if condition.any_of:
            return _("Shown only if one of these holds:")
        return _("Shown only if all of these hold:")

    def rules(self, condition: Condition | None) -> list[str]:
        """One sentence a rule."""
        return [self.rule(each) for each in condition.rules] if condition else []

    def rule(self, rule: Rule) -> str:
        """One rule as a sentence."""
        return told(self.label(rule.question), rule.operator, self.value(rule))

    def label(self, key: str) -> str:
        """The text of the question or of the row of a matrix with this id."""
        question = self.by_key.get(key)
        return question.label if question else _("a question that is not there")

    def value(self, rule: Rule) -> str:
        """What a rule compares with, as people read it."""
        question = self.by_key.get(rule.question)
        for option in question.options if question else ():
            if option.id == rule.value:
                return option.label
        if question and question.kind == "date":
            try:
                return date_format(date.fromisoformat(rule.value))
            except ValueError:
                return rule.value
        return rule.value


def by_key(questions: Iterable[Question]) -> dict[str, Question]:
    """What is answered, by the id under which it is: the rows of a matrix one by one.

    A matrix itself is no key: it has no answer of its own.
    """
    return {each.id: each for question in questions for each in question.counted_as()}
