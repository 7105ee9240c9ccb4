"""The acts of an objection: made once, met by another person (R-7.0.2d, AC-S3-D1)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.dispatch import receiver

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.calendars.versions import NoCalendar, clock_for
from wagtail_eparticipation.calendars.working_time import NoWorkingTime
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.models import (
    RESULTS,
    ModerationDecision,
    Outcome,
)
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.moderation.possible import only_hides
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.participations.models import Participation

#: Decisions against which an author may object.
OBJECTIONABLE = frozenset({Outcome.REFUSE, Outcome.KEEP_UNPUBLISHED, Outcome.TAKE_DOWN})


class NothingToObject(ValueError):
    """No decision stands against which an objection is possible, or one was made."""


def decision_to_object(participation: Participation) -> ModerationDecision | None:
    """The decision against which its author may object now.

    Only one with a reason, in force, that made the state as it is, while the topic is
    not formally closed; once.
    """
    outcomes = [each for each in OBJECTIONABLE if RESULTS[each] == participation.state]
    if not outcomes or participation.consultation.stage() in SETTLED:
        return None
    last = (
        ModerationDecision.objects.settling()
        .filter(participation=participation)
        .order_by("-id")
        .first()
    )
    if last is None or last.outcome not in outcomes or not last.reason_code:
        return None
    if last.is_in_effect or Objection.objects.filter(decision=last).exists():
        return None
    return last


@transaction.atomic
def make(participation: Participation, text: str, language: str) -> Objection:
    """Take an objection in, once a decision. Raises :class:`NothingToObject`.

    The caller has checked the receipt. Raises ``sanitize.TextTooLong``.
    """
    words = sanitize.plain(text, max_length=get_setting("MAX_TEXT_LENGTH"))
    held = Participation.objects.select_for_update().get(pk=participation.pk)
    held.consultation = Consultation.objects.select_related("window", "department").get(
        pk=held.consultation_id
    )
    decision = decision_to_object(held)
    if decision is None or not words:
        raise NothingToObject
    now = clock.database_now()
    try:
        with transaction.atomic():
            made = Objection.objects.create(
                participation=held,
                decision=decision,
                text=words,
                language=language,
                made_at=now,
                due_at=_due(held.consultation, now),
                open_for=held,
            )
    except IntegrityError:
        raise NothingToObject from None
    _record(made, "objection.made", None, now)
    signals.objection_made.send(sender=Objection, objection=made, now=now)
    return made


def _due(consultation, now: datetime) -> datetime | None:
    policy = policy_for(consultation, now)
    worked = timedelta(hours=policy.period("report_decision_working_hours"))
    try:
        return clock_for(consultation.department, now).add(now, worked)
    except (NoCalendar, NoWorkingTime):
        return None


def met_by(held: Participation, outcome: str, actor, answer: str) -> Objection | None:
    """The open objection that a decision about ``held`` meets; ``None`` without one.

    Raises ``errors.SameAsObjected`` for those who took the decision objected to, and
    ``errors.AnswerNeeded``.
    """
    if only_hides(held, outcome):
        return None
    objection = (
        Objection.objects.filter(open_for=held).select_related("decision").first()
    )
    if objection is None:
        return None
    if objection.is_against(actor):
        raise errors.SameAsObjected
    _answer(objection, answer)
    objection.save(update_fields=["answer"])
    return objection


def _answer(objection: Objection, answer: str) -> None:
    objection.answer = sanitize.plain(answer, max_length=4000)
    if not objection.answer:
        raise errors.AnswerNeeded


def uphold(objection: Objection, decision: ModerationDecision, *, now) -> None:
    """Settle an objection with the new decision, which the caller carries out."""
    _settle(objection, Objection.State.UPHELD, decision.decided_by, now)


@transaction.atomic
def dismiss(objection: Objection, answer: str, *, actor) -> Objection:
    """Let the decision stand, and say why; not for those who took it."""
    held = Participation.objects.select_for_update().get(pk=objection.participation_id)
    access.require(actor, "moderate", held.consultation)
    current = Objection.objects.select_related("decision").get(pk=objection.pk)
    if not current.is_open:
        raise errors.ObjectionDecided
    if current.is_against(actor):
        raise errors.SameAsObjected
    if ModerationDecision.objects.filter(open_for=held).exists():
        raise errors.AwaitingSecondPerson
    _answer(current, answer)
    _settle(current, Objection.State.DISMISSED, actor, clock.database_now())
    return current


@receiver(signals.participation_amended, dispatch_uid="eparticipation_objection_amend")
@receiver(
    signals.participation_withdrawn, dispatch_uid="eparticipation_objection_withdraw"
)
@receiver(
    signals.participation_replaced, dispatch_uid="eparticipation_objection_replace"
)
@receiver(
    signals.participation_destroyed, dispatch_uid="eparticipation_objection_destroy"
)
def supersede(sender, participation, now, **kwargs):
    """Other words wait for a decision of their own, or no words are left."""
    for objection in Objection.objects.filter(open_for=participation.pk):
        _settle(objection, Objection.State.SUPERSEDED, None, now)


def _settle(objection: Objection, state: str, actor, now: datetime) -> None:
    objection.state, objection.open_for = state, None
    objection.decided_by, objection.decided_at = actor, now
    objection.save()
    _record(objection, f"objection.{state}", actor, now)
    signals.objection_decided.send(sender=Objection, objection=objection, now=now)


def _record(objection: Objection, kind: str, actor, now: datetime) -> None:
    record(
        objection.participation.consultation,
        kind,
        actor=actor,
        at=now,
        data={
            "participation": str(objection.participation.public_id),
            "objection": str(objection.public_id),
            "decision": objection.decision_id,
        },
    )
