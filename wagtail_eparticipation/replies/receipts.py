"""What a receipt tells of complaints and of replies (R-4.1e, R-6.5.1, AC-S3-K1)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import date_words, instant_words
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote
from wagtail_eparticipation.replies.models import Case, Handover


def handover_note(participation, language: str) -> Iterable[ReceiptNote]:
    """The reference in the complaint service, or that it is on its way there."""
    if participation.state != State.REROUTED:
        return
    found = Handover.objects.filter(participation=participation).first()
    if found is None:
        return
    if found.state == Handover.State.WAITING:
        yield ReceiptNote(
            _("On its way to the complaint service"),
            _("Once the service has taken it in, you find its reference here."),
            done=False,
        )
    elif found.state == Handover.State.FAILED:
        yield ReceiptNote(
            _("Not yet with the complaint service"),
            _("Handing it over has failed so far. It is kept, and we see to it."),
            done=False,
        )
    elif found.address:
        yield ReceiptNote(
            _("Please file your complaint with the complaint service"),
            _(
                "It is filed there in person. Name this reference: %(reference)s. Copy"
                " your text from this page."
            )
            % {"reference": found.reference},
            url=found.address,
        )
    else:
        yield ReceiptNote(
            _("Taken in by the complaint service"),
            _("Reference there: %(reference)s") % {"reference": found.reference},
        )


def case_notes(participation, language: str) -> Iterable[ReceiptNote]:
    """That a reply is prepared, who was asked for it, and the reply itself."""
    cases = participation.cases.prefetch_related(
        "answers", "referrals__department"
    ).order_by("id")
    for case in cases:
        yield from _course(case, language)


def _course(case: Case, language: str) -> Iterable[ReceiptNote]:
    if case.state == Case.State.CLOSED and not case.answers.all():
        return
    waiting = deferral_words(case, language)
    if case.is_open and not waiting:
        yield ReceiptNote(
            _("We are preparing a reply to you"), promise_words(case, language)
        )
    for answer in case.answers.all():
        at = instant_words(answer.answered_at, language)
        yield ReceiptNote(
            _("Reply of the municipality, %(at)s") % {"at": at},
            _with_body(answer.text, case),
        )
    if waiting:
        yield ReceiptNote(_("The competent department was asked"), waiting, done=False)


def _with_body(text: str, case: Case) -> str:
    if not case.competent_body:
        return text
    competent = _("Competent body: %(body)s") % {"body": case.competent_body}
    return f"{text}\n\n{competent}"


def promise_words(case: Case, language: str) -> str:
    """When work resumes, if it was closed, and by when the next answer is owed."""
    parts = []
    if case.resumes_at and case.first_answered_at is None:
        resumes = instant_words(case.resumes_at, language)
        parts.append(
            _("The offices were closed then; work resumes %(when)s.")
            % {"when": resumes}
        )
    if case.next_due:
        due = instant_words(case.next_due, language)
        parts.append(_("You can expect an answer by %(when)s.") % {"when": due})
    return "\n".join(parts)


def deferral_words(case: Case, language: str) -> str:
    """Who is asked and until when; empty when nobody is (AC-S3-J3)."""
    if case.state != Case.State.DEFERRED:
        return ""
    for referral in case.referrals.all():
        if referral.is_open:
            return _(
                "We have asked the competent department (%(entity)s); its answer is"
                " expected by %(expected)s."
            ) % {
                "entity": referral.entity,
                "expected": date_words(referral.due_at, language),
            }
    return ""
