"""What was published before a moderator had read it, and who read it afterwards."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations.models import Participation, State


class EarlyPublication(models.Model):
    """One participation that was shown at once, as its topic allows (R-5.3.1c).

    ``review_due`` says that a moderator is to read it: at once where the topic is
    reviewed afterwards, and with the first report otherwise. It is kept after the
    review, so that the closing report can say what was read and what was not.
    """

    participation = models.OneToOneField(
        Participation, on_delete=models.PROTECT, related_name="early"
    )
    revision = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField(_("published at"))
    review_due = models.BooleanField(_("to be reviewed"), default=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reviewed by"),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("publication before review")
        verbose_name_plural = _("publications before review")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["review_due", "participation"], name="eparticipation_early"
            )
        ]

    def __str__(self):
        return f"{self.participation_id} ({'due' if self.review_due else 'read'})"


def to_be_reviewed(rows: models.QuerySet) -> models.QuerySet:
    """Those of ``rows`` that are published and that a moderator has still to read."""
    return rows.filter(state=State.PUBLISHED, early__review_due=True)


def close(keys, *, actor, now: datetime) -> int:
    """Note that a moderator has read these; how many were waiting for it."""
    waiting = EarlyPublication.objects.filter(
        participation__in=list(keys), review_due=True
    )
    return waiting.update(review_due=False, reviewed_at=now, reviewed_by=actor)
