"""Cases out of the register: what needs a reply, and reports (R-5.3.1e)."""

import hashlib

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.participations import receipts
from wagtail_eparticipation.participations.models import (
    TAKEN_BACK,
    Participation,
    State,
)
from wagtail_eparticipation.replies.answering import NotPossible, settle
from wagtail_eparticipation.replies.deferring import close_referral
from wagtail_eparticipation.replies.enquiries import note, owed
from wagtail_eparticipation.replies.models import Case, CaseAnswer
from wagtail_eparticipation.replies.referrals import Referral

#: Nobody is answered about these: their authors took them back, or never sent them.
_UNANSWERABLE = TAKEN_BACK | {State.UNCONFIRMED}


class OpenAlready(NotPossible):
    """There is an open case about the same; the desk sees to it."""


def may_open(user, consultation) -> bool:
    """Whether a user says what needs a reply: who moderates, and who replies."""
    return access.may(user, "moderate", consultation) or access.may(
        user, "reply", consultation
    )


def can_be_answered(participation: Participation) -> bool:
    """Whether a reply to it makes sense in its present state."""
    return participation.state not in _UNANSWERABLE


def opens_itself(participation: Participation) -> bool:
    """Whether a tool may ask the desk about it: not what nobody can trust yet."""
    return can_be_answered(participation) and participation.state not in (
        State.QUARANTINED,
        State.LATE,
    )


def open_case(participation: Participation, *, actor, question: str = "") -> Case:
    """Ask the reply desk to answer a participation; one open case each.

    ``question`` says what is to be answered, for the desk alone. ``actor`` is empty
    where the tool itself asks. Raises :class:`OpenAlready` and ``NotPossible``.
    """
    topic = participation.consultation
    if actor is not None and not may_open(actor, topic):
        raise PermissionDenied
    try:
        with transaction.atomic():
            held = Participation.objects.select_for_update().get(pk=participation.pk)
            if not can_be_answered(held):
                raise NotPossible(_("It was taken back; nobody can be answered."))
            if Case.objects.filter(open_for=held).exists():
                raise OpenAlready(_already())
            fields = {"about": held, "open_for": held, "language": held.language}
            return _open(topic, f"about:{held.pk}", question, actor, fields)
    except IntegrityError:
        raise OpenAlready(_already()) from None


def open_case_of_report(report, *, actor, question: str = "") -> Case:
    """Ask the reply desk to answer who reported a voice; once a report.

    Only where an address was left: there is no other way to answer.
    """
    if not may_open(actor, report.consultation):
        raise PermissionDenied
    if not report.has_contact:
        raise NotPossible(_("Who reported it left no address."))
    try:
        with transaction.atomic():
            fields = {"report": report, "language": report.language}
            return _open(
                report.consultation, f"report:{report.pk}", question, actor, fields
            )
    except IntegrityError:
        raise OpenAlready(_already()) from None


def _already() -> str:
    return _("The reply desk has it already.")


def _open(topic, key: str, question: str, actor, fields) -> Case:
    now = clock.database_now()
    # One row each, however often it is pressed; a later case has another instant.
    key = hashlib.sha256(f"case:{key}:{now.isoformat()}".encode()).hexdigest()
    case = Case.objects.create(
        consultation=topic,
        text=sanitize.plain(question, max_length=get_setting("MAX_TEXT_LENGTH")),
        received_at=now,
        idempotency_key=key,
        receipt_hash=receipts.hash_of(receipts.code_for(key)),
        **fields,
        **owed(topic, now),
    )
    about = case.about or case.report
    source = "participation" if case.about_id else "report"
    note(case, "case.opened", at=now, actor=actor, **{source: str(about.public_id)})
    signals.case_opened.send(sender=Case, case=case, now=now)
    return case


@transaction.atomic
def close_taken_back(participation: Participation, now) -> None:
    """Its author took it back: nobody waits for the answer any more."""
    held = Case.objects.select_for_update().filter(open_for=participation).first()
    if held is None:
        return
    for referral in held.referrals.filter(open_for=held).select_for_update():
        close_referral(referral, referral.State.RECALLED, now)
    held.state, held.closed_at = Case.State.CLOSED, now
    settle(held, now)
    held.save()
    note(held, "case.closed", at=now)


@transaction.atomic
def forget_words(participation: Participation) -> None:
    """Empty what the desk wrote about a participation: it may quote what must go."""
    CaseAnswer.objects.filter(case__about=participation).update(text="")
    Referral.objects.filter(case__about=participation).update(question="", answer="")
    Case.objects.filter(about=participation).update(text="")
