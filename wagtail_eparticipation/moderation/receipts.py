"""Under which rule something is not shown, told on its receipt (R-7.0.2d)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.moderation import objecting
from wagtail_eparticipation.moderation.models import RESULTS, ModerationDecision
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.moderation.redaction import current
from wagtail_eparticipation.moderation.sealed import Destruction
from wagtail_eparticipation.participations import receipts, tokens
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


def hidden_places(participation, language: str) -> Iterable[ReceiptNote]:
    """That places are hidden in it, as far as they are (R-7.8f)."""
    if current(participation):
        yield ReceiptNote(
            _("Places in it are hidden"),
            _(
                "Marks stand in their place, here as well. What you wrote is kept"
                " sealed; only the officer for privacy can open it, with a reason."
            ),
        )


def content_destroyed(participation, language: str) -> Iterable[ReceiptNote]:
    """That its content was destroyed, when, and on which clause (R-8.1a)."""
    for each in participation.destructions.filter(state=Destruction.State.DONE):
        yield ReceiptNote(
            _("Its content was destroyed"),
            _("Certificate %(number)s, %(instant)s, clause %(clause)s")
            % {
                "number": each.number,
                "instant": instant_words(each.second_person_at, language),
                "clause": each.clause,
            },
        )


def objection(participation, language: str) -> dict[str, Any] | None:
    """Where its author objects, or what became of the objection."""
    made = participation.objections.order_by("-id").first()
    open_to_it = objecting.decision_to_object(participation)
    if made is None and open_to_it is None:
        return None
    return {
        "objection": made,
        "url": object_address(participation, language) if open_to_it else "",
        "due": instant_words(made.due_at, language) if made and made.due_at else "",
    }


def object_address(participation, language: str) -> str:
    """Where the holder of the receipt objects; valid as long as a receipt's address."""
    code = receipts.code_matching(
        participation.idempotency_key, participation.receipt_hash
    )
    token = tokens.hide_in_address(f"seen:{code}")
    return reverse("eparticipation:object", args=[language, token])


def _last(participation) -> ModerationDecision | None:
    """The decision that led to the present state."""
    outcomes = [each for each, state in RESULTS.items() if state == participation.state]
    return (
        ModerationDecision.objects.settling()
        .filter(participation=participation, outcome__in=outcomes)
        .order_by("-id")
        .first()
    )
