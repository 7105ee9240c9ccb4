"""Saying what becomes of a suggestion: noted, told, shown (R-4.1b)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import missing_languages, pick
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote
from wagtail_eparticipation.participations.suggestions import (
    TOOL,
    Status,
    SuggestionStatus,
    latest,
)

#: Who says what becomes of suggestions.
DUTIES = ("analyse", "decide")
#: Stages in which it is said; afterwards the record is closed.
_OPEN = frozenset({Stage.COLLECTING, Stage.ANALYSING, Stage.DECIDED, Stage.ANNOUNCED})


def may_set(user, consultation) -> bool:
    """Whether ``user`` may say what becomes of a topic's suggestions."""
    return any(access.may(user, duty, consultation) for duty in DUTIES)


def is_settled(consultation, now: datetime) -> bool:
    """Whether the stage of the topic allows no change any more."""
    return consultation.stage(now) not in _OPEN


@transaction.atomic
def set_status(
    participation: Participation,
    status: str,
    *,
    reason: Mapping[str, str] | None = None,
    actor,
    now: datetime | None = None,
) -> SuggestionStatus:
    """Add a step to a suggestion's history; the same step again changes nothing.

    What is not taken up needs a reason in every language. Raises
    ``PermissionDenied`` without the duty, ``ValidationError`` where it cannot be.
    """
    consultation = participation.consultation
    if not may_set(actor, consultation):
        raise PermissionDenied
    now = now or clock.database_now()
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    if locked.tool != TOOL or not locked.is_counted:
        raise ValidationError(_("Only a counted suggestion has a status."))
    if is_settled(consultation, now):
        raise ValidationError(
            _("The topic's stage does not allow the status to be changed.")
        )
    reason = dict(reason or {})
    wanted = status == Status.NOT_TAKEN_UP or bool(reason)
    if wanted and missing_languages(reason):
        raise ValidationError(
            {"reason": _("Write the reason in every language; it is public.")}
        )
    before = latest(locked)
    was = (before.status, before.reason) if before else (Status.RECEIVED, {})
    if was == (status, reason):
        raise ValidationError(_("The suggestion has this status already."))
    step = SuggestionStatus.objects.create(
        participation=locked,
        status=Status(status),
        reason=reason,
        by=actor,
        at=now,
    )
    record(
        consultation,
        "suggestion.status",
        actor=actor,
        at=now,
        data={
            "participation": str(locked.public_id),
            "status": step.status,
            "step": step.pk,
        },
    )
    signals.suggestion_status_changed.send(
        sender=SuggestionStatus, participation=locked, step=step, now=now
    )
    return step


def steps(participation, language: str) -> Iterable[ReceiptNote]:
    """What became of a suggestion, for its receipt."""
    if participation.tool != TOOL or not participation.is_counted:
        return
    rows = SuggestionStatus.objects.filter(participation=participation)
    for step in rows.order_by("id"):
        lines = [date_words(step.at, language), pick(step.reason, language)]
        yield ReceiptNote(
            _("Status of the suggestion: %(status)s")
            % {"status": step.get_status_display()},
            "\n".join(filter(None, lines)),
        )
