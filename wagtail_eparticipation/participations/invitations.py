"""Invitations: who was asked to take part, and never what they answered (R-5.1.3c).

Nothing here is written when a code is used: neither a time nor an order could tell
whose answer is whose. What an answer keeps is a keyed hash of the code, which only the
invited person's own letter holds.
"""

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations import receipts
from wagtail_eparticipation.participations.identity import keyed_hash
from wagtail_eparticipation.participations.models import COUNTED, PersonKey

#: A segment with fewer invitations is not kept with the answers: it would tell whose.
SEGMENT_AT_LEAST = 5


class Invitation(models.Model):
    """A code that admits one person, or a group's code that admits several.

    The code itself is in the message or letter alone: ``code_hash`` recognises it.
    ``sealed`` holds whom to reach and, until it is sent, the code, encrypted under a
    key of their own (see ``invitees``).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    segment = models.ForeignKey(
        "wagtail_eparticipation.Segment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("segment of the public"),
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    is_group = models.BooleanField(_("code of a group"), default=False)
    label = models.CharField(_("name of the group"), max_length=120, blank=True)
    uses_at_most = models.PositiveIntegerField(
        _("times it can be used"), null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=12)
    # Null, not empty: an address is invited once to a topic.
    contact_hash = models.CharField(  # noqa: DJ001
        max_length=64, null=True, blank=True, editable=False
    )
    has_contact = models.BooleanField(default=False)
    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sealed = models.BinaryField(default=b"")
    batch = models.CharField(max_length=40, blank=True, db_index=True)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    undelivered_at = models.DateTimeField(_("could not be delivered"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["consultation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "contact_hash"],
                name="eparticipation_invited_once",
            )
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.number}"

    @property
    def number(self) -> str:
        """Short number in its message or letter, by which staff find it again."""
        return self.public_id.hex[:8].upper()


def new_code() -> str:
    """A code for one invitation, as it is written in the letter (100 bits)."""
    return receipts.code_for(secrets.token_hex(32))


def hash_of(code: str) -> str:
    """What is kept of a code in the list of invitations; case and hyphens no matter."""
    return keyed_hash("invitation", receipts.as_printed(code))


def find(consultation, code: str, person: str = "") -> Invitation | None:
    """The invitation with this code that still admits; ``None`` otherwise.

    Called with the window held. A group's code is locked, so that its number of uses
    is exact; what the ``person`` sent before uses none up.
    """
    if not receipts.looks_like_code(code):
        return None
    rows = Invitation.objects.filter(
        consultation=consultation, code_hash=hash_of(code), revoked_at=None
    )
    found = rows.first()
    if found is None or not found.is_group:
        return found
    found = rows.select_for_update().first()
    if found is None or found.uses_at_most is None:
        return found
    uses = consultation.participations.filter(
        invited_key=key_of_code(found, code), state__in=COUNTED
    )
    if person:
        uses = uses.exclude(person_key=person)
    return found if uses.count() < found.uses_at_most else None


def key_of_code(invitation: Invitation, code: str) -> str:
    """What an answer keeps of the code: not to be had from the list of invitations.

    That of a group begins with "g", which no single person's does: many share it.
    """
    value = f"{invitation.consultation_id}:{receipts.as_printed(code)}"
    return ("g" if invitation.is_group else "") + keyed_hash("invited", value)


def segment_to_keep(invitation: Invitation) -> int | None:
    """The segment, where enough people share it that it tells of none (AC-S3-L5)."""
    if invitation.segment_id is None:
        return None
    if invitation.is_group:
        return invitation.segment_id
    invited = Invitation.objects.filter(
        consultation=invitation.consultation_id,
        segment=invitation.segment_id,
        revoked_at=None,
    )
    enough = invited[:SEGMENT_AT_LEAST].count() >= SEGMENT_AT_LEAST
    return invitation.segment_id if enough else None
