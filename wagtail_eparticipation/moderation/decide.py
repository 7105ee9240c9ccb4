"""The acts of moderation: decide, confirm, decline, take down (R-5.3.1c, R-8.1a).

Each is one transaction: the participation is held, what the moderator saw is compared
with what is there, then state, discussion, counts, ledger, history and signal follow.
"""

from datetime import datetime

from django.db import transaction

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.discussion import publish as discussion
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.history import note
from wagtail_eparticipation.moderation.models import (
    RESULTS,
    ModerationDecision,
    Outcome,
)
from wagtail_eparticipation.moderation.reasons import (
    find_reason,
    policy_for,
    split_code,
)
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import (
    Participation,
    State,
)
from wagtail_eparticipation.signals import participation_moderated

#: What may be decided about a participation in each state; nothing in the others.
POSSIBLE = {
    State.RECEIVED: (
        Outcome.PUBLISH,
        Outcome.KEEP_UNPUBLISHED,
        Outcome.REFUSE,
        Outcome.REROUTE,
    ),
    State.QUARANTINED: (
        Outcome.PUBLISH,
        Outcome.KEEP_UNPUBLISHED,
        Outcome.REFUSE,
        Outcome.REROUTE,
    ),
    State.UNPUBLISHED: (Outcome.PUBLISH,),
    State.PUBLISHED: (Outcome.TAKE_DOWN,),
    State.TAKEN_DOWN: (Outcome.PUBLISH,),
}


def possible_outcomes(participation: Participation, stage: str) -> list[Outcome]:
    """What can be decided now, the author's own choice included."""
    found = _possible_for(participation)
    if stage in SETTLED:
        found = [each for each in found if each == Outcome.TAKE_DOWN]
    if not discussion.may_be_published(participation):
        found = [each for each in found if each != Outcome.PUBLISH]
    return list(found)


#: What is left for what is no opinion: a complaint is neither shown nor counted.
_DIVERTED = frozenset({Outcome.REFUSE, Outcome.REROUTE})


def _possible_for(participation: Participation) -> tuple[Outcome, ...]:
    found = POSSIBLE.get(participation.state, ())
    try:
        diverted = tools.get(participation.tool).received_as
    except tools.UnknownTool:
        diverted = ""
    return tuple(each for each in found if each in _DIVERTED) if diverted else found


def needs_reason(participation: Participation, outcome: str) -> bool:
    """Whether a reason of the policy must be given.

    Not for publishing, nor for leaving unpublished what its author did not want
    published, nor where there is no text that could be.
    """
    if outcome == Outcome.KEEP_UNPUBLISHED:
        return discussion.may_be_published(participation)
    return outcome != Outcome.PUBLISH


@transaction.atomic
def decide(
    participation: Participation,
    outcome: str,
    *,
    actor,
    expected_state: str,
    expected_revision: int | None = None,
    reason_code: str = "",
    sub_code: str = "",
    ground: str = "",
    criticises_work: bool = False,
    now: datetime | None = None,
) -> ModerationDecision:
    """Decide about one participation, or propose it where two people are needed.

    ``expected_state`` and ``expected_revision`` are what the moderator saw; if it
    changed meanwhile nothing is saved. ``reason_code`` may be the full code
    (``rule-4.racism``). ``criticises_work`` is the answer to the policy's check
    question; keeping criticism from the public takes a second person (R-7.4b).
    A taking down that needs one has its effect at once, because harm goes on, and is
    undone if that person declines. Raises ``PermissionDenied`` and the errors of
    ``moderation.errors``.
    """
    outcome = Outcome(outcome)
    held, consultation = _hold(participation.pk)
    access.require(actor, "moderate", consultation)
    now = now or clock.database_now()
    _compare(held, expected_state, expected_revision)
    if ModerationDecision.objects.filter(open_for=held).exists():
        raise errors.AwaitingSecondPerson
    _require_possible(held, outcome, consultation.stage(now))
    decision = ModerationDecision(
        participation=held,
        outcome=outcome,
        state=ModerationDecision.State.CONFIRMED,
        state_from=held.state,
        revision=held.revision,
        ground=ground.strip(),
        criticises_work=criticises_work,
        decided_by=actor,
        decided_at=now,
    )
    if (reason_code or sub_code) or needs_reason(held, outcome):
        policy = policy_for(consultation, now)
        reason = find_reason(policy, outcome, reason_code, sub_code)
        decision.reason_code, decision.sub_code = split_code(reason)
        decision.clause = reason.clause
        sensitive = reason.second_person or (
            criticises_work and policy.criticism.second_person
        )
        if sensitive:
            return _propose(decision, held, consultation, actor, now)
    decision.save()
    _carry_out(decision, held, consultation, actor, now)
    return decision


def take_down(participation: Participation, *, actor, **reason) -> ModerationDecision:
    """Take something published down; a tombstone with date and clause stays."""
    return decide(
        participation,
        Outcome.TAKE_DOWN,
        actor=actor,
        expected_state=State.PUBLISHED,
        **reason,
    )


@transaction.atomic
def confirm(
    decision: ModerationDecision, *, actor, now: datetime | None = None
) -> ModerationDecision:
    """Put a proposal into force as the second person; raises ``SamePerson``."""
    held, consultation, decision = _hold_proposal(decision)
    access.require(actor, "moderate", consultation)
    if actor.pk == decision.decided_by_id:
        raise errors.SamePerson
    _compare(held, decision.waits_in, decision.revision)
    now = now or clock.database_now()
    in_effect = decision.is_in_effect
    if not in_effect:
        _require_possible(held, Outcome(decision.outcome), consultation.stage(now))
    _settle(decision, ModerationDecision.State.CONFIRMED, actor, now)
    if in_effect:
        _record(consultation, "confirmed", decision, actor, now)
        _announce(decision, held, now)
    else:
        _carry_out(decision, held, consultation, actor, now)
    return decision


@transaction.atomic
def decline(
    decision: ModerationDecision, *, actor, now: datetime | None = None
) -> ModerationDecision:
    """Send the item back to the queue, or show again what was taken down at once.

    The proposer may take the proposal back so.
    """
    held, consultation, decision = _hold_proposal(decision)
    access.require(actor, "moderate", consultation)
    now = now or clock.database_now()
    undo = decision.is_in_effect and held.state == State.TAKEN_DOWN
    _settle(decision, ModerationDecision.State.DECLINED, actor, now)
    _record(consultation, "declined", decision, actor, now)
    if undo:
        restored = ModerationDecision.objects.create(
            participation=held,
            outcome=Outcome.PUBLISH,
            state=ModerationDecision.State.CONFIRMED,
            state_from=held.state,
            revision=held.revision,
            decided_by=actor,
            decided_at=now,
        )
        _carry_out(restored, held, consultation, actor, now)
    return decision


def _hold(pk: int) -> tuple[Participation, Consultation]:
    held = Participation.objects.select_for_update().get(pk=pk)
    consultation = Consultation.objects.select_related("window").get(
        pk=held.consultation_id
    )
    held.consultation = consultation
    return held, consultation


def _hold_proposal(decision):
    held, consultation = _hold(decision.participation_id)
    current = ModerationDecision.objects.get(pk=decision.pk)
    if current.state != ModerationDecision.State.PROPOSED:
        raise errors.NotOpen
    current.participation = held
    return held, consultation, current


def _compare(held: Participation, state: str, revision: int | None) -> None:
    other_words = revision is not None and revision != held.revision
    if held.state != state or other_words:
        raise errors.StateChanged(held.get_state_display())


def _require_possible(held: Participation, outcome: Outcome, stage: str) -> None:
    if stage in SETTLED and outcome != Outcome.TAKE_DOWN:
        raise errors.TopicIsClosed
    if outcome not in _possible_for(held):
        raise errors.OutcomeNotPossible(outcome, held.get_state_display())
    if outcome == Outcome.PUBLISH and not discussion.may_be_published(held):
        raise errors.PublicationDeclined


def _propose(decision, held, consultation, actor, now) -> ModerationDecision:
    if not decision.ground:
        raise errors.GroundNeeded
    decision.state = ModerationDecision.State.PROPOSED
    decision.open_for = held
    decision.save()
    _record(consultation, "proposed", decision, actor, now)
    if decision.is_in_effect:
        _carry_out(decision, held, consultation, actor, now)
    return decision


def _settle(decision, state, actor, now) -> None:
    decision.state = state
    decision.second_person, decision.second_person_at = actor, now
    decision.open_for = None
    decision.save(
        update_fields=["state", "second_person", "second_person_at", "open_for"]
    )


def _carry_out(decision, held, consultation, actor, now) -> None:
    moved = Participation.objects.filter(pk=held.pk, state=decision.state_from).update(
        state=RESULTS[decision.outcome]
    )
    if not moved:
        held.refresh_from_db(fields=["state"])
        raise errors.StateChanged(held.get_state_display())
    held.state = RESULTS[decision.outcome]
    decision.participation = held
    if decision.outcome == Outcome.PUBLISH:
        discussion.publish(held, now=now)
    elif decision.outcome == Outcome.TAKE_DOWN:
        discussion.take_down(held, now=now, clause=decision.clause)
    kind = "restored" if decision.is_restoration else held.state
    _record(consultation, kind, decision, actor, now)
    note(decision, consultation, actor=actor)
    _announce(decision, held, now)


def _announce(decision, held, now) -> None:
    participation_moderated.send(
        sender=ModerationDecision, participation=held, decision=decision, now=now
    )


def _record(consultation, kind: str, decision: ModerationDecision, actor, now) -> None:
    """Ids and codes for the ledger; never a word of the text or the ground."""
    record(
        consultation,
        f"moderation.{kind}",
        actor=actor,
        at=now,
        data={
            "participation": str(decision.participation.public_id),
            "decision": decision.pk,
            "outcome": decision.outcome,
            "reason_code": decision.full_code,
            "clause": decision.clause,
        },
    )
