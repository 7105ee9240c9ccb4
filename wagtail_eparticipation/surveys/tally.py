"""Counts of answers as plain values that can be added up and kept as JSON."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass
class QuestionTally:
    """``people`` who answered, how many chose each option, and gave each value.

    ``places`` says for each option of a ranking how many gave it each place.
    """

    people: int = 0
    options: Counter[str] = field(default_factory=Counter)
    values: Counter[Decimal] = field(default_factory=Counter)
    places: dict[str, Counter[int]] = field(default_factory=dict)

    def take(self, option: str, number: Decimal | None, times: int) -> None:
        """Note so many equal rows of answers."""
        if option:
            self.options[option] += times
        if number is None:
            return
        if option:
            self.places.setdefault(option, Counter())[int(number)] += times
        else:
            self.values[number] += times

    def add(self, other: "QuestionTally", sign: int = 1) -> None:
        """Add another one, or take it away with ``sign`` -1."""
        self.people += sign * other.people
        _add(self.options, other.options, sign)
        _add(self.values, other.values, sign)
        for option, places in other.places.items():
            _add(self.places.setdefault(option, Counter()), places, sign)

    def as_json(self) -> dict[str, Any]:
        """What is kept; parts that are empty are left out."""
        kept: dict[str, Any] = {"people": self.people}
        if self.options:
            kept["options"] = _kept(self.options)
        if self.values:
            kept["values"] = {_plain(each): n for each, n in _kept(self.values).items()}
        if places := {each: _kept(found) for each, found in self.places.items()}:
            kept["places"] = {
                each: {str(place): n for place, n in found.items()}
                for each, found in places.items()
                if found
            }
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "QuestionTally":
        """The value that was kept."""
        return cls(
            kept["people"],
            Counter(kept.get("options", {})),
            Counter({Decimal(k): n for k, n in kept.get("values", {}).items()}),
            {
                option: Counter({int(place): n for place, n in found.items()})
                for option, found in kept.get("places", {}).items()
            },
        )


@dataclass
class Tally:
    """How many responses there are, and the counts of each question by its id."""

    responses: int = 0
    questions: dict[str, QuestionTally] = field(default_factory=dict)

    def of(self, question_id: str) -> QuestionTally:
        """The counts of one question, to be filled."""
        return self.questions.setdefault(question_id, QuestionTally())

    def add(self, other: "Tally", sign: int = 1) -> None:
        """Add another one, or take it away with ``sign`` -1."""
        self.responses += sign * other.responses
        for key, counts in other.questions.items():
            self.of(key).add(counts, sign)

    def as_json(self) -> dict[str, Any]:
        """What is kept."""
        questions = {key: found.as_json() for key, found in self.questions.items()}
        return {
            "responses": self.responses,
            "questions": {k: v for k, v in questions.items() if v["people"]},
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Tally":
        """The value that was kept."""
        questions = kept["questions"].items()
        return cls(
            kept["responses"],
            {key: QuestionTally.from_json(found) for key, found in questions},
        )


#: Counts by group: a language, a channel …; one empty name where there is no split.
Groups = dict[str, Tally]


def add_groups(to: Groups, more: Groups, sign: int = 1) -> None:
    """Add the counts of each group."""
    for group, tally in more.items():
        to.setdefault(group, Tally()).add(tally, sign)


def together(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def groups_as_json(groups: Groups) -> dict[str, Any]:
    """What is kept of several groups; the same counts always give the same."""
    return {group: groups[group].as_json() for group in sorted(groups)}


def groups_from_json(kept: dict[str, Any]) -> Groups:
    """The value that was kept."""
    return {group: Tally.from_json(found) for group, found in kept.items()}


def _add(counts: Counter, more: Counter, sign: int) -> None:
    for key, number in more.items():
        counts[key] += sign * number


def _kept(counts: Counter) -> dict:
    return {key: n for key, n in sorted(counts.items()) if n}


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
