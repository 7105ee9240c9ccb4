"""What was hidden, sealed; what was destroyed, certified (R-7.8b, R-7.8f, R-8.1a)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations.models import Participation, PersonKey


class SealedOriginal(models.Model):
    """One wording as its author wrote it, encrypted under a key of its own.

    Made when the first place of that wording is hidden; the register then holds the
    words with marks alone. Deleting the key is the erasure (AC-S3-E6).
    """

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="sealed_originals"
    )
    revision = models.PositiveSmallIntegerField(_("wording"))
    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sealed = models.BinaryField()
    sealed_at = models.DateTimeField(_("sealed at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sealed original")
        verbose_name_plural = _("sealed originals")
        ordering = ["participation", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "revision"], name="eparticipation_sealed_once"
            )
        ]

    def __str__(self):
        return f"{self.participation_id} r{self.revision}"


class Redaction(models.Model):
    """One version of what is hidden in a wording; the highest ``version`` counts.

    ``places`` are counted in the sealed original and hold no word of it. A version that
    shows hidden places again waits for a second person first (R-7.8f).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a second person")
        IN_FORCE = "in_force", _("In force")
        DECLINED = "declined", _("Declined by the second person")

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="redactions"
    )
    revision = models.PositiveSmallIntegerField(_("wording"))
    #: Counts the versions of the wording as they came into force; null before.
    version = models.PositiveIntegerField(null=True)
    places = models.JSONField(default=list)
    shows_again = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    ground = models.TextField(_("ground, for staff only"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"))
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    second_person_at = models.DateTimeField(null=True)
    open_for = models.OneToOneField(
        Participation,
        null=True,
        on_delete=models.PROTECT,
        related_name="open_reversal",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("hiding of places")
        verbose_name_plural = _("hidings of places")
        ordering = ["participation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "revision", "version"],
                name="eparticipation_redaction_version",
            )
        ]

    def __str__(self):
        return f"{self.participation_id} r{self.revision} ({self.state})"


class Destruction(models.Model):
    """The certificate that the content of a participation was destroyed (R-8.1a).

    The participation stays with its state, counted as before; ``destroyed`` says how
    much of what is gone, ``digest`` is the keyed digest by which the ledger knew the
    words.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a second person")
        DONE = "done", _("Destroyed")
        DECLINED = "declined", _("Declined by the second person")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="destructions"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    reason_code = models.CharField(_("legal ground"), max_length=60)
    clause = models.CharField(_("clause"), max_length=20)
    document = models.CharField(
        _("Number or name of the document that requires it"), max_length=200
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("second person"),
    )
    second_person_at = models.DateTimeField(null=True)
    destroyed = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    open_for = models.OneToOneField(
        Participation,
        null=True,
        on_delete=models.PROTECT,
        related_name="open_destruction",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("destruction")
        verbose_name_plural = _("destructions")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.participation_id} ({self.state})"

    @property
    def number(self) -> str:
        """Short number of the certificate."""
        return self.public_id.hex[:8].upper()
