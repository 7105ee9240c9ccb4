"""Which event makes which notice; each is queued in the event's own transaction."""

from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.archive.communication_log import register_log
from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.notifications import (
    invitees,  # noqa: F401 (imported to register)
    objections,  # noqa: F401 (imported to register)
    public_replies,  # noqa: F401 (imported to register)
    readers,  # noqa: F401 (imported to register)
    referrals,  # noqa: F401 (imported to register)
)
from wagtail_eparticipation.notifications.cards import notices_card
from wagtail_eparticipation.notifications.log import LOGGED, notice_rows, said_by_mail
from wagtail_eparticipation.notifications.models import Kind
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.notifications.recipients import (
    language_if_contact,
    recipients_of,
)
from wagtail_eparticipation.participations.models import (
    State,
)
from wagtail_eparticipation.replies.communications import register_source
from wagtail_eparticipation.replies.contacts import language_if_reachable

#: Outcomes of moderation about which the author hears, with the rule and the way
#: to object.
TOLD_OUTCOMES = frozenset(
    {
        Outcome.PUBLISH_REDACTED,
        Outcome.REFUSE,
        Outcome.KEEP_UNPUBLISHED,
        Outcome.REROUTE,
        Outcome.TAKE_DOWN,
    }
)


@receiver(signals.participation_received, dispatch_uid="eparticipation_notice_receipt")
def acknowledge(participation, now, **kwargs):
    """The receipt by mail, to those who left an address (R-5.3.1a).

    The items of an import were not sent just now; nobody is written to about them.
    """
    if participation.batch:
        return
    unconfirmed = participation.state == State.UNCONFIRMED
    _tell_author(participation, Kind.CONFIRM if unconfirmed else Kind.RECEIPT, now)


@receiver(
    signals.participation_confirmed, dispatch_uid="eparticipation_notice_confirmed"
)
def acknowledge_confirmed(participation, now, **kwargs):
    """Now that the address is known to be theirs, the receipt itself."""
    _tell_author(participation, Kind.RECEIPT, now)


@receiver(signals.participation_admitted, dispatch_uid="eparticipation_notice_admitted")
def ask_for_confirmation(participation, now, **kwargs):
    """Admitted from the late box, and the address was never confirmed: ask now."""
    if participation.state == State.UNCONFIRMED:
        _tell_author(participation, Kind.CONFIRM, now)


def _tell_author(participation, kind: str, now) -> None:
    language = language_if_contact(participation)
    if language is None:
        return
    queue(
        [
            new_notice(
                participation.consultation,
                kind,
                participation.pk,
                language=language,
                now=now,
                participation_id=participation.pk,
            )
        ]
    )


@receiver(signals.participation_moderated, dispatch_uid="eparticipation_notice_refusal")
def explain(participation, decision, now, **kwargs):
    """What was decided, under which rule, and what can be done (R-7.0.2c, R-8.1a).

    Nothing is told before a second person has confirmed it, where one must.
    """
    if decision.outcome not in TOLD_OUTCOMES or not decision.reason_code:
        return
    if decision.is_in_effect or decision.only_hides:
        return
    language = language_if_contact(participation)
    if language is None:
        return
    queue(
        [
            new_notice(
                participation.consultation,
                Kind.MODERATED,
                decision.pk,
                language=language,
                now=now,
                participation_id=participation.pk,
                decision=decision.pk,
            )
        ]
    )


@receiver(
    signals.suggestion_status_changed, dispatch_uid="eparticipation_notice_suggestion"
)
def tell_status(participation, step, now, **kwargs):
    """What becomes of a suggestion, to its author, once for each step (R-4.1b)."""
    language = language_if_contact(participation)
    if language is None:
        return
    queue(
        [
            new_notice(
                participation.consultation,
                Kind.SUGGESTION,
                step.pk,
                language=language,
                now=now,
                participation_id=participation.pk,
                step=step.pk,
            )
        ]
    )


@receiver(signals.period_changed, dispatch_uid="eparticipation_notice_period")
def tell_new_dates(consultation, window, previous, now, **kwargs):
    """Extended, closed early or reopened: all who took part hear of it (C.3)."""
    queue(
        [
            new_notice(
                consultation,
                Kind.PERIOD,
                window.period_id,
                person.person,
                language=person.language,
                now=now,
                participation_id=person.participation_id,
                period=window.period_id,
                previous=[instant.isoformat() for instant in previous],
            )
            for person in recipients_of(consultation)
        ]
    )


@receiver(signals.act_done, dispatch_uid="eparticipation_notice_withdrawal")
def tell_withdrawal(consultation, act, now, **kwargs):
    """A topic was withdrawn: all who took part hear why."""
    if act.name != "withdraw":
        return
    queue(
        [
            new_notice(
                consultation,
                Kind.WITHDRAWN,
                act.pk,
                person.person,
                language=person.language,
                now=now,
                participation_id=person.participation_id,
                act=act.pk,
            )
            for person in recipients_of(consultation)
        ]
    )


@receiver(signals.decision_announced, dispatch_uid="eparticipation_notice_decision")
def tell_decision(consultation, now, **kwargs):
    """Each participant who wants news gets the answer to their themes (AC-S5-B1)."""
    queue(
        [
            new_notice(
                consultation,
                Kind.ANNOUNCED,
                person.person,
                language=person.language,
                now=now,
                participation_id=person.participation_id,
            )
            for person in recipients_of(consultation)
            if person.wants_news
        ]
    )


@receiver(signals.complaint_handed, dispatch_uid="eparticipation_notice_handed")
def tell_reference(participation, handover, now, **kwargs):
    """The complaint's reference in the complaint service (AC-S3-K1)."""
    language = language_if_contact(participation)
    if language is None or participation.batch:
        return
    queue(
        [
            new_notice(
                participation.consultation,
                Kind.HANDED,
                handover.pk,
                language=language,
                now=now,
                participation_id=participation.pk,
            )
        ]
    )


@receiver(signals.case_received, dispatch_uid="eparticipation_notice_case")
def acknowledge_case(case, now, **kwargs):
    """Every enquiry is acknowledged at once (R-6.5.1b)."""
    _tell_sender(case, Kind.CASE_RECEIVED, now)


@receiver(signals.case_opened, dispatch_uid="eparticipation_notice_opened")
def acknowledge_opened(case, now, **kwargs):
    """That a reply is prepared and by when, to the author or who reported."""
    _tell_sender(case, Kind.CASE_OPENED, now)


@receiver(signals.case_referred, dispatch_uid="eparticipation_notice_deferred")
def tell_deferral(case, referral, now, **kwargs):
    """Who was asked, and when an answer is expected (AC-S3-J3)."""
    _tell_sender(case, Kind.CASE_DEFERRED, now, referral=referral.pk)


@receiver(signals.case_answered, dispatch_uid="eparticipation_notice_answer")
def send_answer(case, answer, now, **kwargs):
    """The answer goes to the sender alone."""
    _tell_sender(case, Kind.CASE_ANSWERED, now, answer=answer.pk)


@receiver(signals.case_asked, dispatch_uid="eparticipation_notice_asked")
def ask_sender(case, now, **kwargs):
    """Whether the enquiry may become a participation (R-4.1g)."""
    _tell_sender(case, Kind.CASE_ASKED, now)


def _tell_sender(case, kind: str, now, **data) -> None:
    language = language_if_reachable(case)
    if language is None:
        return
    queue(
        [
            new_notice(
                case.consultation,
                kind,
                case.pk,
                *data.values(),
                language=language,
                now=now,
                case=case,
                **data,
            )
        ]
    )


register_card(600, notices_card)
register_log(notice_rows)
register_source(said_by_mail, LOGGED)
