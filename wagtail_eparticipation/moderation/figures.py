"""Decisions by rule, as public figures and for the report (R-7.0.2e, R-8.1c)."""

from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Subquery
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.moderation.models import (
    RESULTS,
    ModerationDecision,
    Outcome,
)
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.moderation.sealed import Destruction
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.reading import NotInPolicy, Words

#: Outcomes that keep or take words from the public, in the order of the columns.
TOLD = (
    Outcome.PUBLISH_REDACTED,
    Outcome.KEEP_UNPUBLISHED,
    Outcome.REFUSE,
    Outcome.TAKE_DOWN,
    Outcome.REROUTE,
)

#: What the public reads above the columns.
HEADINGS = {
    Outcome.PUBLISH_REDACTED: gettext_lazy("Published with places hidden"),
    Outcome.KEEP_UNPUBLISHED: gettext_lazy("Not published, counted"),
    Outcome.REFUSE: gettext_lazy("Refused, not counted"),
    Outcome.TAKE_DOWN: gettext_lazy("Taken down"),
    Outcome.REROUTE: gettext_lazy("Passed on to the complaint service"),
}


@dataclass(frozen=True)
class RuleFigures:
    """How often each outcome rests on one reason; ``counts`` in the order of TOLD."""

    code: str
    clause: str
    label: Words | str
    counts: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each heading with its number."""
        return list(zip(HEADINGS.values(), self.counts, strict=True))


def by_rule(consultation, now) -> list[RuleFigures]:
    """What stands now for each reason, in the policy's order; one query.

    A participation counts once, with the decision that made its state; what was
    undone, corrected by its author or withdrawn is not in it.
    """
    latest = (
        ModerationDecision.objects.settling()
        .filter(participation=OuterRef("participation"))
        .order_by()
        .values("participation")
        .annotate(last=Max("id"))
        .values("last")
    )
    rows = (
        ModerationDecision.objects.settling()
        .filter(
            participation__consultation=consultation,
            outcome__in=TOLD,
            id=Subquery(latest),
        )
        .exclude(reason_code="")
        .order_by()
        .values("reason_code", "sub_code", "clause", "outcome", "participation__state")
        .annotate(number=Count("pk"))
    )
    found: dict[str, dict[str, int]] = {}
    clauses: dict[str, str] = {}
    for row in rows:
        if row["participation__state"] != RESULTS[row["outcome"]]:
            continue
        code = ".".join(filter(None, [row["reason_code"], row["sub_code"]]))
        clauses[code] = row["clause"]
        counts = found.setdefault(code, {})
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + row["number"]
    policy = policy_for(consultation, now)
    order = _order(policy)
    return [
        RuleFigures(
            code,
            clauses[code],
            _label(policy, code),
            tuple(found[code].get(outcome, 0) for outcome in TOLD),
        )
        for code in sorted(found, key=lambda each: (order.get(each, 999), each))
    ]


def _order(policy) -> dict[str, int]:
    codes = []
    for rule in policy.rules:
        codes += [rule.code, *(each.code for each in rule.sub_reasons)]
    codes += [each.code for each in policy.reasons_for("take_down")]
    return {code: place for place, code in enumerate(codes)}


def _label(policy, code: str) -> Words | str:
    try:
        return policy.reason(code).label
    except NotInPolicy:
        return code


def other_figures(consultation) -> dict[str, int]:
    """Objections and destroyed contents of a topic, for the public table."""
    objections = dict(
        Objection.objects.filter(participation__consultation=consultation)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    participations = Participation.objects.filter(consultation=consultation)
    return {
        "objections": sum(objections.values()),
        "upheld": objections.get(Objection.State.UPHELD, 0),
        "destroyed": Destruction.objects.filter(
            participation__in=participations, state=Destruction.State.DONE
        ).count(),
    }
