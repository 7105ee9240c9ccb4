"""Opening the sealed original of a file: with the duty, a reason and an event (C.5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.attachment_store import read_original
from wagtail_eparticipation.participations.attachments import SEEN, Attachment


class CannotOpen(ValueError):
    """Says why, to the person who wants to open it."""


def open_original(row: Attachment, *, actor, reason: str) -> bytes:
    """The file as it was sent.

    Raises ``PermissionDenied``, :class:`CannotOpen`, and ``IdentityUnreadable`` once
    it is destroyed. What nothing has looked through yet stays closed.
    """
    access.require(actor, "identity", row.consultation)
    if not reason.strip():
        raise CannotOpen(_("Write why you open the original."))
    if row.participation is None or row.state not in SEEN:
        raise CannotOpen(_("This file has not been searched for malware yet."))
    with transaction.atomic():
        record(
            row.consultation,
            "attachment.original_opened",
            actor=actor,
            data={
                "participation": str(row.participation.public_id),
                "attachment": str(row.public_id),
                "reason": reason.strip()[:500],
            },
        )
        return read_original(row)
