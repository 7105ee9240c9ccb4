"""What a human said of two voices with the same words (AC-S3-I4, R-7.5e)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations.models import State


class PersonMatch(models.Model):
    """That an imported voice is, or is not, the same person as another channel's.

    Written by ``participations.matching`` alone. ``same_as`` is empty for "different
    people". ``state_before`` is what the row goes back to when this is undone.
    """

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="person_matches",
    )
    participation = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        on_delete=models.PROTECT,
        related_name="person_match",
    )
    same_as = models.ForeignKey(
        "wagtail_eparticipation.Participation",
        null=True,
        on_delete=models.PROTECT,
        related_name="matched_by",
    )
    state_before = models.CharField(max_length=20, choices=State.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("match of persons")
        verbose_name_plural = _("matches of persons")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(same_as=models.F("participation")),
                name="eparticipation_match_of_two",
            )
        ]

    def __str__(self):
        return f"{self.participation_id} = {self.same_as_id or '?'}"
