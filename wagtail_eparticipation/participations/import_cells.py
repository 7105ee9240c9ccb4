"""What a cell of somebody's file means: texts, codes, numbers, instants.

A ``ValueError`` says what is wanted and never what the cell holds: messages are kept
with the import and read by others, and a cell in the wrong column may name somebody.
"""

import unicodedata
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import is_sayable
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.normalise import search_key

#: Longest cell that is looked at; of a shorter one the door says what is too long.
_CELL = 200_000
#: Orders in which people write a day, after separators have become hyphens.
_DAYS = ("%Y-%m-%d", "%d-%m-%Y")
_TIMES = ("%H:%M", "%H:%M:%S")
#: Between thousands, in any script, and what spaces a spreadsheet puts there.
_THOUSANDS = str.maketrans("", "", ",٬ \u00a0\u202f")
#: More than anything was ever liked, and what every database can store.
_MOST = 10**12


def text_of(value: Any) -> str:
    """A cell as text; raises ``ValueError`` for one that nobody can have written."""
    if value is None:
        return ""
    # Spreadsheets keep whole numbers, such as ids, as floating point.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if len(text) > _CELL:
        raise ValueError(
            _("A cell holds more than %(number)d characters.") % {"number": _CELL}
        )
    return text


def code_of(text: str, offered, fallback: str) -> str:
    """The code of a value, given as code or as its label in the active language."""
    if not text:
        return fallback
    key = search_key(text)
    for code, label in offered:
        if key in (search_key(str(code)), search_key(str(label))) and code:
            return code
    raise ValueError(
        _("Not known here; write one of these: %(known)s")
        % {"known": ", ".join(str(label) for code, label in offered if code)}
    )


def instant_of(value: Any, made_on: date | None) -> datetime:
    """When it was made, in the municipality's zone where the cell names none.

    A day without a time counts from its beginning.
    """
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time(0))
    elif value is None or not str(value).strip():
        if made_on is None:
            raise ValueError(_("It has no date."))
        found = datetime.combine(made_on, time(0))
    else:
        found = _parsed(str(value))
    if not is_sayable(found):
        raise ValueError(_no_date())
    zone = municipal_zone()
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _parsed(text: str) -> datetime:
    plain = _plain_digits(text.strip())
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        pass
    day, _space, clock = plain.partition(" ")
    day = day.replace("/", "-").replace(".", "-")
    for day_form in _DAYS:
        for form in (day_form, *(f"{day_form} {each}" for each in _TIMES)):
            try:
                return datetime.strptime(f"{day} {clock}".strip(), form)
            except ValueError:
                continue
    raise ValueError(_no_date())


def _no_date() -> str:
    return _("Write a date such as 2026-04-25 or 25/04/2026 14:30.")


def number_of(text: str) -> int:
    """A whole number in digits of any script, 0 for an empty cell."""
    plain = _plain_digits(text).translate(_THOUSANDS)
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit() and int(plain[:20]) <= _MOST):
        raise ValueError(_("Write a whole number."))
    return int(plain)


def _plain_digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )
