"""Under which rule something is not shown, told on its receipt (R-7.0.2d)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.moderation.models import RESULTS, ModerationDecision
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote
from wagtail_eparticipation.policy.reading import NotInPolicy

_EXPLAINED = frozenset(
    {State.UNPUBLISHED, State.REFUSED, State.REROUTED, State.TAKEN_DOWN}
)


def rule_of(participation, language: str) -> Iterable[ReceiptNote]:
    """The reason and its clause in the policy's words; never the staff's ground."""
    if participation.state not in _EXPLAINED:
        return
    decision = _last(participation)
    if decision is None or not decision.full_code:
        return
    policy = policy_for(participation.consultation, decision.decided_at)
    try:
        reason = policy.reason(decision.full_code)
    except NotInPolicy:
        return
    text = reason.label.in_language(language)
    if reason.rule is not None:
        rule = policy.rule(reason.rule)
        text = rule.message_after(decision.outcome).in_language(language)
    if decision.is_in_effect:
        text = _("It is not shown for now; a second person will review this.")
    yield ReceiptNote(
        _("Reason: %(reason)s (clause %(clause)s)")
        % {"reason": reason.label.in_language(language), "clause": decision.clause},
        text,
    )


def _last(participation) -> ModerationDecision | None:
    """The decision that led to the present state."""
    outcomes = [each for each, state in RESULTS.items() if state == participation.state]
    return (
        ModerationDecision.objects.in_force()
        .filter(participation=participation, outcome__in=outcomes)
        .order_by("-id")
        .first()
    )
