"""Imports: which file, from which channel, by whom, and what became of its rows."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations.models import Channel
from wagtail_eparticipation.private_files import private_storage

#: Channels whose rows a clerk types, from paper or from what was said (AC-S3-I6).
TYPED_CHANNELS = frozenset(
    {
        Channel.PAPER,
        Channel.COUNTER,
        Channel.TELEPHONE,
        Channel.EMAIL,
        Channel.EVENT,
    }
)

#: Messages about rows that are kept with a batch; the others are counted.
ERRORS_KEPT = 1000


def file_path(instance, filename: str) -> str:
    """In a folder of its own in ``private_files``, where equal names do not meet."""
    return f"eparticipation/imports/{secrets.token_hex(16)}/{filename}"


class ImportBatch(models.Model):
    """One import into a topic's register (S3-I).

    ``code`` is what the rows carry as ``Participation.batch``; no other import of the
    topic ever has it. ``subject`` says to what of the tool they belong, such as one
    survey. ``errors`` is a list of ``[row, message]``, where rows are counted as a
    spreadsheet shows them. ``likes`` and ``shares`` sum up what its posts reached; they
    are no participations (R-4.1f).

    The figures and ``reached``, the last row of the file of which something became,
    are written with the rows themselves. ``run`` names the one process that imports
    now; ``touched_at`` is when it last did. ``for_all`` is what held for every row.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared, nothing imported")
        RUNNING = "running", _("Being imported")
        STOPPED = "stopped", _("Stopped, imported in part")
        IMPORTED = "imported", _("In the register")
        ROLLED_BACK = "rolled_back", _("Rolled back")

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="import_batches",
        verbose_name=_("consultation"),
    )
    code = models.CharField(_("batch"), max_length=40)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    tool = models.CharField(_("tool"), max_length=30, default="comment")
    subject = models.CharField(max_length=40, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.PREPARED
    )
    file_name = models.CharField(_("file"), max_length=255)
    file_digest = models.CharField(max_length=64, editable=False)
    file = models.FileField(
        upload_to=file_path, storage=private_storage, blank=True, max_length=255
    )
    evidence = models.FileField(
        _("evidence"),
        upload_to=file_path,
        storage=private_storage,
        blank=True,
        max_length=255,
        help_text=_("Scans of the forms, or a copy of the posts, in one file."),
    )
    mapping = models.JSONField(default=dict)
    for_all = models.JSONField(default=dict)
    run = models.CharField(max_length=32, blank=True, editable=False)
    touched_at = models.DateTimeField(null=True, editable=False)
    reached = models.PositiveIntegerField(default=0, editable=False)
    imported = models.PositiveIntegerField(_("imported"), default=0)
    late = models.PositiveIntegerField(_("in the late box"), default=0)
    repeated = models.PositiveIntegerField(_("imported before"), default=0)
    failed = models.PositiveIntegerField(_("not imported"), default=0)
    likes = models.PositiveBigIntegerField(_("likes"), default=0)
    shares = models.PositiveBigIntegerField(_("shares"), default=0)
    errors = models.JSONField(default=list)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("created"))
    rolled_back_at = models.DateTimeField(null=True, editable=False)
    rollback_reason = models.TextField(_("reason"), blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "code"], name="eparticipation_batch_once"
            )
        ]

    def __str__(self):
        return self.code

    @property
    def rows(self) -> int:
        """How many rows the file had."""
        return self.imported + self.late + self.repeated + self.failed

    @property
    def is_typed(self) -> bool:
        """Whether a clerk typed its rows, so that a second person reads a sample."""
        return self.channel in TYPED_CHANNELS
