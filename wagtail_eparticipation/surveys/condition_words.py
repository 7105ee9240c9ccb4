"""Conditions in words for people, and as data for the script of the form."""

import json
from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.conditions import Condition, Rule
from wagtail_eparticipation.surveys.questions import Question, counted_in


def for_script(condition: Condition) -> str:
    """The rules as ``surveys.js`` reads them: names of fields, operators, values."""
    rules = [
        [f"q_{each.question}", each.operator, each.value] for each in condition.rules
    ]
    return json.dumps({"any": condition.any_of, "rules": rules})


def sentence(condition: Condition, questions: Iterable[Question]) -> str:
    """When something is asked, for those whose page does not hide it by itself."""
    known = {each.id: each for each in counted_in(questions)}
    rules = [words_of(rule, known) for rule in condition.rules]
    if len(rules) == 1:
        return _("Only if %(rule)s") % {"rule": rules[0]}
    if condition.any_of:
        return _("Only if one of these is so: %(rules)s") % {"rules": "; ".join(rules)}
    return _("Only if all of this is so: %(rules)s") % {"rules": "; ".join(rules)}


def words_of(rule: Rule, known: dict[str, Question]) -> str:
    """One rule in words; ``known`` are the questions by the ids of their answers."""
    question = known.get(rule.question)
    labels = (
        {option.id: option.label for option in question.options} if question else {}
    )
    values = {
        "question": question.label if question else "…",
        "value": labels.get(rule.value, rule.value),
    }
    sentences = {
        "is": _("“%(question)s” is “%(value)s”"),
        "is_not": _("“%(question)s” is not “%(value)s”"),
        "contains": _("“%(question)s” contains “%(value)s”"),
        "contains_not": _("“%(question)s” does not contain “%(value)s”"),
        "above": _("“%(question)s” is above %(value)s"),
        "below": _("“%(question)s” is below %(value)s"),
        "answered": _("“%(question)s” is answered"),
        "not_answered": _("“%(question)s” is not answered"),
    }
    return sentences[rule.operator] % values
