"""Dates in templates: Gregorian and Umm al-Qura side by side, in the page's language.

``{% load eparticipation_dates %}``. Every tag prints nothing for an empty value.
"""

from datetime import date, datetime

from django import template
from django.utils.html import format_html

from wagtail_eparticipation.calendars import words

register = template.Library()


def _html(phrase: words.Phrase) -> str:
    """The phrase with ``<bdi>`` around its parts and ``<time>`` around its days."""
    parts = {
        name: _html(part)
        if isinstance(part, words.Phrase)
        else format_html("<bdi>{}</bdi>", part)
        for name, part in phrase.parts.items()
    }
    places = {name: "{%s}" % name for name in parts}  # noqa: UP031 (braces are literal)
    filled = format_html(phrase.pattern % places, **parts)
    if phrase.machine:
        return format_html('<time datetime="{}">{}</time>', phrase.machine, filled)
    return filled


@register.simple_tag
def both_dates(value: date | datetime | None) -> str:
    """Weekday, Gregorian date and Hijri date of a day or an instant."""
    return _html(words.date_phrase(value)) if value else ""


@register.simple_tag
def both_datetimes(value: datetime | None) -> str:
    """Both dates with the clock time and the name of the zone."""
    return _html(words.instant_phrase(value)) if value else ""


@register.simple_tag
def closing_instant(value: datetime | None) -> str:
    """Until when: an exclusive midnight is the end of the day before (AC-S1-A3)."""
    return _html(words.closing_phrase(value)) if value else ""


@register.simple_tag
def period(opens: datetime | None, closes: datetime | None) -> str:
    """From the opening until the closing; nothing while one of them is missing."""
    if not opens or not closes:
        return ""
    return _html(words.period_phrase(opens, closes))
