"""When a question or a part is shown: rules on earlier answers, pure (R-4.1d).

What somebody gave is a mapping of question ids to the texts of the answer: ids of
options, words, a number or a day. A question that is not shown counts as not answered,
whatever was typed before it vanished.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from wagtail_eparticipation.normalise import search_key

Given = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rule:
    """One rule: what the answer to ``question`` must be; ``value`` is an option's id,
    words, a number or a day (ISO)."""

    question: str
    operator: str
    value: str = ""


@dataclass(frozen=True)
class Condition:
    """Several rules; ``any_of`` says whether one is enough."""

    rules: tuple[Rule, ...]
    any_of: bool = False

    @property
    def questions(self) -> set[str]:
        """On whose answers it depends."""
        return {rule.question for rule in self.rules}


def _is(given, value):
    return value in given


def _contains(given, value):
    wanted = search_key(value)
    return value in given or any(wanted in search_key(text) for text in given)


def _compared(compare: Callable) -> Callable:
    def holds(given, value):
        wanted = measure(value)
        found = [measure(text) for text in given]
        return wanted is not None and any(
            number is not None and compare(number, wanted) for number in found
        )

    return holds


def measure(text: str) -> Decimal | None:
    """A number, or a day as one (its ordinal); ``None`` for anything else."""
    if text.count("-") == 2 and text[:4].isdigit():
        digits = text.replace("-", "")
        return Decimal(digits) if digits.isdigit() else None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


#: By name: whether the texts of an answer and the value of a rule agree.
OPERATORS: dict[str, Callable[[tuple[str, ...], str], bool]] = {
    "is": _is,
    "is_not": lambda given, value: not _is(given, value),
    "contains": _contains,
    "contains_not": lambda given, value: not _contains(given, value),
    "above": _compared(lambda number, wanted: number > wanted),
    "below": _compared(lambda number, wanted: number < wanted),
    "answered": lambda given, value: bool(given),
    "not_answered": lambda given, value: not given,
}
#: Those that say nothing of a value.
WITHOUT_VALUE = frozenset({"answered", "not_answered"})


def holds(condition: Condition | None, given: Given) -> bool:
    """Whether what depends on ``condition`` is shown."""
    if condition is None or not condition.rules:
        return True
    found = (
        OPERATORS[rule.operator](tuple(given.get(rule.question, ())), rule.value)
        for rule in condition.rules
    )
    return any(found) if condition.any_of else all(found)


def shown(parts: Iterable, given: Given) -> set[str]:
    """Ids of the parts, questions and information that somebody is shown.

    Goes through them in order: an answer counts for what follows only while its own
    question is shown.
    """
    ids: set[str] = set()
    known: dict[str, tuple[str, ...]] = {}
    for part in parts:
        if not holds(part.show_if, known):
            continue
        ids.add(part.id)
        for item in part.items:
            if not holds(item.show_if, known):
                continue
            ids.add(item.id)
            for key in item.keys:
                if texts := tuple(given.get(key, ())):
                    known[key] = texts
    return ids
