"""Asking who knows, and going on with the answer: deferral is a state (R-6.5.1d).

The case's own clocks stand still meanwhile; the question has a clock of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.calendars.versions import (
    NoCalendar,
    calendar_for,
    clock_of,
    version_at,
)
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.calendars.working_time import NoWorkingTime
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.replies import clocks, referral_access
from wagtail_eparticipation.replies.answering import NotPossible, hold
from wagtail_eparticipation.replies.enquiries import note
from wagtail_eparticipation.replies.models import OPEN, Case
from wagtail_eparticipation.replies.referrals import Referral

State = Case.State
#: How many working days may be given for an answer.
MOST_DAYS = 90


@dataclass(frozen=True)
class Question:
    """What is asked of whom: a ``department``, or an outside ``body``."""

    text: str
    reason: str
    due_days: int
    department: object = None
    body: str = ""
    body_email: str = ""
    reason_text: str = ""


@transaction.atomic
def defer(case: Case, question: Question, *, actor) -> Referral:
    """Put a question to a competent entity; the citizen is told (AC-S3-J3)."""
    held = hold(case, actor)
    if held.state == State.DEFERRED:
        raise NotPossible(_("Another entity is being asked already."))
    if held.state not in OPEN:
        raise NotPossible(_("This enquiry is settled already."))
    fields = _checked(question)
    now = clock.database_now()
    version, due = expected_by(held, question, now)
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                case=held,
                open_for=held,
                asked_at=now,
                asked_by=actor,
                due_days=question.due_days,
                due_at=due,
                calendar_version=version,
                **fields,
            )
    except IntegrityError:
        raise NotPossible(_("Another entity is being asked already.")) from None
    clocks.pause(held, now)
    held.state = State.DEFERRED
    held.save()
    note(held, "case.referred", at=now, actor=actor, **event_of(referral))
    signals.case_referred.send(sender=Referral, case=held, referral=referral, now=now)
    return referral


def _checked(question: Question) -> dict:
    text = sanitize.plain(question.text, max_length=get_setting("MAX_TEXT_LENGTH"))
    body = sanitize.plain(question.body, max_length=200).replace("\n", " ")
    why = sanitize.plain(question.reason_text, max_length=300).replace("\n", " ")
    if not text:
        raise NotPossible(_("Write the question."))
    if (question.department is None) == (not body):
        raise NotPossible(_("Choose a department, or name an outside body."))
    if question.reason not in Referral.Reason.values:
        raise NotPossible(_("Choose why somebody else is asked."))
    if question.reason == Referral.Reason.OTHER and not why:
        raise NotPossible(_("Say in words why somebody else is asked."))
    if not 0 < question.due_days <= MOST_DAYS:
        raise NotPossible(
            _("Give between 1 and %(most)s working days.") % {"most": MOST_DAYS}
        )
    return {
        "question": text,
        "department": question.department,
        "body": body,
        "body_email": question.body_email if body else "",
        "reason": question.reason,
        "reason_text": why,
    }


def expected_by(case: Case, question: Question, now: datetime):
    """Version of the calendar of who is asked, and the end of the last working day.

    An outside body is given the hours of the department that asks.
    """
    topic = case.consultation
    asks = topic.department if topic is not None else None
    days = question.due_days
    try:
        version = version_at(calendar_for(question.department or asks), now)
        return version, clock_of(version).working_day(now, days)[1]
    except (NoCalendar, NoWorkingTime):
        return None, now + timedelta(days=days)


def event_of(referral: Referral) -> dict[str, str]:
    """What the ledger keeps of a question: ids and codes, never a word of it."""
    asked = f"department:{referral.department_id}" if referral.department_id else "body"
    return {
        "referral": str(referral.public_id),
        "asked": asked,
        "reason_code": referral.reason,
    }


@transaction.atomic
def give_answer(referral: Referral, text: str, *, actor) -> Referral:
    """The answer returns into the case, and its clocks go on.

    Entered by a member of the department that was asked, or by the desk.
    """
    held, case = _hold(referral, actor, departments=True)
    words = sanitize.plain(text, max_length=get_setting("MAX_TEXT_LENGTH"))
    if not words:
        raise NotPossible(_("Write the answer."))
    held.answer = words
    return _settle(held, case, Referral.State.ANSWERED, actor)


@transaction.atomic
def recall(referral: Referral, *, actor) -> Referral:
    """Take the question back: the case goes on without its answer."""
    held, case = _hold(referral, actor, departments=False)
    return _settle(held, case, Referral.State.RECALLED, actor)


def _hold(referral: Referral, actor, *, departments: bool) -> tuple[Referral, Case]:
    """Case and question under lock, in this order, for somebody who may."""
    case = Case.objects.select_for_update().get(pk=referral.case_id)
    held = Referral.objects.select_for_update().get(pk=referral.pk)
    held.case = case
    allowed = referral_access.may_manage(actor, held) or (
        departments and referral_access.may_answer_for(actor, held)
    )
    if not allowed:
        raise PermissionDenied
    if not held.is_open:
        raise NotPossible(_("This question is settled already."))
    return held, case


def _settle(held: Referral, case: Case, state: str, actor) -> Referral:
    now = clock.database_now()
    close_referral(held, state, now, actor)
    clocks.resume(case, now)
    case.state = State.IN_WORK
    case.save()
    note(case, f"case.referral_{state}", at=now, actor=actor, **event_of(held))
    signals.referral_settled.send(sender=Referral, case=case, referral=held, now=now)
    return held


def close_referral(held: Referral, state: str, now: datetime, actor=None) -> None:
    """Stop the clock of a held question and save it."""
    held.state, held.open_for = state, None
    held.settled_at, held.settled_by = now, actor
    held.elapsed_minutes = clocks.minutes_between(held.asked_at, now)
    if held.calendar_version is not None:
        working = clock_of(held.calendar_version)
        held.worked_minutes = clocks.worked_between(working, held.asked_at, now)
    held.save()


def delay_words(case: Case) -> str:
    """What the final reply says of the delay, in the language of the case."""
    answered = case.referrals.filter(state=Referral.State.ANSWERED)
    with override(case.language):
        return "\n".join(
            _("We asked %(entity)s on %(asked)s and had the answer on %(answered)s.")
            % {
                "entity": referral.entity,
                "asked": date_words(referral.asked_at),
                "answered": date_words(referral.settled_at),
            }
            for referral in answered.select_related("department").order_by("id")
        )
