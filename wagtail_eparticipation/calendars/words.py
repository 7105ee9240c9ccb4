"""Dates as people read them: Gregorian with Umm al-Qura beside it, in one language.

The functions ending in ``_words`` give plain text for mails, reports and feeds;
the template tags in ``eparticipation_dates`` give the same words as HTML. Both
are made from a :class:`Phrase`. Digits are Western in every language.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.hijri import hijri, month_name
from wagtail_eparticipation.conf import municipal_zone

_MIDNIGHT = time(0)

#: What people call a zone's clock, where its key names no city they would say.
ZONE_NAMES = {
    "Asia/Riyadh": gettext_lazy("Riyadh time"),
    "Asia/Dubai": gettext_lazy("Dubai time"),
    "Asia/Kuwait": gettext_lazy("Kuwait time"),
    "Asia/Qatar": gettext_lazy("Doha time"),
    "Asia/Bahrain": gettext_lazy("Manama time"),
    "Asia/Muscat": gettext_lazy("Muscat time"),
    "Asia/Amman": gettext_lazy("Amman time"),
    "Africa/Cairo": gettext_lazy("Cairo time"),
    "UTC": pgettext_lazy("time zone", "UTC"),
}


@dataclass(frozen=True)
class Phrase:
    """Words with named places, and the machine's form of what they say.

    ``pattern`` is a translated printf pattern; ``parts`` fill it with text or
    further phrases; ``machine`` is the ISO form for ``<time datetime="…">``.
    """

    pattern: str
    parts: "dict[str, str | Phrase]" = field(default_factory=dict)
    machine: str = ""

    def text(self) -> str:
        """The phrase as plain text."""
        filled = {
            name: part.text() if isinstance(part, Phrase) else part
            for name, part in self.parts.items()
        }
        return self.pattern % filled


def _spoken(make: Callable[..., Phrase]) -> Callable[..., Phrase]:
    """Let ``make`` run with the asked language active (the present one if none)."""

    @wraps(make)
    def in_language(
        *values,
        language: str | None = None,
        zone: ZoneInfo | None = None,
        **options,
    ):
        with override(language or get_language()):
            return make(*values, zone or municipal_zone(), **options)

    return in_language


def _day(value: date | datetime, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


#: The first and the last year whose dates can all be said in both calendars.
FIRST_YEAR, LAST_YEAR = 1925, 2076


def is_sayable(day: date) -> bool:
    """Whether a day or an instant can be said in both calendars, in every zone."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def validate_sayable(day: date) -> None:
    """Refuse what cannot be said in both calendars, such as a day in 9999.

    Every field asks this in which somebody types a day or an instant: those at the
    ends of time cannot be told in another zone at all.
    """
    if day.year < FIRST_YEAR:
        raise ValidationError(
            _("Choose a date after the year %(year)s."),
            code="too_far",
            params={"year": FIRST_YEAR - 1},
        )
    if not is_sayable(day):
        raise ValidationError(
            _("Choose a date before the year %(year)s."),
            code="too_far",
            params={"year": LAST_YEAR + 1},
        )


@_spoken
def date_phrase(value: date | datetime, zone: ZoneInfo) -> Phrase:
    """Weekday and Gregorian date, with the Hijri date beside it where there is one."""
    day = _day(value, zone)
    gregorian = Phrase(
        _("%(weekday)s %(day)s %(month)s %(year)s"),
        {
            "weekday": str(WEEKDAYS[day.weekday()]),
            "day": str(day.day),
            "month": str(MONTHS[day.month]),
            "year": str(day.year),
        },
    ).text()
    islamic = hijri(day)
    if islamic is None:
        return Phrase("%(gregorian)s", {"gregorian": gregorian}, day.isoformat())
    return Phrase(
        _("%(gregorian)s – %(hijri)s"),
        {
            "gregorian": gregorian,
            "hijri": Phrase(
                _("%(day)s %(month)s %(year)s"),
                {
                    "day": str(islamic.day),
                    "month": month_name(islamic.month, get_language() or ""),
                    "year": str(islamic.year),
                },
            ).text(),
        },
        day.isoformat(),
    )


@_spoken
def instant_phrase(value: datetime, zone: ZoneInfo, seconds: bool = False) -> Phrase:
    """Both dates, the clock time (``seconds`` too if asked) and whose clock it is."""
    local = value.astimezone(zone)
    day = date_phrase(local, zone=zone)
    return Phrase(
        _("%(date)s, %(time)s (%(zone)s)"),
        {
            "date": Phrase(day.pattern, day.parts),
            "time": f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}",
            "zone": zone_words(zone),
        },
        local.isoformat(),
    )


@_spoken
def closing_phrase(value: datetime, zone: ZoneInfo, seconds: bool = False) -> Phrase:
    """Until when people can take part; the instant itself is no longer inside.

    An exclusive midnight is said as the end of the day before, because "until 27
    April 00:00" is read as if the 27th still counted (AC-S1-A3).
    """
    local = value.astimezone(zone)
    if local.time() != _MIDNIGHT:
        instant = instant_phrase(value, zone=zone, seconds=seconds)
        return Phrase(_("until %(instant)s"), {"instant": instant})
    last_day = date_phrase(local.date() - timedelta(days=1), zone=zone)
    return Phrase(
        _("until the end of %(date)s (%(time)s, %(zone)s)"),
        {
            "date": Phrase(last_day.pattern, last_day.parts, local.isoformat()),
            "time": "23:59:59" if seconds else "23:59",
            "zone": zone_words(zone),
        },
    )


@_spoken
def period_phrase(opens: datetime, closes: datetime, zone: ZoneInfo) -> Phrase:
    """From the opening to the closing, with the same care for midnights."""
    return Phrase(
        _("from %(opening)s %(closing)s"),
        {
            "opening": instant_phrase(opens, zone=zone),
            "closing": closing_phrase(closes, zone=zone),
        },
    )


def zone_words(zone: ZoneInfo | None = None, language: str | None = None) -> str:
    """What people call the zone's clock: "Riyadh time"."""
    key = (zone or municipal_zone()).key
    with override(language or get_language()):
        if key in ZONE_NAMES:
            return str(ZONE_NAMES[key])
        city = key.rpartition("/")[2].replace("_", " ")
        return _("%(city)s time") % {"city": city}


def date_words(value: date | datetime | None, language: str | None = None) -> str:
    """Sunday 26 April 2026 – 9 Dhu al-Qa'dah 1447."""
    return date_phrase(value, language=language).text() if value else ""


def instant_words(
    value: datetime | None,
    language: str | None = None,
    zone: ZoneInfo | None = None,
    *,
    seconds: bool = False,
) -> str:
    """Both dates and the clock time: "…, 14:00 (Riyadh time)"."""
    if value is None:
        return ""
    phrase = instant_phrase(value, language=language, zone=zone, seconds=seconds)
    return phrase.text()


def closing_words(
    value: datetime | None,
    language: str | None = None,
    zone: ZoneInfo | None = None,
    *,
    seconds: bool = False,
) -> str:
    """Until …; an exclusive midnight as the end of the day before (AC-S1-A3)."""
    if value is None:
        return ""
    phrase = closing_phrase(value, language=language, zone=zone, seconds=seconds)
    return phrase.text()


def period_words(
    opens: datetime | None,
    closes: datetime | None,
    language: str | None = None,
    zone: ZoneInfo | None = None,
) -> str:
    """From … until …; empty when one of the two is not set yet."""
    if opens is None or closes is None:
        return ""
    return period_phrase(opens, closes, language=language, zone=zone).text()


def day_end(day: date, zone: ZoneInfo | None = None) -> datetime:
    """The exclusive instant at which ``day`` is over in the zone, in UTC.

    This is how a closing chosen as a date only is stored (AC-S1-A3).
    """
    after = datetime.combine(day + timedelta(days=1), _MIDNIGHT)
    return after.replace(tzinfo=zone or municipal_zone()).astimezone(UTC)


def last_day(closes_at: datetime, zone: ZoneInfo | None = None) -> date:
    """The last day in the zone of a period that ends at the exclusive ``closes_at``."""
    last_instant = closes_at - timedelta(microseconds=1)
    return last_instant.astimezone(zone or municipal_zone()).date()
