"""An installed policy as typed values, for everybody who has to obey or cite it.

``policy_of(consultation.policy_version)`` gives a :class:`Policy`. Its texts are
:class:`Words`: printed in a template or with ``str()`` they speak the active
language, ``.in_language("ar")`` names one.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.policy.entries import (
    Clause,
    Criticism,
    Level,
    Reason,
    Retention,
    Rule,
    Words,
)
from wagtail_eparticipation.policy.models import PolicyVersion
from wagtail_eparticipation.policy.vocabulary import OPTIONAL_PERIODS, TEXTS


class NotInPolicy(LookupError):
    """The policy has no such clause, rule, reason or text."""


class Policy:
    """One version of a policy pack; see the attributes' types for what is in it."""

    def __init__(self, content: Mapping[str, Any]):
        self.slug: str = content["slug"]
        self.version: str = content["version"]
        self.effective_from: str = content["effective_from"]
        self.title = Words(content["title"])
        self.summary = Words(content["summary"])
        self.periods: dict[str, int] = dict(content["periods"])
        self.office_hours: dict[str, Any] = dict(content["office_hours"])
        self.clauses = tuple(_clause(row) for row in content["clauses"])
        self.rules = tuple(_rule(row) for row in content["rules"])
        self.levels = tuple(
            Level(key, Words(row["name"]), Words(row["promise"]))
            for key, row in content["levels"].items()
        )
        self.retention = {
            data: _retention(data, row) for data, row in content["retention"].items()
        }
        self.criticism = Criticism(
            content["criticism"]["clause"],
            content["criticism"]["second_person"],
            Words(content["criticism"]["question"]),
            Words(content["criticism"]["guidance"]),
        )
        self._texts = content["texts"]
        self._kinds = content["kinds"]
        self._stages = content["stages"]
        self._states = content["states"]
        self._clauses = {clause.id: clause for clause in self.clauses}
        reasons = [_act_reason(row) for row in content["reasons"]]
        for rule in self.rules:
            reasons.append(_rule_reason(rule))
            reasons.extend(rule.sub_reasons)
        self._reasons = {reason.code: reason for reason in reasons}

    def __str__(self):
        return f"{self.title} {self.version}"

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id; :class:`NotInPolicy` when there is none."""
        return self._find(self._clauses, clause_id, "clause")

    def rule(self, number_or_key: int | str) -> Rule:
        """The participant rule with this number or key (``"personal_data"``)."""
        for rule in self.rules:
            if number_or_key in (rule.number, rule.key):
                return rule
        raise NotInPolicy(f"Policy {self} has no rule “{number_or_key}”.")

    def has_rule(self, key: str) -> bool:
        """Whether the pack has a rule of this key: packs may have fewer rules."""
        return any(rule.key == key for rule in self.rules)

    def reason(self, code: str) -> Reason:
        """The reason with this full code; :class:`NotInPolicy` when there is none."""
        return self._find(self._reasons, code, "reason")

    def reasons_for(self, act: str) -> tuple[Reason, ...]:
        """Reasons that may be given for an act, in the pack's order.

        ``skip_collecting`` and other ``skip_…`` share the reasons of ``skip``;
        ``moderate`` gives the participant rules with their sub-codes.
        """
        wanted = "skip" if act.startswith("skip_") else act
        return tuple(r for r in self._reasons.values() if r.act == wanted)

    def text(self, key: str, language: str | None = None, **values: str) -> str:
        """An official text; ``values`` fill the places that it has.

        ``vocabulary.TEXTS`` names the places of each text; leaving one out raises
        ``KeyError`` rather than showing a text with a hole.
        """
        written = pick(self._find(self._texts, key, "text"), language)
        return written % values if TEXTS.get(key) else written

    def text_clause(self, key: str) -> Clause:
        """The clause on which an official text rests."""
        return self.clause(self._find(self._texts, key, "text")["clause"])

    def period(self, key: str) -> int:
        """One of the periods, in its unit; an optional one by what stands for it."""
        return self.periods.get(key) or self.periods[OPTIONAL_PERIODS[key]]

    def minimum_days(self, kind: str) -> int:
        """Days that a period of this kind of topic lasts at least (C.3)."""
        return self._find(self._kinds, kind, "kind of topic")["minimum_days"]

    def accelerated_minimum_days(self, kind: str) -> int:
        """Days below which not even an accelerated period may go (R-5.0c)."""
        row = self._find(self._kinds, kind, "kind of topic")
        return row["accelerated_minimum_days"]

    def kind_name(self, kind: str, language: str | None = None) -> str:
        """What the policy calls this kind of topic."""
        return pick(self._find(self._kinds, kind, "kind of topic")["name"], language)

    def stage_name(self, stage: str, language: str | None = None) -> str:
        """What the policy calls a state of a topic, or one of the six stages."""
        if stage in self._states:
            return pick(self._states[stage], language)
        return pick(self._find(self._stages, stage, "stage")["name"], language)

    def standard_stage(self, stage: str) -> tuple[Words, Words, Clause]:
        """Name, description and clause of one of the six standard stages (P-5)."""
        row = self._find(self._stages, stage, "stage")
        return (
            Words(row["name"]),
            Words(row["description"]),
            self.clause(row["clause"]),
        )

    def _find(self, table: Mapping[str, Any], key: str, what: str) -> Any:
        try:
            return table[key]
        except KeyError:
            raise NotInPolicy(f"Policy {self} has no {what} “{key}”.") from None


def _clause(row: Mapping[str, Any]) -> Clause:
    return Clause(
        row["id"], Words(row["title"]), Words(row["text"]), row.get("stage", "")
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    number = row["number"]
    return Rule(
        number=number,
        key=row["key"],
        clause=row["clause"],
        one_line=Words(row["one_line"]),
        text=Words(row["text"]),
        message=Words(row["message"]),
        messages={key: Words(said) for key, said in row.get("messages", {}).items()},
        hints={
            each.get("code", ""): Words(each["hint"])
            for each in (row, *row.get("sub_codes", []))
            if "hint" in each
        },
        severity=row["severity"],
        default_action=row["default_action"],
        may_refuse=row["may_refuse"],
        second_person=row["second_person"],
        security=row["security"],
        sub_reasons=tuple(
            Reason(
                code=f"rule-{number}.{sub['code']}",
                act="moderate",
                clause=row["clause"],
                label=Words(sub["label"]),
                second_person=sub.get("second_person", row["second_person"]),
                may_refuse=sub.get("may_refuse", row["may_refuse"]),
                rule=number,
            )
            for sub in row.get("sub_codes", [])
        ),
    )


def _rule_reason(rule: Rule) -> Reason:
    return Reason(
        code=rule.code,
        act="moderate",
        clause=rule.clause,
        label=rule.one_line,
        second_person=rule.second_person,
        may_refuse=rule.may_refuse,
        rule=rule.number,
    )


def _act_reason(row: Mapping[str, Any]) -> Reason:
    return Reason(
        code=f"{row['act']}.{row['code']}",
        act=row["act"],
        clause=row["clause"],
        label=Words(row["label"]),
    )


def _retention(data: str, row: Mapping[str, Any]) -> Retention:
    return Retention(
        data,
        Words(row["name"]),
        row["unit"],
        row.get("amount", 0),
        row.get("from", ""),
        Words(row.get("event", {})),
    )


class _ByChecksum:
    """A version compared by its checksum, so that the cache need not hash it.

    Content is asked for only when it was not read before: a public page may defer it.
    """

    def __init__(self, version: PolicyVersion):
        self.checksum = version.checksum
        self.version = version

    def __hash__(self):
        return hash(self.checksum)

    def __eq__(self, other):
        return isinstance(other, _ByChecksum) and self.checksum == other.checksum


@lru_cache(maxsize=32)
def _read(key: _ByChecksum) -> Policy:
    return Policy(key.version.content)


def policy_of(version: PolicyVersion) -> Policy:
    """The typed policy of an installed version; read once per checksum."""
    return _read(_ByChecksum(version))
