"""Remarks on a topic's period that stop nothing (S1-A6)."""

from datetime import timedelta

from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.hijri import hijri
from wagtail_eparticipation.calendars.words import last_day
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.channel_table import differing_twins


def period_warnings(page) -> list[str]:
    """Remarks on the period that stop nothing: weekends, holidays, Ramadan (S1-A6)."""
    if page.opens_on is None or page.closes_on is None:
        return []
    found = []
    if page.opens_on.weekday() in (4, 5):
        found.append(_("The period starts on a Friday or Saturday."))
    if page.closes_on.weekday() in (4, 5):
        found.append(_("The period ends on a Friday or Saturday."))
    first, last = page.opens_on, page.closes_on
    length = (last - first).days + 1
    if 0 < length <= 366:
        days = [first + timedelta(days=n) for n in range(length)]
        fasting = [d for d in map(hijri, days) if d is not None and d.month == 9]
        if len(fasting) * 2 > length:
            found.append(
                _("Most of the period lies within Ramadan %(year)s.")
                % {"year": fasting[0].year}
            )
    found += _holidays_met(page)
    found += _twins_apart(page)
    return found


def _twins_apart(page) -> list[str]:
    """The topic's twins on national platforms that run on other days (R-4.2a)."""
    window = getattr(page.consultation, "window", None)
    opens_on, closes_on = page.opens_on, page.closes_on
    if window is not None:
        opens_on = window.opens_at.astimezone(municipal_zone()).date()
        closes_on = last_day(window.closes_at)
    rows = [block.value for block in page.channels]
    return [
        _("The national platform runs on other days than the portal: %(how)s.")
        % {"how": row["reference"] or row["how"]}
        for row in differing_twins(rows, opens_on, closes_on)
    ]


def _holidays_met(page) -> list[str]:
    from wagtail_eparticipation.calendars.models import Holiday
    from wagtail_eparticipation.calendars.versions import NoCalendar, calendar_for

    try:
        calendar = calendar_for(page.department)
    except NoCalendar:
        return []
    texts = {
        page.opens_on: _("The period starts on a holiday: %(holiday)s."),
        page.closes_on: _("The period ends on a holiday: %(holiday)s."),
    }
    return [
        text % {"holiday": holiday}
        for day, text in texts.items()
        for holiday in Holiday.objects.filter(
            calendar=calendar, first_day__lte=day, last_day__gte=day
        )[:1]
    ]
