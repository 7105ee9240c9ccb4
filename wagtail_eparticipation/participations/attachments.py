"""Files that people attach: the original sealed, a clean copy beside it (R-7.10b).

Both lie under random names in the private storage, each encrypted under a key of its
own: erasing the person destroys the original's, taking back the words both.
"""

import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations.models import Participation, PersonKey
from wagtail_eparticipation.private_files import private_storage

#: How long files wait for the form that they were chosen in.
HELD_FOR = timedelta(hours=48)


def sealed_path(instance, filename: str) -> str:
    """A random name that tells nothing, not even what sort of file it is."""
    name = secrets.token_hex(16)
    return f"eparticipation/attachments/{name[:2]}/{name}"


class Attachment(models.Model):
    """One file of one participation, or of a form that is not sent yet.

    ``held_for`` names that form while there is no participation. ``sealed_words`` holds
    the file's name and its author's description as JSON, under the original's key;
    ``description`` is what may be shown. ``copy`` is what people may see of it: the
    picture drawn anew, the PDF written anew, or what a moderator put in its place.
    """

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("Waiting for the search for malware")
        CLEAN = "clean", _("Waiting for a moderator")
        RELEASED = "released", _("Released")
        WITHHELD = "withheld", _("Not shown")
        REFUSED = "refused", _("Destroyed: malware was found")
        REMOVED = "removed", _("Removed by its author")

    class Kind(models.TextChoices):
        IMAGE = "image", _("Picture")
        PDF = "pdf", _("PDF document")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="attachments",
    )
    participation = models.ForeignKey(
        Participation,
        null=True,
        on_delete=models.PROTECT,
        related_name="attachments",
    )
    # Null, not empty: unique with the digest only while a form holds it.
    held_for = models.CharField(  # noqa: DJ001
        max_length=64, null=True, editable=False
    )
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size"))
    #: Keyed hash of the content; empty once the original is destroyed.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.QUARANTINED
    )
    description = models.CharField(_("what it shows"), max_length=300, blank=True)
    #: When its sender said that it may be shared (R-7.7b).
    declared_at = models.DateTimeField(null=True)
    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    original = models.FileField(
        upload_to=sealed_path, storage=private_storage, blank=True, max_length=255
    )
    sealed_words = models.BinaryField(default=b"")
    copy_key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    copy = models.FileField(
        upload_to=sealed_path, storage=private_storage, blank=True, max_length=255
    )
    copy_type = models.CharField(max_length=40, blank=True)
    copy_size = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    #: Whether a moderator put another copy in place of the first (R-7.8c).
    redacted = models.BooleanField(default=False)
    #: Null where nothing looked through it: not yet, or there is no scanner.
    scanned_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=60, blank=True)
    clause = models.CharField(max_length=20, blank=True)
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["state", "id"], name="eparticipation_attach_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["held_for", "digest"], name="eparticipation_attach_once"
            )
        ]

    def __str__(self):
        return f"attachment {self.pk}"

    @property
    def key_hex(self) -> str:
        """Its id in addresses and in names of form fields."""
        return self.public_id.hex

    @property
    def may_be_looked_at(self) -> bool:
        """Whether its copy may be handed out at all: not in quarantine, not gone."""
        return self.state in SEEN and bool(self.copy)


_State = Attachment.State

#: States in which staff may see the copy.
SEEN = frozenset({_State.CLEAN, _State.RELEASED, _State.WITHHELD})
#: States in which a participation has the file.
PRESENT = frozenset({*SEEN, _State.QUARANTINED})
#: States in which a moderator has still to decide.
UNDECIDED = frozenset({_State.QUARANTINED, _State.CLEAN})


def public_files(participation: Participation) -> list[dict[str, Any]]:
    """What the public may know of a participation's released files, in order.

    No query where there are none. Each has ``key``, ``kind``, ``alt``, ``size``, and
    ``width`` and ``height`` or ``pages``.
    """
    if not participation.attachment_count:
        return []
    rows = participation.attachments.filter(state=_State.RELEASED).exclude(copy="")
    return [
        {
            "key": row.key_hex,
            "kind": row.kind,
            "alt": row.description,
            "size": row.copy_size,
            "width": row.width,
            "height": row.height,
            "pages": row.pages,
        }
        for row in rows
    ]
