"""What was approved and what was announced, kept beside the page (P-5.5.1)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class DecisionApproval(models.Model):
    """That a wording of a decision page was approved while still under embargo.

    Approval does not publish: the announcement does, all languages at once
    (AC-S5-C1). It holds for that revision; an edit afterwards needs a new one.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="+"
    )
    revision = models.OneToOneField(
        "wagtailcore.Revision", on_delete=models.CASCADE, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    approved_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("approval of a decision")
        verbose_name_plural = _("approvals of decisions")

    def __str__(self):
        return f"{self.page_id}/{self.revision_id}"


class DecisionVersion(models.Model):
    """A decision as it was public in one language, for good (AC-S5-D1).

    ``content`` holds the page's words and the answers to the themes; ``checksum``
    is the SHA-256 of its canonical JSON. ``note`` says what a correction changed.
    """

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="decision_versions",
    )
    language = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    checksum = models.CharField(max_length=64)
    note = models.TextField(_("what was corrected"), blank=True)
    published_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("version of a decision")
        verbose_name_plural = _("versions of decisions")
        ordering = ["consultation", "language", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "language", "number"],
                name="eparticipation_decision_version",
            )
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.language} v{self.number}"
