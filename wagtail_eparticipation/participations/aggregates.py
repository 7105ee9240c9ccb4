"""Totals that others counted, apart from every count of ours (R-4.2b)."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.calendars.words import validate_sayable
from wagtail_eparticipation.languages import LocalisedTextField, pick
from wagtail_eparticipation.private_files import private_storage


def evidence_path(instance, filename: str) -> str:
    """In a folder of its own in ``private_files``, where equal names do not meet."""
    return f"eparticipation/aggregates/{secrets.token_hex(16)}/{filename}"


class AggregateQuerySet(models.QuerySet):
    """Cuts through what was recorded."""

    def in_force(self):
        """Records that no later one replaced and that were not taken back."""
        return self.filter(superseded_by=None, is_void=False)


class ExternalAggregate(models.Model):
    """One number that another place counted for a topic, e.g. a national platform.

    Never part of a total. A record is not edited: a later one ``supersedes`` it and
    both stay. ``is_void`` takes the earlier one back with nothing in its place.
    Written by ``participations.aggregating`` alone.
    """

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="external_aggregates",
    )
    source = LocalisedTextField(
        _("source"),
        rows=1,
        help_text=_("Who counted, such as the name of the national platform."),
    )
    counted = LocalisedTextField(
        _("what was counted"),
        rows=1,
        help_text=_("For example votes, comments or people who filled in a form."),
    )
    number = models.PositiveBigIntegerField(_("number"))
    first_day = models.DateField(_("from"), validators=[validate_sayable])
    last_day = models.DateField(_("to"), validators=[validate_sayable])
    url = models.URLField(_("address"), max_length=500, blank=True)
    reference = models.CharField(
        _("reference"),
        max_length=200,
        blank=True,
        help_text=_("Number of the letter or report in which the figure stands."),
    )
    evidence = models.FileField(
        _("evidence"),
        upload_to=evidence_path,
        storage=private_storage,
        blank=True,
        max_length=255,
    )
    evidence_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    supersedes = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
        editable=False,
    )
    is_void = models.BooleanField(default=False, editable=False)
    reason = models.TextField(_("reason"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)

    objects = AggregateQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("figure of another place")
        verbose_name_plural = _("figures of other places")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="eparticipation_aggregate_days",
            )
        ]

    def __str__(self):
        return f"{self.consultation_id}: {self.number}"

    @property
    def localised_source(self) -> str:
        """Who counted, in the active language."""
        return pick(self.source)

    @property
    def localised_counted(self) -> str:
        """What was counted, in the active language."""
        return pick(self.counted)
