"""What a policy consists of, as values that the other rooms pass around."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wagtail_eparticipation.languages import pick


class Words(dict):
    """A text in every language of the pack; ``str()`` speaks the active one."""

    def __str__(self):
        return pick(self)

    def in_language(self, language: str | None) -> str:
        """The text in one language (the active one for ``None``)."""
        return pick(self, language)


def clause_anchor(clause_id: str) -> str:
    """The ``id`` of a clause on the policy's public page: ``p-5-1-2``."""
    return clause_id.lower().replace(".", "-")


@dataclass(frozen=True)
class Clause:
    """One clause of the policy: what everything else refers to."""

    id: str
    title: Words
    text: Words
    stage: str = ""

    @property
    def anchor(self) -> str:
        """Its ``id`` on the public page of the policy."""
        return clause_anchor(self.id)


@dataclass(frozen=True)
class Reason:
    """A reason code: ``extend.technical_outage``, ``rule-4.racism`` (R-2.1b).

    ``act`` is the act it justifies; for reasons made of participant rules it is
    ``"moderate"``. ``second_person`` says that another person must confirm.
    """

    code: str
    act: str
    clause: str
    label: Words
    second_person: bool = False
    may_refuse: bool = True
    rule: int | None = None

    @property
    def anchor(self) -> str:
        """Anchor of its clause on the public page of the policy."""
        return clause_anchor(self.clause)


@dataclass(frozen=True)
class Rule:
    """One rule for participants, which is also a reason in moderation (R-7.0.2b).

    ``message`` says what was found, whatever was decided; ``messages`` holds what is
    said in its place after an outcome, by the outcome's name. ``hints`` holds what is
    said before sending, by sub-code, that of the rule as a whole under ``""``.
    ``may_refuse`` is false where a breach is never a ground for refusing;
    ``security`` marks the rules about which a check may refuse by itself.
    """

    number: int
    key: str
    clause: str
    one_line: Words
    text: Words
    message: Words
    severity: str
    default_action: str
    may_refuse: bool
    second_person: bool
    security: bool
    sub_reasons: tuple[Reason, ...]
    messages: Mapping[str, Words] = field(default_factory=dict)
    hints: Mapping[str, Words] = field(default_factory=dict)

    def hint_about(self, code: str = "") -> Words:
        """What somebody is told before sending, by the sub-code of what was found."""
        return self.hints.get(code) or self.hints.get("") or self.one_line

    def message_after(self, outcome: str) -> Words:
        """What is told to the author of what broke the rule, by what was decided."""
        return self.messages.get(outcome, self.message)

    @property
    def code(self) -> str:
        """The rule as a reason code: ``rule-4``."""
        return f"rule-{self.number}"

    @property
    def anchor(self) -> str:
        """Anchor of its clause on the public page of the policy."""
        return clause_anchor(self.clause)


@dataclass(frozen=True)
class Level:
    """A level of participation and the promise that goes with it (R-5.1.4a)."""

    key: str
    name: Words
    promise: Words


@dataclass(frozen=True)
class Retention:
    """How long one class of data is kept (AC-S6-D1); ``amount`` 0 is for good."""

    data: str
    name: Words
    unit: str
    amount: int
    counted_from: str
    event: Words


@dataclass(frozen=True)
class Criticism:
    """Criticism of the municipality's work is no breach by itself (R-7.4b)."""

    clause: str
    second_person: bool
    question: Words
    guidance: Words
