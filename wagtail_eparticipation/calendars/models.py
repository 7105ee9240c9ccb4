"""Working calendars as editors' data, and the frozen versions that clocks read."""

import zoneinfo
from datetime import time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from wagtail_eparticipation.calendars import words
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.languages import LocalisedTextField, pick


class CalendarVersionIsFixed(Exception):
    """Somebody tried to change or delete a frozen calendar version (R-6.5.1a)."""


def default_zone() -> str:
    """Name of the municipality's zone, for new calendars."""
    return get_setting("TIME_ZONE")


def validate_zone(name: str) -> None:
    """Refuse a name that the zone database does not know."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError(
            _("“%(name)s” is not a known time zone, such as Asia/Riyadh."),
            code="unknown_zone",
            params={"name": name},
        ) from error


class Weekday(models.IntegerChoices):
    """Days of the week with the numbers of ``datetime.date.weekday()``."""

    SUNDAY = 6, _("Sunday")
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")


class WorkingCalendar(ClusterableModel):
    """When a department works: the editors' current wording of it (P-6.5.1).

    Clocks never read these rows. They read a :class:`CalendarVersion`, so that
    editing a calendar changes no clock that has already run.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    is_default = models.BooleanField(
        _("default calendar"),
        default=False,
        help_text=_("Used by every department that has no calendar of its own."),
    )
    #: 1 for the default calendar and NULL for all others, so that one unique
    #: column holds "at most one default" on every database.
    default_slot = models.GeneratedField(
        expression=Case(When(is_default=True, then=Value(1))),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=default_zone,
        validators=[validate_zone],
    )

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["default_slot"], name="eparticipation_one_default_calendar"
            )
        ]

    def __str__(self):
        return self.name


class WorkingHours(models.Model):
    """One stretch of work on one weekday, always or between two days.

    Rows with days (Ramadan, summer) replace the rows without days on the same
    weekday while they are in force; several of them add up.
    """

    calendar = ParentalKey(
        WorkingCalendar, on_delete=models.CASCADE, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))
    valid_from = models.DateField(
        _("first day"), null=True, blank=True, validators=[words.validate_sayable]
    )
    valid_until = models.DateField(
        _("last day"), null=True, blank=True, validators=[words.validate_sayable]
    )

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        # As entered: weeks begin on different days, databases sort NULL differently.
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def clean(self):
        super().clean()
        known = self.starts is not None and self.ends is not None
        if known and self.ends != time(0) and self.ends <= self.starts:
            raise ValidationError(
                {"ends": _("Work must end after it starts on the same day.")}
            )
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError(
                {"valid_until": _("The last day must not be before the first day.")}
            )


class Holiday(models.Model):
    """Days on which nobody works, first and last day included."""

    calendar = ParentalKey(
        WorkingCalendar, on_delete=models.CASCADE, related_name="holidays"
    )
    first_day = models.DateField(_("first day"), validators=[words.validate_sayable])
    last_day = models.DateField(_("last day"), validators=[words.validate_sayable])
    name = LocalisedTextField(_("name"), rows=1)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["first_day", "pk"]

    def __str__(self):
        return pick(self.name)

    def clean(self):
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError(
                {"last_day": _("The last day must not be before the first day.")}
            )


class FixedRows(models.QuerySet):
    """Rows that are only ever added."""

    def update(self, **kwargs):
        raise CalendarVersionIsFixed("Frozen calendar versions cannot be changed.")

    def delete(self):
        raise CalendarVersionIsFixed("Frozen calendar versions cannot be deleted.")


class CalendarVersion(models.Model):
    """The rules of a calendar as they stood, never changed again (R-6.5.1a).

    ``rules`` is described in ``calendars.working_time``. A case stores the
    version under which its clock started; the version in force at an instant is
    the one with the highest number whose ``effective_from`` is not later.
    """

    calendar = models.ForeignKey(
        WorkingCalendar, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    effective_from = models.DateTimeField(_("in force from"))
    rules = models.JSONField(_("rules"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = FixedRows.as_manager()

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ["calendar", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "number"],
                name="eparticipation_calendar_version_number",
            )
        ]

    def __str__(self):
        return _("%(calendar)s, version %(number)s (%(since)s)") % {
            "calendar": self.calendar,
            "number": self.number,
            "since": words.date_words(self.effective_from),
        }

    def save(self, *args, **kwargs):
        if self.pk is not None and not self._state.adding:
            raise CalendarVersionIsFixed(
                f"Version {self.number} of calendar {self.calendar_id} is frozen; "
                "freeze the calendar again to make the next version."
            )
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise CalendarVersionIsFixed(
            f"Version {self.number} of calendar {self.calendar_id} is kept for the "
            "clocks that ran under it."
        )
