"""What is wrong with the conditions and limits of a form, pure (R-4.1d).

Errors stand in the way of publishing; see :mod:`reachable` for what is only odd.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.condition_words import ConditionsInWords, by_key
from wagtail_eparticipation.surveys.conditions import (
    OPERATORS,
    WITHOUT_VALUE,
    Condition,
    Rule,
)
from wagtail_eparticipation.surveys.questions import (
    Information,
    Part,
    Question,
    in_parts,
)

_EQUAL = {"is", "is_not", *WITHOUT_VALUE}
_ORDERED = _EQUAL | {"above", "below"}
_WORDED = _EQUAL | {"contains", "contains_not"}
#: Which rules make sense for a kind; a site's own kinds take all of them.
FITTING: dict[str, set[str]] = {
    "single": _EQUAL,
    "dropdown": _EQUAL,
    "yes_no": _EQUAL,
    "scale": _ORDERED,
    "multiple": _WORDED,
    "text": _WORDED,
    "place": _WORDED,
    "number": _ORDERED,
    "date": _ORDERED,
    # An address is kept apart, files are no words, a ranking is of all its options.
    "email": set(WITHOUT_VALUE),
    "file": set(WITHOUT_VALUE),
    "ranking": set(WITHOUT_VALUE),
}


@dataclass(frozen=True)
class Conditional:
    """A part, question or information with its name and what comes before it.

    ``before`` are the ids under which something was answered by then, ``part`` is the
    id of the part in which it stands, empty for a part itself.
    """

    id: str
    name: str
    condition: Condition | None
    before: frozenset[str]
    part: str = ""


def conditionals(parts: list[Part]) -> list[Conditional]:
    """Everything in a form that may have a condition, in order."""
    found, before = [], frozenset()
    for part in parts:
        found.append(Conditional(part.id, name_of(part), part.show_if, before))
        for item in part.items:
            found.append(
                Conditional(item.id, name_of(item), item.show_if, before, part.id)
            )
            before |= set(item.keys)
    return found


def name_of(item: Part | Question | Information) -> str:
    """What an editor calls it."""
    if isinstance(item, Question):
        return item.label or _("a question without a text")
    if isinstance(item, Part):
        return item.title or _("the first page")
    return _("an information")


def errors_in(parts: list[Part]) -> list[str]:
    """What must be put right before people may answer, one sentence each."""
    sentences = [*_rule_errors(parts), *_limit_errors(in_parts(parts))]
    return list(dict.fromkeys(sentences))


def _limit_errors(questions: list[Question]) -> Iterator[str]:
    for question in questions:
        known = {option.id for option in question.options}
        if not set(question.limited) <= known:
            yield _(
                "“%(question)s”: places are limited for an option that is not there."
            ) % {"question": question.label}


def _rule_errors(parts: list[Part]) -> Iterator[str]:
    words = ConditionsInWords(parts)
    questions = by_key(in_parts(parts))
    things = conditionals(parts)
    circles = _Circles(parts, things)
    for thing in things:
        for rule in thing.condition.rules if thing.condition else ():
            names = {"what": thing.name, "question": words.label(rule.question)}
            target = questions.get(rule.question)
            if not rule.question:
                yield _("“%(what)s”: a rule names no question.") % names
            elif target is None:
                yield (_("“%(what)s” depends on a question that is not there.") % names)
            elif circle := circles.through(thing.id, rule.question):
                yield circle
            elif rule.question not in thing.before:
                sentence = _("“%(what)s” depends on “%(question)s”, asked only later.")
                yield sentence % names
            else:
                yield from _misfit(rule, target, names)


def _misfit(rule: Rule, target: Question, names: dict[str, str]) -> Iterator[str]:
    if rule.operator not in FITTING.get(target.kind, OPERATORS):
        yield (
            _("“%(what)s”: this rule does not fit the kind of “%(question)s”.") % names
        )
    elif rule.operator not in WITHOUT_VALUE and not _is_value(rule, target):
        yield _wrong_value(target) % {**names, "value": rule.value}


def _is_value(rule: Rule, target: Question) -> bool:
    if target.kind == "number":
        return _is_number(rule.value)
    if target.kind == "date":
        return _is_day(rule.value)
    if target.options:
        return rule.value in {option.id for option in target.options}
    return bool(rule.value.strip())


def _wrong_value(target: Question) -> str:
    if target.kind == "number":
        return _("“%(what)s”: “%(value)s” is no number to compare “%(question)s” with.")
    if target.kind == "date":
        return _(
            "“%(what)s”: “%(value)s” is no day to compare “%(question)s” with. Write "
            "it as 2030-12-31."
        )
    if target.options:
        return _("“%(what)s” depends on an option that “%(question)s” does not have.")
    return _("“%(what)s”: write with what “%(question)s” is compared.")


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


class _Circles:
    """Finds what depends on itself, directly or by way of others.

    A question also depends on the condition of its part.
    """

    def __init__(self, parts: list[Part], things: list[Conditional]):
        owner = {
            key: question.id
            for question in in_parts(parts)
            for key in (*question.keys, question.id)
        }
        self.names = {thing.id: thing.name for thing in things}
        self.owner = owner
        self.needs: dict[str, list[str]] = {}
        for thing in things:
            asked = thing.condition.questions if thing.condition else ()
            self.needs[thing.id] = sorted(
                {owner[key] for key in asked if key in owner}
                | ({thing.part} if thing.part else set())
            )

    def through(self, thing: str, key: str) -> str:
        """The sentence about the circle in which ``thing`` depends on ``key``."""
        path = self._path(self.owner[key], thing)
        if path is None:
            return ""
        if len(path) == 1:
            return _("“%(what)s” depends on its own answer.") % {
                "what": self.names[thing]
            }
        # Told once, wherever one enters it.
        first = path.index(min(path, key=list(self.names).index))
        around = [*path[first:], *path[:first]]
        return _("These depend on each other in a circle: %(names)s.") % {
            "names": _(", ").join(f"“{self.names[each]}”" for each in around)
        }

    def _path(self, start: str, goal: str) -> list[str] | None:
        waiting, came = [start], {start: ""}
        while waiting:
            here = waiting.pop(0)
            if here == goal:
                path = []
                while here:
                    path.append(here)
                    here = came[here]
                return path
            for each in self.needs.get(here, ()):
                if each not in came:
                    came[each] = here
                    waiting.append(each)
        return None
