"""Adds a year's public holidays to a working calendar, for editors to check."""

import re
from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.models import WorkingCalendar
from wagtail_eparticipation.calendars.proposals import (
    HolidaysMissing,
    add_proposed_holidays,
)
from wagtail_eparticipation.calendars.versions import NoCalendar, calendar_for
from wagtail_eparticipation.calendars.words import date_words


def _year(text: str) -> int:
    """A year for which holidays can be known; argparse says what it was given."""
    if not re.fullmatch(r"(19|20)\d\d", text, re.ASCII):
        raise ArgumentTypeError(_("“%(text)s” is no year.") % {"text": text})
    return int(text)


class Command(BaseCommand):
    """``eparticipation_propose_holidays --country SA --year 2027``."""

    help = (
        "Add public holidays to a working calendar. Days off that are entered already "
        "are left alone; check lunar feasts when they have been announced."
    )

    def add_arguments(self, parser):
        parser.add_argument("--country", required=True, help="ISO code, such as SA")
        parser.add_argument("--year", type=_year, action="append", required=True)
        parser.add_argument("--calendar", help="name; the default calendar if left out")

    def handle(self, *, country, year, calendar=None, **options):
        try:
            chosen = (
                WorkingCalendar.objects.get(name=calendar)
                if calendar
                else calendar_for(None)
            )
            added = add_proposed_holidays(chosen, country, year, at=timezone.now())
        except WorkingCalendar.DoesNotExist as error:
            names = ", ".join(WorkingCalendar.objects.values_list("name", flat=True))
            raise CommandError(
                _("There is no calendar “%(name)s”. Calendars: %(names)s")
                % {"name": calendar, "names": names}
            ) from error
        except (NoCalendar, HolidaysMissing, ValueError) as error:
            raise CommandError(str(error)) from error
        for row in added:
            self.stdout.write(f"{date_words(row.first_day)}: {row}")
        text = _("Holidays added to “%(calendar)s”: %(count)d")
        self.stdout.write(text % {"calendar": chosen, "count": len(added)})
