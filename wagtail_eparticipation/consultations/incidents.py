"""When the site could not be used, and for how long: a reason to extend (R-7.9e).

Staff record an incident; the periodic job suspects one when it finds that it has not
run itself for long while a topic was open. That is a hint, no proof: the job may have
been away while the pages were there. A member of staff corrects or removes it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.models import (
    CollectionWindow,
    Consultation,
    Period,
)

#: The last part of a period, in which most people take part (R-7.9c).
LAST_DAY = timedelta(hours=24)
#: Longer gaps are written down as they are; shorter ones than this never.
_JOB = "tick"


class Incident(models.Model):
    """A time in which people could not take part, in one topic or in all.

    ``note`` is for staff; the closing report names kind, time and duration.
    """

    class Kind(models.TextChoices):
        OUTAGE = "outage", _("The site was away")
        SLOW = "slow", _("The site could hardly be used")
        ATTACK = "attack", _("The site was attacked")
        CHANNEL = "channel", _("A channel of the table of means was away")
        JOB = "job", _("The periodic job did not run")

    consultation = models.ForeignKey(
        Consultation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
        verbose_name=_("consultation"),
        help_text=_("Leave it empty if all topics were concerned."),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.OUTAGE
    )
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    note = models.TextField(
        _("note for staff"), blank=True, help_text=_("It is not published.")
    )
    noticed = models.BooleanField(
        _("suspected by the periodic job"), default=False, editable=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=models.F("started_at")),
                name="eparticipation_incident_order",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk or ''}".strip()

    def clean(self):
        if self.started_at and self.ended_at and self.ended_at <= self.started_at:
            raise ValidationError({"ended_at": _("The end lies after the beginning.")})

    @property
    def duration(self) -> timedelta:
        """How long it lasted."""
        return self.ended_at - self.started_at


class Heartbeat(models.Model):
    """When a periodic job ran last."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("run of a periodic job")
        verbose_name_plural = _("runs of periodic jobs")

    def __str__(self):
        return self.name


@transaction.atomic
def beat(now: datetime) -> Incident | None:
    """Note that the periodic job runs, and suspect an incident if it long did not.

    Twice, or several at once, is once: whoever holds the row last finds no gap.
    """
    Heartbeat.objects.get_or_create(name=_JOB, defaults={"at": now})
    last = Heartbeat.objects.select_for_update().get(name=_JOB)
    since = last.at
    if now <= since:
        return None
    last.at = now
    last.save(update_fields=["at"])
    gap = timedelta(minutes=get_setting("INCIDENT_GAP_MINUTES"))
    if now - since <= gap or not _was_any_open(since, now):
        return None
    return Incident.objects.create(
        kind=Incident.Kind.JOB, started_at=since, ended_at=now, noticed=True
    )


def _was_any_open(since: datetime, until: datetime) -> bool:
    return CollectionWindow.objects.filter(
        opens_at__lt=until, closes_at__gt=since
    ).exists()


def incidents_of(consultation) -> models.QuerySet[Incident]:
    """Those that fall into a topic's periods, its own and those of all topics."""
    periods = Period.objects.filter(consultation=consultation)
    falls_in = periods.filter(
        opens_at__lt=models.OuterRef("ended_at"),
        closes_at__gt=models.OuterRef("started_at"),
    )
    return Incident.objects.filter(
        Q(consultation=consultation) | Q(consultation=None),
        models.Exists(falls_in),
    ).order_by("started_at", "id")


def lost(
    spans: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime
) -> timedelta:
    """How much of ``[since, until)`` the spans cover, each instant counted once."""
    total, reached = timedelta(0), since
    for start, end in sorted(spans):
        start, end = max(start, reached), min(end, until)
        if end > start:
            total += end - start
            reached = end
    return total
