"""Public holidays proposed as editors' rows, which editors then own.

The optional ``holidays`` package knows the days of labour law; the municipality's
own leave may be longer and lunar feasts are estimates until they are announced.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from wagtail_eparticipation.calendars.models import Holiday, WorkingCalendar
from wagtail_eparticipation.calendars.versions import freeze
from wagtail_eparticipation.languages import content_languages


class HolidaysMissing(ImportError):
    """The package that proposes holidays is not installed."""


class Proposal(NamedTuple):
    """Consecutive days off under one name."""

    first_day: date
    last_day: date
    name: dict[str, str]


def proposed_holidays(country: str, years: Iterable[int]) -> list[Proposal]:
    """Holidays of a country (ISO code) in these Gregorian years, by date.

    Names come in the site's languages where the package has them. Raises
    :class:`HolidaysMissing` without the package and ``ValueError`` for a country
    that it does not know.
    """
    try:
        import holidays
    except ImportError as error:
        raise HolidaysMissing(
            "Proposing holidays needs the package “holidays”: "
            "pip install 'wagtail-eparticipation[saudi]'"
        ) from error
    years = list(years)
    spoken = holidays.list_localized_countries().get(country, [])
    by_language = {}
    for code, _own_name in content_languages():
        match = [name for name in spoken if name.split("_")[0] == code.split("-")[0]]
        try:
            by_language[code] = holidays.country_holidays(
                country, years=years, language=match[0] if match else None
            )
        except NotImplementedError as error:
            raise ValueError(f"No holidays are known for “{country}”.") from error
    days = sorted(set().union(*by_language.values()))
    proposals: list[Proposal] = []
    for day in days:
        name = {code: found.get(day, "") for code, found in by_language.items()}
        if proposals and _continues(proposals[-1], day, name):
            proposals[-1] = proposals[-1]._replace(last_day=day)
        else:
            proposals.append(Proposal(day, day, name))
    return proposals


def _continues(before: Proposal, day: date, name: dict[str, str]) -> bool:
    return before.name == name and before.last_day + timedelta(days=1) == day


@transaction.atomic
def add_proposed_holidays(
    calendar: WorkingCalendar, country: str, years: Iterable[int], *, at: datetime
) -> list[Holiday]:
    """Add the holidays that touch no day off of the calendar yet, then freeze it.

    Returns the rows added; what editors have entered is never changed.
    """
    present = list(calendar.holidays.all())
    added = []
    for proposal in proposed_holidays(country, years):
        if not any(_touches(row, proposal) for row in present):
            added.append(
                Holiday.objects.create(calendar=calendar, **proposal._asdict())
            )
    if added:
        freeze(calendar, at=at)
    return added


def _touches(row: Holiday, proposal: Proposal) -> bool:
    return row.first_day <= proposal.last_day and proposal.first_day <= row.last_day
