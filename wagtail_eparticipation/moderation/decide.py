"""The acts of moderation: decide, confirm, decline, take down (R-5.3.1c, R-8.1a).

Each is one transaction: the participation is held, what the moderator saw is compared
with what is there, then state, discussion, counts, ledger, history and signal follow.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.dispatch import receiver

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion import publish as discussion
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.moderation import errors, objecting, redaction
from wagtail_eparticipation.moderation.history import note
from wagtail_eparticipation.moderation.models import (
    RESULTS,
    SHOWING,
    ModerationDecision,
    Outcome,
)
from wagtail_eparticipation.moderation.places import Place, from_json
from wagtail_eparticipation.moderation.possible import (
    needs_places,
    needs_reason,
    require_possible,
    what_waits,
)
from wagtail_eparticipation.moderation.reasons import (
    find_reason,
    policy_for,
    split_code,
)
from wagtail_eparticipation.participations import once
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.sanitize import clean_html
from wagtail_eparticipation.signals import (
    participation_amended,
    participation_destroyed,
    participation_moderated,
    participation_replaced,
    participation_withdrawn,
)


@transaction.atomic
def decide(
    participation: Participation,
    outcome: str,
    *,
    actor,
    expected_state: str,
    expected_revision: int | None = None,
    expected_words: str = "",
    reason_code: str = "",
    sub_code: str = "",
    ground: str = "",
    criticises_work: bool = False,
    places: Iterable[Place] = (),
    release_links: bool = False,
    answer: str = "",
    now: datetime | None = None,
) -> ModerationDecision:
    """Decide about one participation, or propose it where two people are needed.

    ``expected_state``, ``expected_revision`` and ``expected_words``, which is
    ``redaction.seen_digest``, are what the moderator saw; if it changed meanwhile
    nothing is saved. ``reason_code`` may be the full code
    (``rule-4.racism``). ``criticises_work`` is the answer to the policy's check
    question; keeping criticism from the public takes a second person (R-7.4b).
    ``places`` are hidden with it, counted in the words as they stand;
    ``release_links`` lets its addresses be links. ``answer`` is what the author is told
    where the decision meets an objection; somebody else takes it then (R-7.0.2d).
    A taking down that needs one has its effect at once, because harm goes on, and is
    undone if that person declines. Raises ``PermissionDenied`` and the errors of
    ``moderation.errors``.
    """
    outcome = Outcome(outcome)
    held, consultation = _hold(participation.pk)
    access.require(actor, "moderate", consultation)
    now = now or clock.database_now()
    _compare(held, expected_state, expected_revision)
    if expected_words not in ("", redaction.seen_digest(held)):
        # Places were hidden or shown: those that are wanted count other words.
        raise errors.StateChanged(held.get_state_display())
    proposed, objected = what_waits(held)
    if proposed:
        raise errors.AwaitingSecondPerson
    require_possible(held, outcome, consultation.stage(now))
    objection = None
    if objected:
        objection = objecting.met_by(held, outcome, actor, answer)
    hidden = redaction.to_hide(held, places)
    if not hidden and needs_places(held, outcome):
        raise errors.PlacesNeeded
    decision = ModerationDecision(
        participation=held,
        outcome=outcome,
        state=ModerationDecision.State.CONFIRMED,
        state_from=held.state,
        revision=held.revision,
        ground=ground.strip(),
        criticises_work=criticises_work,
        places=[place.as_json() for place in hidden],
        releases_links=release_links and outcome in SHOWING,
        meets=objection,
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
    """Put a proposal into force as the second person.

    Raises ``SamePerson``, and ``SameAsObjected`` as :func:`decline` does.
    """
    held, consultation, decision = _hold_proposal(decision)
    access.require(actor, "moderate", consultation)
    if actor.pk == decision.decided_by_id:
        raise errors.SamePerson
    _may_answer(decision, actor)
    _compare(held, decision.waits_in, decision.revision)
    now = now or clock.database_now()
    in_effect = decision.is_in_effect
    if not in_effect:
        require_possible(held, Outcome(decision.outcome), consultation.stage(now))
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

    The proposer may take the proposal back so. Those against whose decision it meets an
    objection do neither.
    """
    held, consultation, decision = _hold_proposal(decision)
    access.require(actor, "moderate", consultation)
    _may_answer(decision, actor)
    now = now or clock.database_now()
    undo = _can_be_undone(decision, held)
    _settle(decision, ModerationDecision.State.DECLINED, actor, now)
    _record(consultation, "declined", decision, actor, now)
    if undo:
        restored = ModerationDecision.objects.create(
            participation=held,
            outcome=Outcome.PUBLISH,
            state=ModerationDecision.State.CONFIRMED,
            state_from=held.state,
            revision=held.revision,
            releases_links=held.links_released,
            decided_by=actor,
            decided_at=now,
        )
        _carry_out(restored, held, consultation, actor, now)
    return decision


@receiver(participation_amended, dispatch_uid="eparticipation_proposal_amend")
@receiver(participation_withdrawn, dispatch_uid="eparticipation_proposal_withdraw")
@receiver(participation_replaced, dispatch_uid="eparticipation_proposal_replace")
@receiver(participation_destroyed, dispatch_uid="eparticipation_proposal_destroy")
def supersede(sender, participation, now, **kwargs):
    """End a proposal about words that are no longer there; others wait anew."""
    proposals = ModerationDecision.objects.filter(open_for=participation.pk)
    for decision in proposals.select_related("participation__consultation"):
        if decision.is_in_effect and participation.state == State.TAKEN_DOWN:
            # It is down; the second person still says whether it was to be.
            continue
        _settle(decision, ModerationDecision.State.SUPERSEDED, None, now)
        consultation = decision.participation.consultation
        _record(consultation, "superseded", decision, None, now)


def _can_be_undone(decision: ModerationDecision, held: Participation) -> bool:
    """Whether the words taken down at once are still there, and may be shown."""
    return (
        decision.is_in_effect
        and held.state == State.TAKEN_DOWN
        and held.revision == decision.revision
        and discussion.may_be_published(held)
    )


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


def _may_answer(decision: ModerationDecision, actor) -> None:
    """Raise ``SameAsObjected`` for those against whose decision the objection is."""
    if decision.meets_id and decision.meets.is_against(actor):
        raise errors.SameAsObjected


def _compare(held: Participation, state: str, revision: int | None) -> None:
    other_words = revision is not None and revision != held.revision
    if held.state != state or other_words:
        raise errors.StateChanged(held.get_state_display())


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
    replaced = None
    if decision.meets_id and decision.state_from == State.REFUSED:
        replaced = _take_place_again(held, now)
    moved = Participation.objects.filter(pk=held.pk, state=decision.state_from).update(
        state=RESULTS[decision.outcome]
    )
    if not moved:
        held.refresh_from_db(fields=["state"])
        raise errors.StateChanged(held.get_state_display())
    held.state = RESULTS[decision.outcome]
    decision.participation = held
    if decision.outcome in SHOWING and held.links_released != decision.releases_links:
        _release_links(held, decision.releases_links)
    if decision.places:
        redaction.hide(
            held,
            from_json(decision.places),
            actor=actor,
            now=now,
            clause=decision.clause,
        )
    if decision.outcome in SHOWING:
        discussion.publish(held, now=now)
    elif decision.outcome == Outcome.TAKE_DOWN:
        discussion.take_down(held, now=now, clause=decision.clause)
    if replaced is not None:
        once.announce(replaced, held, now=now)
    kind = "restored" if decision.is_restoration else held.state
    _record(consultation, kind, decision, actor, now)
    note(decision, consultation, actor=actor)
    if decision.meets_id:
        objecting.uphold(decision.meets, decision, now=now)
    _announce(decision, held, now)


def _take_place_again(held: Participation, now) -> Participation | None:
    """What was refused and counts after all has its person's place again (R-7.5a).

    Returns the one that had it meanwhile and is not counted any more.
    """
    revision = held.revision
    earlier = once.take_place(held, now=now)
    # Its words are those that were refused, whatever it stands in the place of.
    held.revision = revision
    held.save(update_fields=["once_key", "replaces"])
    return earlier


def _release_links(held: Participation, released: bool) -> None:
    held.links_released = released
    held.text_html = clean_html(held.text, links=released)
    held.save(update_fields=["links_released", "text_html"])


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
