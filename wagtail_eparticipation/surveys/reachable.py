"""What of a form nobody can ever be shown, and what everybody is, pure (R-4.1d).

Tries answers that stand for all others: each option, the numbers and days beside
those that rules name, the words of the rules. What is shown then is judged by
:mod:`conditions` itself, so that both always mean the same. Where there are too many
combinations nothing is said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations, islice, product

from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.checking import Conditional, conditionals
from wagtail_eparticipation.surveys.condition_words import by_key
from wagtail_eparticipation.surveys.conditions import (
    OPERATORS,
    Rule,
    measure,
    shown,
)
from wagtail_eparticipation.surveys.questions import Part, Question, in_parts

#: How many combinations of answers are tried for one thing, and for a whole form.
_FOR_ONE = 4096
_FOR_ALL = 40_000
#: Options of one question whose combinations are tried.
_SEVERAL = 8
_NONE: tuple[str, ...] = ()

Texts = tuple[str, ...]


def warnings_in(parts: list[Part]) -> list[str]:
    """What is odd about a form's conditions, one sentence each."""
    sentences, left, hidden = [], _FOR_ALL, set()
    for thing in conditionals(parts):
        if thing.condition is None or thing.part in hidden or left <= 0:
            continue
        never, always, tried = _outcome(parts, thing)
        left -= tried
        if never:
            hidden.add(thing.id)
            sentences.append(
                _("“%(what)s” can never be shown: its rules contradict each other.")
                % {"what": thing.name}
            )
        elif always:
            sentences.append(
                _("“%(what)s” is always shown: its condition is of no use.")
                % {"what": thing.name}
            )
    return list(dict.fromkeys(sentences))


def _outcome(parts: list[Part], thing: Conditional) -> tuple[bool, bool, int]:
    """Whether it is never shown, whether always, and how many answers were tried."""
    few, rules = _concerned(parts, thing)
    questions = by_key(in_parts(few))
    keys = [key for key in questions if key in rules]
    choices = [_standing_for(questions[key], rules[key]) for key in keys]
    total = 1
    for each in choices:
        total *= len(each)
    # The first answer to each keeps most rules, the last one fewest: mostly these
    # two are enough to see that it is sometimes shown.
    first = tuple(each[0] for each in choices)
    last = tuple(each[-1] for each in choices)
    seen, tried = set(), 0
    for given in chain((first, last), islice(product(*choices), _FOR_ONE)):
        tried += 1
        ids = shown(few, dict(zip(keys, given, strict=True)))
        if not thing.part or thing.part in ids:
            seen.add(thing.id in ids)
        if len(seen) == 2:
            return False, False, tried
    if total > _FOR_ONE:
        return False, False, tried
    # In a part that is never shown nothing is seen at all.
    return True not in seen, seen == {True}, tried


def _concerned(
    parts: list[Part], thing: Conditional
) -> tuple[list[Part], dict[str, list[Rule]]]:
    """The form without what plays no part, and the rules by what they are about."""
    things = {each.id: each for each in conditionals(parts)}
    owner = {key: each for each in in_parts(parts) for key in each.keys}
    wanted, waiting = set(), [thing.id]
    rules: dict[str, list[Rule]] = {}
    while waiting:
        here = things[waiting.pop()]
        if here.id in wanted:
            continue
        wanted.add(here.id)
        if here.part:
            waiting.append(here.part)
        for rule in here.condition.rules if here.condition else ():
            if rule.question in owner:
                rules.setdefault(rule.question, []).append(rule)
                waiting.append(owner[rule.question].id)
    few = [
        replace(part, items=tuple(item for item in part.items if item.id in wanted))
        for part in parts
        if part.id in wanted
    ]
    return few, rules


def _standing_for(question: Question, rules: list[Rule]) -> list[Texts]:
    """Answers to one question that stand for all: one for each outcome of its rules.

    The first keeps most of the rules.
    """
    found: dict[tuple[bool, ...], Texts] = {}
    for texts in _possible(question, [rule.value for rule in rules]):
        outcome = tuple(OPERATORS[rule.operator](texts, rule.value) for rule in rules)
        # To be answered or not makes a difference by itself.
        found.setdefault((bool(texts), *outcome), texts)
    return [found[key] for key in sorted(found, key=sum, reverse=True)] or [_NONE]


def _possible(question: Question, values: list[str]) -> Iterator[Texts]:
    if not question.required:
        yield _NONE
    kind = question.kind
    if kind == "number":
        yield from _numbers(question, values)
    elif kind == "date":
        yield from _days(question, values)
    elif kind == "ranking":
        yield tuple(option.id for option in question.options)
    elif kind == "multiple":
        yield from _several(question, values)
    elif question.options:
        yield from ((option.id,) for option in question.options)
    else:
        yield from _words(values)


def _numbers(question: Question, values: list[str]) -> Iterator[Texts]:
    step = Decimal(1) if question.whole else Decimal("0.0001")
    named = [number for number in map(measure, values) if number is not None]
    bounds = [each for each in (question.minimum, question.maximum) if each is not None]
    for number in [*named, *bounds, *([] if named or bounds else [Decimal(1)])]:
        for near in (number - step, number, number + step):
            if question.whole and near != near.to_integral_value():
                near = near.to_integral_value()
            low = question.minimum is None or near >= question.minimum
            high = question.maximum is None or near <= question.maximum
            if low and high:
                yield (format(near, "f"),)


def _days(question: Question, values: list[str]) -> Iterator[Texts]:
    named = []
    for value in values:
        try:
            named.append(date.fromisoformat(value))
        except ValueError:
            continue
    bounds = [each for each in (question.earliest, question.latest) if each]
    for day in [*named, *bounds, *([] if named or bounds else [date(2000, 1, 1)])]:
        for near in (day - timedelta(1), day, day + timedelta(1)):
            low = question.earliest is None or near >= question.earliest
            high = question.latest is None or near <= question.latest
            if low and high:
                yield (near.isoformat(),)


def _several(question: Question, values: list[str]) -> Iterator[Texts]:
    """Combinations of the options that rules name, with and without the others."""
    ids = [option.id for option in question.options]
    named = [each for each in ids if each in values][:_SEVERAL]
    others = [each for each in ids if each not in named]
    least, most = question.at_least or 1, question.at_most or len(ids)
    for chosen in _subsets(named):
        missing = max(least - len(chosen), 0)
        for extra in {missing, min(1, len(others))}:
            texts = (*chosen, *others[:extra])
            if least <= len(texts) <= most:
                yield texts


def _words(values: list[str]) -> Iterator[Texts]:
    named = list(dict.fromkeys(value for value in values if value))[:_SEVERAL]
    yield ("·",)
    for chosen in _subsets(named):
        if chosen:
            yield (" ".join(chosen),)
            yield (" ".join([*chosen, "·"]),)


def _subsets(values: list[str]) -> Iterable[Texts]:
    return chain.from_iterable(
        combinations(values, size) for size in range(len(values) + 1)
    )
