"""Questions and answers for everybody, so that all have the same information.

A clarification is the municipality's own word (R-5.3.1e, AC-S3-J4): no citizen's text
is stored here, only the question as the desk worded it. Rows are written by
``replies.clarifying`` alone.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import LocalisedTextField, direction, own_name


class Clarification(models.Model):
    """One question with its answer, published to all; its words are in versions.

    ``version`` is the number of the one in force. ``case`` is the enquiry that it came
    from, if any; nothing of the enquiry is ever shown with it. ``idempotency_key``
    names the one act of publishing. Who published it is for staff alone: the public
    sees the office.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="clarifications",
        verbose_name=_("consultation"),
    )
    case = models.ForeignKey(
        "wagtail_eparticipation.Case",
        null=True,
        on_delete=models.PROTECT,
        related_name="clarifications",
    )
    original_language = models.CharField(_("original language"), max_length=12)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    published_at = models.DateTimeField(_("published at"))
    corrected_at = models.DateTimeField(_("corrected at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawal_reason = LocalisedTextField(_("reason"), blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("clarification")
        verbose_name_plural = _("clarifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["consultation", "id"], name="eparticipation_clarified")
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.number}"

    @property
    def key(self) -> str:
        """What names it in addresses."""
        return self.public_id.hex

    @property
    def number(self) -> str:
        """Short number for staff and messages."""
        return self.public_id.hex[:8].upper()

    @property
    def anchor(self) -> str:
        """Id of its element on the public page."""
        return f"q-{self.public_id.hex[:12]}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether only its tombstone is shown."""
        return self.withdrawn_at is not None


class ClarificationVersion(models.Model):
    """One wording in time; a correction adds one and the earlier ones are kept.

    ``reason`` is the public note of what was corrected; empty for the first.
    """

    clarification = models.ForeignKey(
        Clarification, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    reason = LocalisedTextField(_("what was corrected"), blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("version of a clarification")
        verbose_name_plural = _("versions of clarifications")
        ordering = ["clarification", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["clarification", "number"],
                name="eparticipation_clarified_number",
            )
        ]

    def __str__(self):
        return f"{self.clarification_id} v{self.number}"


class ClarificationText(models.Model):
    """Question and answer of one version in one language, as published."""

    class State(models.TextChoices):
        ORIGINAL = "original", _("Original")
        TRANSLATED = "translated", _("Translated")

    version = models.ForeignKey(
        ClarificationVersion, on_delete=models.PROTECT, related_name="texts"
    )
    language = models.CharField(_("language"), max_length=12)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"))
    answer_html = models.TextField(editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of a clarification")
        verbose_name_plural = _("texts of clarifications")
        ordering = ["version", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language"],
                name="eparticipation_clarified_language",
            )
        ]

    def __str__(self):
        return f"{self.version_id} {self.language}"

    @property
    def direction(self) -> str:
        """Writing direction of its language."""
        return direction(self.language)

    @property
    def language_name(self) -> str:
        """What its language calls itself."""
        return own_name(self.language)


class PublicAnswer(models.Model):
    """That the answer to an enquiry stands in public, too, and where.

    ``answer`` is the private copy that its sender got; ``comment`` the official reply
    in the discussion, ``clarification`` the entry among the questions and answers.
    """

    answer = models.OneToOneField(
        "wagtail_eparticipation.CaseAnswer",
        on_delete=models.PROTECT,
        related_name="made_public",
    )
    comment = models.ForeignKey(
        "wagtail_eparticipation.PublishedComment",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    clarification = models.ForeignKey(
        Clarification, null=True, on_delete=models.PROTECT, related_name="answers"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("public answer to an enquiry")
        verbose_name_plural = _("public answers to enquiries")

    def __str__(self):
        return f"answer {self.answer_id}"
