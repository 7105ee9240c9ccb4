"""Rows of an import that a second person reads again, and what was found (S3-I)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SampleReading(models.Model):
    """One row of a typed import that was drawn for a second reading (AC-S3-I6).

    Written by ``participations.second_reading`` alone. ``entered_by`` is who imported
    the batch, kept here so that the database itself refuses the same reader.
    """

    class Result(models.TextChoices):
        SAME = "same", _("As on the paper")
        CORRECTED = "corrected", _("Differed, corrected")

    batch = models.ForeignKey(
        "wagtail_eparticipation.ImportBatch",
        on_delete=models.PROTECT,
        related_name="sample",
    )
    participation = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        on_delete=models.PROTECT,
        related_name="sample_reading",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    result = models.CharField(
        _("result"), max_length=10, choices=Result.choices, blank=True
    )
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    read_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("second reading")
        verbose_name_plural = _("second readings")
        ordering = ["batch", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(read_by=models.F("entered_by")),
                name="eparticipation_two_readers",
            ),
            models.CheckConstraint(
                condition=models.Q(result="", read_at=None)
                | (~models.Q(result="") & models.Q(read_at__isnull=False)),
                name="eparticipation_reading_whole",
            ),
        ]

    def __str__(self):
        return f"{self.batch_id}/{self.participation_id}"
