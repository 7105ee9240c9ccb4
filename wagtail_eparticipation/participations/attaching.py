"""Files become a participation's, follow its author's wishes, and go with its words.

The form's key is also the participation's, so what a form holds is attached in the
transaction that takes it in, once, however often it is sent (R-7.5d).
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import attachment_store
from wagtail_eparticipation.participations.attachment_kinds import FileRefused
from wagtail_eparticipation.participations.attachment_settings import (
    are_possible,
    limits,
)
from wagtail_eparticipation.participations.attachments import (
    HELD_FOR,
    PRESENT,
    Attachment,
)
from wagtail_eparticipation.participations.identity import IdentityUnreadable
from wagtail_eparticipation.participations.models import Participation

logger = logging.getLogger(__name__)

_State = Attachment.State
#: Files that one run of the periodic job looks through again.
_AT_ONCE = 100
#: So long a scanner may take to come back before each file is tried anew.
_RETRY = timedelta(days=30)


def event_of(row: Attachment, participation: Participation) -> dict[str, str]:
    """What the ledger keeps of a file: ids and codes, never a name or a word."""
    return {
        "participation": str(participation.public_id),
        "attachment": str(row.public_id),
        "kind": row.kind,
    }


@receiver(signals.participation_received, dispatch_uid="eparticipation.files.attach")
def attach_held(sender, participation, now, **kwargs) -> None:
    """What its form holds is now the participation's; asks nothing of other topics."""
    if participation.consultation.takes_files:
        _attach(participation, participation.idempotency_key, now)


def _attach(participation: Participation, key: str, now: datetime) -> int:
    rows = Attachment.objects.select_for_update().filter(
        held_for=key, participation=None
    )
    room = limits().max_files - participation.attachment_count
    found = list(rows.order_by("id"))
    taken, over = found[: max(room, 0)], found[max(room, 0) :]
    for number, row in enumerate(taken, start=1):
        row.participation, row.held_for = participation, None
        row.position = participation.attachment_count + number
        row.declared_at = now
        row.save(update_fields=["participation", "held_for", "position", "declared_at"])
        record(
            participation.consultation,
            "attachment.received",
            at=now,
            data=event_of(row, participation),
        )
    if over:
        attachment_store.drop(
            Attachment.objects.filter(pk__in=[row.pk for row in over])
        )
    if taken:
        _set_count(participation, participation.attachment_count + len(taken))
    return len(taken)


def _set_count(participation: Participation, number: int) -> None:
    participation.attachment_count = number
    Participation.objects.filter(pk=participation.pk).update(attachment_count=number)


def replace_files(participation: Participation, tray, now: datetime) -> dict:
    """Carry out what its author changed; inside the transaction of the amendment.

    ``tray`` is an ``attachment_form.Tray``.
    Returns what stood before, by ids, or nothing where nothing changed.
    """
    rows = participation.attachments.select_for_update().filter(state__in=PRESENT)
    before = list(rows)
    gone = [row for row in before if row.key_hex in tray.dropped]
    changed = bool(gone)
    for row in gone:
        record(
            participation.consultation,
            "attachment.removed",
            at=now,
            data=event_of(row, participation),
        )
    attachment_store.destroy(
        Attachment.objects.filter(pk__in=[row.pk for row in gone]), _State.REMOVED
    )
    for row in before:
        about = tray.abouts.get(row.key_hex, row.description)
        if row not in gone and about != row.description:
            changed = True
            attachment_store.remember_words(row, about)
            if row.state == _State.RELEASED:
                # What it says of itself is new: somebody reads it first.
                Attachment.objects.filter(pk=row.pk).update(state=_State.CLEAN)
    if gone:
        _set_count(participation, len(before) - len(gone))
    _drop_repeated(tray, {row.digest for row in before if row not in gone})
    changed = bool(_attach(participation, tray.key, now)) or changed
    return {"attachments": [str(row.public_id) for row in before]} if changed else {}


def _drop_repeated(tray, digests: set[str]) -> None:
    """A form sent twice at once brings the same files again."""
    held = Attachment.objects.filter(held_for=tray.key, participation=None)
    attachment_store.drop(held.filter(digest__in=digests))


@receiver(signals.participation_withdrawn, dispatch_uid="eparticipation.files.withdraw")
@receiver(signals.participation_destroyed, dispatch_uid="eparticipation.files.destroy")
def destroy_all(sender, participation, **kwargs) -> None:
    """The files of a participation go with its words (AC-S3-B2)."""
    if participation.attachment_count:
        rows = participation.attachments.filter(state__in=PRESENT)
        attachment_store.destroy(rows, _State.REMOVED)
        _set_count(participation, 0)


@receiver(signals.identity_destroyed, dispatch_uid="eparticipation.files.forget")
def forget_originals(sender, participations, **kwargs) -> None:
    """The sealed originals go with the identity; what was released stays (AC-S6-D2)."""
    rows = Attachment.objects.filter(
        participation__in=participations.filter(attachment_count__gt=0).values("pk")
    )
    attachment_store.destroy_originals(rows)


def look_through_again(now: datetime) -> int:
    """Scan what is in quarantine because no scanner answered; how many are through."""
    if not are_possible():
        return 0
    waiting = Attachment.objects.filter(
        state=_State.QUARANTINED, created_at__gt=now - _RETRY
    ).select_related("key", "participation", "consultation")
    return sum(_try_again(row, now) for row in waiting.order_by("id")[:_AT_ONCE])


def _try_again(row: Attachment, now: datetime) -> bool:
    try:
        return _look_through(row, now)
    # One file that cannot be read, or scanned, must not keep the others waiting.
    except Exception as error:  # noqa: BLE001
        logger.error("A file could not be looked through: %s", type(error).__name__)
        return False


def _look_through(row: Attachment, now: datetime) -> bool:
    try:
        state, was_scanned = attachment_store.scanned(
            attachment_store.read_original(row)
        )
    except FileRefused:
        _destroy_infected(row, now)
        return True
    except IdentityUnreadable:
        return False
    if state == _State.QUARANTINED:
        return False
    still = Attachment.objects.filter(pk=row.pk, state=_State.QUARANTINED)
    return bool(still.update(state=state, scanned_at=now if was_scanned else None))


@transaction.atomic
def _destroy_infected(row: Attachment, now: datetime) -> None:
    rows = Attachment.objects.filter(pk=row.pk)
    if row.participation_id is None:
        attachment_store.drop(rows)
        return
    participation = Participation.objects.select_for_update().get(
        pk=row.participation_id
    )
    if not rows.filter(state=_State.QUARANTINED).exists():
        return
    attachment_store.destroy(rows, _State.REFUSED)
    rows.update(scanned_at=now)
    _set_count(participation, max(participation.attachment_count - 1, 0))
    record(
        participation.consultation,
        "attachment.malware",
        at=now,
        data=event_of(row, participation),
    )


@transaction.atomic
def forget_abandoned(now: datetime) -> int:
    """Delete files whose form was never sent; how many (the periodic job)."""
    return attachment_store.drop(
        Attachment.objects.filter(participation=None, created_at__lte=now - HELD_FOR)
    )
