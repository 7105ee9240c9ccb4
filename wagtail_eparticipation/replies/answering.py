"""What the reply desk does with a case: take it up, answer it, refer it, close it.

Each is one transaction with the case held; one clock stops at the first answer, the
other when the case is settled (P-6.5).
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.replies import clocks
from wagtail_eparticipation.replies.enquiries import note
from wagtail_eparticipation.replies.models import OPEN, Case, CaseAnswer

State = Case.State


class NotPossible(ValueError):
    """The case is not in a state for this; the message says so."""


class SentAlready(NotPossible):
    """The same answer went out a moment ago, as when a button is pressed twice."""


#: For so long the same answer to the same enquiry is taken for a second press.
SAME_WITHIN = timedelta(minutes=10)


def may_reply(user, case: Case) -> bool:
    """Whether a user answers this case; one without a topic needs no limits."""
    if not access.has_duty(user, "reply"):
        return False
    if case.consultation is None:
        return access.departments_of(user) is None
    return access.may(user, "reply", case.consultation)


def hold(case: Case, actor) -> Case:
    """The case, locked until the transaction ends, for somebody who answers it."""
    held = Case.objects.select_for_update().get(pk=case.pk)
    if not may_reply(actor, held):
        raise PermissionDenied
    return held


@transaction.atomic
def take_up(case: Case, *, actor) -> Case:
    """Say that somebody works on it."""
    held = hold(case, actor)
    if held.state != State.RECEIVED:
        raise NotPossible(_("Somebody took this enquiry up already."))
    held.state = State.IN_WORK
    held.save(update_fields=["state"])
    note(held, "case.taken_up", at=clock.database_now(), actor=actor)
    return held


def answer(case: Case, text: str, *, actor, final: bool = True) -> CaseAnswer:
    """Answer in private; a further answer to an answered case is possible.

    An answer that is not ``final`` stops the first clock; the case stays in work.
    """
    return _answer(case, text, actor, State.ANSWERED if final else State.IN_WORK)


def refer_outside(case: Case, body: str, text: str, *, actor) -> CaseAnswer:
    """Tell the sender which body is competent (R-6.5.1c, AC-S3-J5)."""
    named = sanitize.plain(body, max_length=200).replace("\n", " ")
    if not named:
        raise NotPossible(_("Name the body that is competent."))
    return _answer(case, text, actor, State.OUTSIDE, body=named)


@transaction.atomic
def _answer(case: Case, text: str, actor, state: str, body: str = "") -> CaseAnswer:
    held = hold(case, actor)
    require_ours(held)
    if held.state == State.CLOSED:
        raise NotPossible(_("This enquiry was closed."))
    if state == State.OUTSIDE and held.state not in OPEN:
        raise NotPossible(_("This enquiry has been answered."))
    words = sanitize.plain(text, max_length=get_setting("MAX_TEXT_LENGTH"))
    if not words:
        raise NotPossible(_("Write the answer."))
    now = clock.database_now()
    _refuse_a_second_press(held, words, now)
    made = CaseAnswer.objects.create(
        case=held,
        text=words,
        language=held.language,
        answered_at=now,
        answered_by=actor,
    )
    clocks.stop_at_first_answer(held, now)
    if held.state in OPEN:
        held.state = state
    if held.state not in OPEN:
        settle(held, now)
    held.competent_body = body or held.competent_body
    held.save()
    kind = "in_part" if held.state == State.IN_WORK else held.state
    note(held, f"case.{kind}", at=now, actor=actor, answer=made.pk)
    signals.case_answered.send(sender=CaseAnswer, case=held, answer=made, now=now)
    return made


def require_ours(held: Case) -> None:
    """Refuse what would pass by a question that is still with somebody else."""
    if held.state == State.DEFERRED:
        raise NotPossible(
            _(
                "The competent entity has not answered yet. Enter its answer, or take"
                " the question back first."
            )
        )


def settle(held: Case, now: datetime) -> None:
    """Stop the clocks of a held case and make room for the next; saves nothing."""
    clocks.stop_at_settlement(held, now)
    held.open_for = None


def _refuse_a_second_press(case: Case, words: str, now: datetime) -> None:
    last = case.answers.order_by("-pk").first()
    if last and last.text == words and now - last.answered_at < SAME_WITHIN:
        raise SentAlready(
            _("This answer was sent a moment ago; it was not sent a second time.")
        )


@transaction.atomic
def close(case: Case, *, actor) -> Case:
    """Close what needs no answer, such as advertising."""
    held = hold(case, actor)
    require_ours(held)
    if held.state not in OPEN:
        raise NotPossible(_("This enquiry is settled already."))
    now = clock.database_now()
    held.state, held.closed_at = State.CLOSED, now
    settle(held, now)
    held.save()
    note(held, "case.closed", at=now, actor=actor)
    return held
