"""The advisers that look at what people write; a site adds its own.

An adviser is a function of a :class:`Reading` that yields :class:`Finding`. It is
registered with the key of the policy's rule that it serves; a policy without that rule
does not ask it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wagtail_eparticipation.moderation.advisers.findings import Finding, Reading

Look = Callable[[Reading], Iterable[Finding]]


@dataclass(frozen=True)
class Adviser:
    """An adviser as registered: its name, its rule, and what it does."""

    name: str
    rule: str
    look: Look
    prepare: Callable[[], None] | None = None


_ADVISERS: dict[str, Adviser] = {}


def register(
    name: str, *, rule: str, look: Look, prepare: Callable[[], None] | None = None
) -> None:
    """Add an adviser, or put another in the place of one with the same name.

    ``prepare`` is called once before each batch of texts; what an adviser keeps of the
    database is brought up to date there.
    """
    _ADVISERS[name] = Adviser(name, rule, look, prepare)


def unregister(name: str) -> None:
    """Take an adviser away; ``KeyError`` when there is none of this name."""
    del _ADVISERS[name]


def registered() -> tuple[Adviser, ...]:
    """All advisers, in the order in which they were registered."""
    return tuple(_ADVISERS.values())


class Batch:
    """The advisers of one policy, made ready for any number of texts.

    ``policy`` limits them to those whose rule it has; without one all are asked.
    ``instead`` takes the places of the registered ones with the same names.
    """

    def __init__(self, policy=None, *, instead: Iterable[Adviser] = ()):
        known = _ADVISERS | {each.name: each for each in instead}
        self._asked = [
            each for each in known.values() if not policy or policy.has_rule(each.rule)
        ]
        self._sub_codes = policy and {
            rule.key: {reason.code.rpartition(".")[2] for reason in rule.sub_reasons}
            for rule in policy.rules
        }
        for adviser in self._asked:
            if adviser.prepare:
                adviser.prepare()

    def advise(
        self,
        words: Mapping[str, str],
        *,
        language: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> list[Finding]:
        """What all advisers find in the texts of one participation, in reading order.

        ``words`` holds the texts by field. A sub-code that the policy does not have is
        left out of a finding.
        """
        found: list[Finding] = []
        for field, text in words.items():
            if not text:
                continue
            reading = Reading(text, language, field, facts or {})
            for adviser in self._asked:
                found.extend(adviser.look(reading))
        return sorted(self._fitting(each) for each in found)

    def _fitting(self, finding: Finding) -> Finding:
        if (
            not finding.code
            or self._sub_codes is None
            or finding.code in self._sub_codes.get(finding.rule, ())
        ):
            return finding
        return replace(finding, code="")


def advise(
    words: Mapping[str, str],
    *,
    language: str = "",
    policy=None,
    facts: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """What all advisers find in the texts of one participation, in reading order.

    For many participations at once make one :class:`Batch` and ask it.
    """
    return Batch(policy).advise(words, language=language, facts=facts)
