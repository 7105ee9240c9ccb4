"""The public status of a suggestion: a history, each step with its reason."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_eparticipation.languages import LocalisedTextField
from wagtail_eparticipation.participations.models import Participation

#: The code of the tool in the register.
TOOL = "suggestion"


class Status(models.TextChoices):
    """What becomes of a suggestion, as the public reads it (R-4.1b)."""

    RECEIVED = "received", pgettext_lazy("suggestion", "Received")
    UNDER_STUDY = "under_study", _("Under study")
    TAKEN_UP = "taken_up", _("Taken up")
    NOT_TAKEN_UP = "not_taken_up", _("Not taken up")


class SuggestionStatus(models.Model):
    """One step of a suggestion; the latest counts, none is ever changed.

    A suggestion without any is received. ``reason`` is public, in every language.
    """

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="suggestion_statuses"
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    reason = LocalisedTextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("changed at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("status of a suggestion")
        verbose_name_plural = _("statuses of suggestions")
        ordering = ["participation", "id"]

    def __str__(self):
        return f"{self.participation_id} {self.status}"


def latest(participation: Participation) -> SuggestionStatus | None:
    """The step that counts now; ``None`` while the suggestion is only received."""
    rows = SuggestionStatus.objects.filter(participation=participation)
    return rows.order_by("-id").first()
