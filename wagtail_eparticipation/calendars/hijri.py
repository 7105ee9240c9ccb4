"""The Umm al-Qura date of a Gregorian day, from one source only.

Browsers compute other days from 2029 on, so nothing is ever converted there.
"""

from datetime import date, datetime
from typing import NamedTuple

from hijridate import Gregorian

MONTHS = {
    "ar": (
        "محرم",
        "صفر",
        "ربيع الأول",
        "ربيع الآخر",
        "جمادى الأولى",
        "جمادى الآخرة",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو القعدة",
        "ذو الحجة",
    ),
    "en": (
        "Muharram",
        "Safar",
        "Rabi' I",
        "Rabi' II",
        "Jumada I",
        "Jumada II",
        "Rajab",
        "Sha'ban",
        "Ramadan",
        "Shawwal",
        "Dhu al-Qa'dah",
        "Dhu al-Hijjah",
    ),
}


class HijriDate(NamedTuple):
    """A day of the Umm al-Qura calendar."""

    year: int
    month: int
    day: int


def hijri(day: date) -> HijriDate | None:
    """The Umm al-Qura date; ``None`` outside August 1924 to November 2077."""
    if isinstance(day, datetime):
        raise TypeError("Convert the instant to a day in the municipality's zone first")
    try:
        return HijriDate(
            *Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
        )
    except OverflowError:
        return None


def month_name(month: int, language: str) -> str:
    """Name of month 1–12 in Arabic, or in Latin letters for other languages."""
    names = MONTHS.get(language.split("-")[0], MONTHS["en"])
    return names[month - 1]
