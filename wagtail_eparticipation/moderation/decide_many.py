"""One decision about many participations, set-wise, under the rules of each (R-5.3.1c).

Every item is judged by itself: whose department it is, whether its state and its words
are still what the moderator saw, whether its author and the topic's stage allow it,
whether a second person is needed. What cannot be decided is left out and said. Only the
writing is done together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.discussion.publish import may_be_published
from wagtail_eparticipation.discussion.publish_many import publish_many
from wagtail_eparticipation.ledger.record import record_many
from wagtail_eparticipation.moderation import errors, history
from wagtail_eparticipation.moderation.claims import Claim, end_many
from wagtail_eparticipation.moderation.flagged import with_places_to_hide
from wagtail_eparticipation.moderation.models import (
    RESULTS,
    ModerationDecision,
    Outcome,
)
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.moderation.possible import (
    needs_reason,
    only_hides,
    possible_outcomes,
)
from wagtail_eparticipation.moderation.reasons import (
    find_reason,
    policy_for,
    split_code,
)
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.signals import participation_moderated

#: So many are held and written together.
CHUNK = 250
#: Outcomes that are decided in bulk; the others are always read one by one.
IN_BULK = frozenset({Outcome.PUBLISH, Outcome.KEEP_UNPUBLISHED})


class NotYours(errors.CannotDecide):
    """Another department's, or no duty at all."""

    def __init__(self):
        super().__init__(_("It is not yours to decide."))


class BeingRead(errors.CannotDecide):
    """A colleague has it open at the moment."""

    def __init__(self):
        super().__init__(_("A colleague is reading it at the moment."))


class Objected(errors.CannotDecide):
    """Its author waits for an answer (R-7.0.2d)."""

    def __init__(self):
        super().__init__(_("Its author objects: answer on its own page."))


class OneByOne(errors.CannotDecide):
    """It takes a second person (R-7.3a, R-7.4b)."""

    def __init__(self):
        super().__init__(_("It needs a second person: decide it on its own page."))


class ToBeHidden(errors.CannotDecide):
    """An adviser says that a place in it is to be hidden (R-7.8b)."""

    def __init__(self):
        super().__init__(
            _("Something in it is to be hidden: decide it on its own page.")
        )


@dataclass(frozen=True)
class Seen:
    """One item as it was when the moderator looked at it."""

    pk: int
    state: str
    revision: int

    @classmethod
    def of(cls, row: Participation) -> "Seen":
        """How a row is now."""
        return cls(row.pk, row.state, row.revision)


@dataclass
class Result:
    """How many were decided, and which were left out and why."""

    done: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)


def decide_many(
    seen: Iterable[Seen],
    outcome: str,
    *,
    actor,
    reason_code: str = "",
    progress: Callable[[int], None] = lambda done: None,
    now: datetime | None = None,
) -> Result:
    """Decide about each of ``seen``; each chunk is one transaction.

    ``reason_code`` is used for those that need a reason (``decide.needs_reason``).
    ``progress`` is told after each chunk how many have been looked at. Nothing is
    raised about a single item: it is in ``Result.skipped``.
    """
    outcome = Outcome(outcome)
    if outcome not in IN_BULK:
        raise ValueError(f"{outcome} is decided one by one.")
    wanted = sorted(set(seen), key=lambda each: each.pk)
    result = Result()
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        _decide_some(chunk, outcome, actor, reason_code, now, result)
        progress(start + len(chunk))
    return result


@transaction.atomic
def _decide_some(chunk, outcome, actor, reason_code, now, result: Result) -> None:
    keys = [each.pk for each in chunk]
    # In the order of their keys, as all that hold several do.
    held = list(
        Participation.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    )
    now = now or clock.database_now()
    topics = _topics(held)
    proposed = set(
        ModerationDecision.objects.filter(open_for__in=keys)
        .order_by()
        .values_list("open_for_id", flat=True)
    )
    objected = set(
        Objection.objects.filter(open_for__in=keys)
        .order_by()
        .values_list("open_for_id", flat=True)
    )
    being_read = set(
        Claim.objects.filter(participation__in=keys, held_until__gt=now)
        .exclude(held_by=actor.pk)
        .exclude(held_by__isnull=True)
        .order_by()
        .values_list("participation_id", flat=True)
    )
    to_hide = with_places_to_hide(keys) if outcome == Outcome.PUBLISH else set()
    expected = {each.pk: each for each in chunk}
    decisions = []
    for row in held:
        row.consultation = topics[row.consultation_id]
        try:
            _must_be_theirs(actor, row)
            _compare(row, expected[row.pk])
            if row.pk in proposed:
                raise errors.AwaitingSecondPerson
            if row.pk in objected:
                raise Objected
            if row.pk in being_read:
                raise BeingRead
            if row.pk in to_hide:
                raise ToBeHidden
            decisions.append(_judge(row, outcome, actor, reason_code, now))
        except errors.CannotDecide as error:
            result.skipped.append((row.number, error.message))
    result.done += len(decisions)
    if decisions:
        _carry_out(decisions, outcome, actor, now)


def _must_be_theirs(actor, row: Participation) -> None:
    """Raise ``NotYours`` unless the actor moderates the row's topic."""
    if not access.may(actor, "moderate", row.consultation):
        raise NotYours


def _topics(rows: list[Participation]) -> dict[int, Consultation]:
    keys = {row.consultation_id for row in rows}
    return (
        Consultation.objects.select_related("window", "policy_version")
        .order_by()
        .in_bulk(keys)
    )


def _compare(row: Participation, seen: Seen) -> None:
    if row.state != seen.state or row.revision != seen.revision:
        raise errors.StateChanged(row.get_state_display())


def _judge(row, outcome, actor, reason_code, now) -> ModerationDecision:
    stage = row.consultation.stage(now)
    if outcome not in possible_outcomes(row, stage) or only_hides(row, outcome):
        if stage in SETTLED:
            raise errors.TopicIsClosed
        if outcome == Outcome.PUBLISH and not may_be_published(row):
            raise errors.PublicationDeclined
        raise errors.OutcomeNotPossible(outcome, row.get_state_display())
    decision = ModerationDecision(
        participation=row,
        outcome=outcome,
        state=ModerationDecision.State.CONFIRMED,
        state_from=row.state,
        revision=row.revision,
        decided_by=actor,
        decided_at=now,
    )
    if needs_reason(row, outcome):
        policy = policy_for(row.consultation, now)
        reason = find_reason(policy, outcome, reason_code)
        if reason.second_person:
            raise OneByOne
        decision.reason_code, decision.sub_code = split_code(reason)
        decision.clause = reason.clause
    return decision


def _carry_out(decisions, outcome, actor, now) -> None:
    rows = [decision.participation for decision in decisions]
    target = RESULTS[outcome]
    # The rows are held and compared: nobody can have changed them since.
    Participation.objects.filter(pk__in=[row.pk for row in rows]).update(state=target)
    for row in rows:
        row.state = target
    ModerationDecision.objects.bulk_create(decisions)
    if target == State.PUBLISHED:
        publish_many(rows, now=now)
    by_topic: dict = {}
    for decision in decisions:
        by_topic.setdefault(decision.participation.consultation, []).append(decision)
    for consultation, own in by_topic.items():
        _record(consultation, own, actor, now)
    end_many(row.pk for row in rows)
    # What the receivers ask of each is asked for all of them once.
    prefetch_related_objects(rows, "identity")
    for decision in decisions:
        participation_moderated.send(
            sender=ModerationDecision,
            participation=decision.participation,
            decision=decision,
            now=now,
            together=True,
        )


def _record(consultation, decisions, actor, now) -> None:
    """Ids and codes for the ledger and the page's history, as ``decide`` has them."""
    by_kind: dict[str, list] = {}
    for decision in decisions:
        kind = "restored" if decision.is_restoration else decision.participation.state
        by_kind.setdefault(kind, []).append(
            {
                "participation": str(decision.participation.public_id),
                "decision": decision.pk,
                "outcome": decision.outcome,
                "reason_code": decision.full_code,
                "clause": decision.clause,
            }
        )
    for kind, contents in by_kind.items():
        record_many(consultation, f"moderation.{kind}", contents, actor=actor, at=now)
    history.note_many(decisions, consultation, actor=actor)
