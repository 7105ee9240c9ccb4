"""What staff do with invitations: send, remind, revoke (R-5.1.3c).

Each is one transaction with the window held and the database's clock; the ledger keeps
numbers, never whom. Nobody knows who has answered, on purpose: a reminder goes to all.
"""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage, Stored
from wagtail_eparticipation.consultations.windows import hold_exclusive
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import invitees, inviting
from wagtail_eparticipation.participations.invitations import (
    Invitation,
    hash_of,
    new_code,
)
from wagtail_eparticipation.participations.inviting import InvitingRefused

#: Stages in which invitations are sent and printed.
SENDING = frozenset({Stage.FORTHCOMING, Stage.COLLECTING})
_REMINDING = frozenset({Stage.COLLECTING})
#: The topic is over, and nobody is written to about it any more.
_OVER = (Stored.CLOSED, Stored.ARCHIVED, Stored.WITHDRAWN, Stored.CANCELLED)


def _in_force(consultation) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        consultation=consultation, is_group=False, revoked_at=None, undelivered_at=None
    )


def waiting_for_mail(consultation) -> QuerySet[Invitation]:
    """Those with an address whose message nobody has handed over yet."""
    rows = _in_force(consultation).filter(has_contact=True, sent_at=None)
    return rows.filter(queued_at=None).order_by("pk")


def waiting_for_letter(consultation) -> QuerySet[Invitation]:
    """Those without an address whose letter was not printed yet."""
    rows = _in_force(consultation).filter(has_contact=False, sent_at=None)
    return rows.exclude(key=None).order_by("pk")


def to_remind(consultation, now: datetime) -> QuerySet[Invitation]:
    """Those who were sent a message, and none for some days."""
    since = now - timedelta(days=get_setting("INVITATION_REMINDER_DAYS"))
    rows = reached_by_mail(consultation).filter(sent_at__lte=since)
    return rows.filter(Q(reminded_at=None) | Q(reminded_at__lte=since)).order_by("pk")


def reached_by_mail(consultation) -> QuerySet[Invitation]:
    """Those who were sent a message and can be written to again."""
    return _in_force(consultation).filter(has_contact=True, sent_at__isnull=False)


def held(consultation, actor, stages) -> tuple[Consultation, datetime]:
    """For an act: the topic as the database has it, held alone, and its clock."""
    access.require(actor, "request", consultation)
    window = hold_exclusive(consultation)
    now = clock.database_now()
    fresh = Consultation.objects.get(pk=consultation.pk)
    if window is not None:
        fresh.window = window
    inviting.require(fresh, actor, now, stages)
    return fresh, now


@transaction.atomic
def send(consultation, *, actor) -> int:
    """Hand all waiting invitations with an address over to the outbox; how many.

    Raises :class:`InvitingRefused`, also when none waits.
    """
    consultation, now = held(consultation, actor, SENDING)
    rows = list(waiting_for_mail(consultation))
    if not rows:
        raise InvitingRefused(_("No invitation waits to be sent."))
    mark(rows, queued_at=now)
    record(
        consultation, "invitation.sent", actor=actor, at=now, data={"count": len(rows)}
    )
    _announce(consultation, rows, now, reminder=False)
    return len(rows)


@transaction.atomic
def remind(consultation, *, actor) -> int:
    """Write again to all who were sent a message, once in some days; how many."""
    consultation, now = held(consultation, actor, _REMINDING)
    rows = list(to_remind(consultation, now))
    if not rows:
        raise InvitingRefused(
            _("Nobody is to be reminded: the last message is not old enough yet.")
        )
    mark(rows, reminded_at=now)
    record(
        consultation,
        "invitation.reminded",
        actor=actor,
        at=now,
        data={"count": len(rows)},
    )
    _announce(consultation, rows, now, reminder=True)
    return len(rows)


def mark(rows: list[Invitation], **values) -> None:
    """Set fields of many rows at once."""
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), invitees.AT_ONCE):
        some = ids[start : start + invitees.AT_ONCE]
        Invitation.objects.filter(pk__in=some).update(**values)


def _announce(consultation, rows, now, *, reminder: bool) -> None:
    signals.invitations_to_send.send(
        sender=Invitation,
        consultation=consultation,
        invitations=rows,
        reminder=reminder,
        now=now,
    )


@transaction.atomic
def make_group(
    consultation,
    *,
    label: str,
    uses_at_most: int | None,
    segment_id: int | None,
    language: str,
    actor,
) -> tuple[Invitation, str]:
    """A code that a group shares, and the code itself, which is shown this once."""
    consultation, now = held(consultation, actor, inviting.INVITING)
    code = new_code()
    group = Invitation(
        consultation=consultation,
        segment_id=segment_id,
        code_hash=hash_of(code),
        is_group=True,
        label=label,
        uses_at_most=uses_at_most,
        language=language,
        contact_hash=invitees.hash_of_group(consultation, label),
        created_at=now,
        sent_at=now,
    )
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError as error:
        raise InvitingRefused(
            _("There is a group of this name already; its code is shown only once.")
        ) from error
    record(
        consultation,
        "invitation.group",
        actor=actor,
        at=now,
        data={"invitation": str(group.public_id), "uses_at_most": uses_at_most},
    )
    return group, code


def find(consultation, typed: str) -> Invitation:
    """The invitation with this number or address; raises :class:`InvitingRefused`."""
    typed = typed.strip()
    if "@" in typed:
        known = invitees.hash_of_address(consultation, typed)
        found = consultation.invitations.filter(contact_hash=known)
    else:
        found = consultation.invitations.filter(pk__in=_of_number(consultation, typed))
    rows = list(found[:2])
    if len(rows) != 1:
        raise InvitingRefused(
            _("No invitation of this topic has this number or address.")
        )
    return rows[0]


def _of_number(consultation, number: str) -> list[int]:
    """In Python: databases compare the first half of such an id in different ways."""
    wanted = number.upper()
    pairs = consultation.invitations.values_list("pk", "public_id")
    return [
        pk
        for pk, public_id in pairs.iterator(2000)
        if uuid.UUID(str(public_id)).hex[:8].upper() == wanted
    ]


@transaction.atomic
def revoke(consultation, typed: str, *, actor) -> Invitation:
    """End an invitation at this instant; what was sent with it before stays counted.

    Before the opening nobody can have used it: the address may then be invited anew.
    """
    consultation, now = held(consultation, actor, inviting.INVITING)
    found = find(consultation, typed)
    if found.revoked_at is not None:
        raise InvitingRefused(_("This invitation was revoked already."))
    found.revoked_at = now
    if found.is_group or consultation.stage(now) != Stage.COLLECTING:
        found.contact_hash = None
    found.save(update_fields=["revoked_at", "contact_hash"])
    invitees.destroy([found.pk])
    record(consultation, "invitation.revoked", actor=actor, at=now, data={"count": 1})
    return found


@transaction.atomic
def note_undelivered(consultation, typed: str, *, actor) -> Invitation:
    """Note that a message or letter came back: it counts as not delivered."""
    consultation, now = held(consultation, actor, inviting.INVITING)
    found = find(consultation, typed)
    if found.is_group or found.sent_at is None:
        raise InvitingRefused(_("This invitation was not sent yet."))
    if found.undelivered_at is not None:
        raise InvitingRefused(_("This is noted already."))
    found.undelivered_at = now
    found.save(update_fields=["undelivered_at"])
    record(
        consultation, "invitation.undelivered", actor=actor, at=now, data={"count": 1}
    )
    return found


def forget_invitees(now: datetime) -> int:
    """Destroy who was invited to topics that are over; how many (AC-S6-D1).

    The numbers stay. The periodic job calls this.
    """
    over = Consultation.objects.filter(stored_stage__in=_OVER)
    # Hashes prove a guess, so they go as well.
    rows = Invitation.objects.filter(consultation__in=over).exclude(
        key=None, contact_hash=None
    )
    topics = Consultation.objects.filter(
        pk__in=rows.order_by().values("consultation").distinct()
    )
    number = 0
    for consultation in topics:
        with transaction.atomic():
            ids = list(
                rows.filter(consultation=consultation).values_list("pk", flat=True)
            )
            invitees.destroy(ids)
            mark([Invitation(pk=pk) for pk in ids], contact_hash=None)
            record(
                consultation,
                "invitation.contacts_destroyed",
                at=now,
                data={"count": len(ids)},
            )
        number += len(ids)
    return number
