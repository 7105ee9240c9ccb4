"""Mails to people who are invited to a topic.

Whom an invitation reaches is opened for one message; ``data`` of the notice holds the
row's id. Once its message was sent, the code is in that message alone (R-5.1.3c).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.calendars.words import (
    closing_words,
    date_words,
    instant_words,
)
from wagtail_eparticipation.consultations.models import Period
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.notifications import links
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.participations.invitation_acts import reached_by_mail
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.invitees import forget_code, opened

Context = dict[str, Any] | None

KINDS = frozenset({Kind.INVITATION, Kind.INVITATION_REMINDER, Kind.INVITATION_PERIOD})


def address_of(notice: Notice) -> str:
    """The address now; empty once it was destroyed or the invitation revoked."""
    found = _invitation(notice)
    invitee = opened(found) if found is not None else None
    return invitee.email if invitee else ""


def _invitation(notice: Notice) -> Invitation | None:
    rows = Invitation.objects.select_related("key")
    return rows.filter(pk=notice.data["invitation"], revoked_at=None).first()


def _period(notice: Notice) -> Context:
    window = getattr(notice.consultation, "window", None)
    if window is None or not window.accepting:
        return None
    language = notice.language
    page = links.page_url(notice.consultation, language)
    return {
        "opening": instant_words(window.opens_at, language)
        if notice.created_at < window.opens_at
        else "",
        "closing": closing_words(window.closes_at, language),
        "form_url": f"{page}participate/" if page else "",
    }


def invitation(notice: Notice) -> Context:
    """The code, where it is used and until when; nothing once it was sent."""
    found, period = _invitation(notice), _period(notice)
    invitee = opened(found) if found is not None else None
    if invitee is None or not invitee.code or period is None:
        return None
    return {
        **period,
        "name": invitee.name,
        "code": invitee.code,
        "number": found.number,
    }


def invitation_reminder(notice: Notice) -> Context:
    """When the code was sent, and until when it can be used."""
    found, period = _invitation(notice), _period(notice)
    if found is None or found.sent_at is None or period is None:
        return None
    return {
        **period,
        "sent_on": date_words(found.sent_at, notice.language),
        "number": found.number,
    }


def invitation_period(notice: Notice) -> Context:
    """New and former closing, and why; nothing once outdated."""
    found, period = _invitation(notice), _period(notice)
    changed = Period.objects.select_related("act").get(pk=notice.data["period"])
    if found is None or period is None:
        return None
    if notice.consultation.window.period_id != changed.pk:
        return None
    former = datetime.fromisoformat(notice.data["former"])
    return {
        **period,
        "origin": changed.origin,
        "former": closing_words(former, notice.language),
        "reason": pick(changed.act.reason, notice.language) if changed.act else "",
        "clause": changed.act.clause if changed.act else "",
        "number": found.number,
    }


CONTEXTS = {
    Kind.INVITATION: invitation,
    Kind.INVITATION_REMINDER: invitation_reminder,
    Kind.INVITATION_PERIOD: invitation_period,
}


@receiver(signals.invitations_to_send, dispatch_uid="eparticipation_notice_invited")
def write_to_invited(consultation, invitations, reminder, now, **kwargs):
    """One message each, for this act of sending."""
    kind = Kind.INVITATION_REMINDER if reminder else Kind.INVITATION
    queue(
        [
            new_notice(
                consultation,
                kind,
                each.pk,
                now.isoformat(),
                language=each.language,
                now=now,
                invitation=each.pk,
            )
            for each in invitations
        ]
    )


@receiver(signals.period_changed, dispatch_uid="eparticipation_notice_invited_period")
def tell_invited_new_dates(consultation, window, previous, now, **kwargs):
    """Who was sent an invitation hears of new dates, once for each period (S3-G1)."""
    queue(
        [
            new_notice(
                consultation,
                Kind.INVITATION_PERIOD,
                window.period_id,
                each.pk,
                language=each.language,
                now=now,
                invitation=each.pk,
                period=window.period_id,
                former=previous[1].isoformat(),
            )
            for each in reached_by_mail(consultation).order_by("pk")
        ]
    )


@receiver(signals.notice_settled, dispatch_uid="eparticipation_invitation_settled")
def note_what_became_of_it(notice, refused, now, **kwargs):
    """Sent: the code is forgotten. Refused by the server: it could not be delivered.

    Failed otherwise: it waits to be sent again.
    """
    if notice.kind not in KINDS:
        return
    with transaction.atomic():
        rows = Invitation.objects.select_for_update()
        found = rows.filter(pk=notice.data["invitation"]).first()
        if found is None:
            return
        if notice.state == Notice.State.SENT:
            if notice.kind == Kind.INVITATION:
                found.sent_at = now
                found.save(update_fields=["sent_at"])
                forget_code(found, now)
        elif refused:
            found.undelivered_at = now
            found.save(update_fields=["undelivered_at"])
        elif notice.kind == Kind.INVITATION:
            found.queued_at = None
            found.save(update_fields=["queued_at"])
