from datetime import date, datetime

import pytest

from wagtail_eparticipation.calendars.hijri import MONTHS, hijri, month_name


@pytest.mark.parametrize(
    ("gregorian", "year", "month", "day", "name"),
    [
        (date(2026, 4, 5), 1447, 10, 17, "Shawwal"),
        (date(2026, 4, 26), 1447, 11, 9, "Dhu al-Qa'dah"),
        (date(2026, 2, 18), 1447, 9, 1, "Ramadan"),
        (date(2026, 3, 20), 1447, 10, 1, "Shawwal"),
        (date(2026, 8, 30), 1448, 3, 17, "Rabi' I"),
    ],
)
def test_the_checked_pairs_of_the_specification(gregorian, year, month, day, name):
    """C.4."""
    assert hijri(gregorian) == (year, month, day)
    assert month_name(month, "en") == name


def test_the_table_ends_are_days_and_beyond_them_is_nothing():
    assert hijri(date(1924, 7, 31)) is None
    assert hijri(date(1924, 8, 1)) == (1343, 1, 1)
    assert hijri(date(2077, 11, 16)) == (1500, 12, 30)
    assert hijri(date(2077, 11, 17)) is None


def test_month_names_are_complete_in_both_languages():
    assert month_name(9, "ar") == "رمضان"
    assert month_name(9, "ar-sa") == "رمضان"
    assert month_name(9, "fr") == "Ramadan"
    assert all(len(set(names)) == 12 for names in MONTHS.values())


def test_an_instant_must_first_become_a_day_of_the_municipality():
    with pytest.raises(TypeError, match="zone"):
        hijri(datetime(2026, 4, 26, 22))
