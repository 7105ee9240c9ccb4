"""Dates as people read them, in text and in templates."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils.html import strip_tags
from django.utils.translation import override

from wagtail_eparticipation.calendars import words

#: 27 April 2026 00:00 in Riyadh, the exclusive end of the 26th.
MIDNIGHT = datetime(2026, 4, 26, 21, tzinfo=UTC)
AFTERNOON = datetime(2026, 4, 26, 11, tzinfo=UTC)
OPENING = datetime(2026, 4, 5, 5, tzinfo=UTC)


def render(source, language="en", **values):
    with override(language):
        template = Template("{% load eparticipation_dates %}" + source)
        return template.render(Context(values))


def test_a_closing_at_midnight_is_said_as_the_end_of_the_day_before():
    """AC-S1-A3."""
    assert words.closing_words(MIDNIGHT, "en") == (
        "until the end of Sunday 26 April 2026 – 9 Dhu al-Qa'dah 1447 "
        "(23:59, Riyadh time)"
    )


def test_the_same_closing_in_arabic():
    said = words.closing_words(MIDNIGHT, "ar")
    assert said == (
        "حتى نهاية يوم الأحد 26 إبريل 2026 – 9 ذو القعدة 1447 "
        "(الساعة 23:59 بتوقيت الرياض)"
    )


def test_a_closing_by_day_names_the_clock_time():
    assert words.closing_words(AFTERNOON, "en") == (
        "until Sunday 26 April 2026 – 9 Dhu al-Qa'dah 1447, 14:00 (Riyadh time)"
    )


def test_one_microsecond_after_midnight_is_not_the_end_of_the_day_before():
    late = MIDNIGHT.replace(microsecond=1)
    assert "Monday 27 April" in words.closing_words(late, "en")


def test_a_date_chosen_as_closing_is_stored_as_the_next_midnight():
    """AC-S1-A3."""
    assert words.day_end(date(2026, 4, 26)) == MIDNIGHT


def test_instants_are_read_in_the_municipality_s_zone():
    assert words.date_words(MIDNIGHT, "en").startswith("Monday 27 April 2026")
    berlin = words.instant_words(AFTERNOON, "en", ZoneInfo("Europe/Berlin"))
    assert berlin.endswith("13:00 (Berlin time)")


def test_arabic_dates_use_western_digits_and_arabic_months():
    assert words.date_words(date(2026, 3, 20), "ar") == (
        "الجمعة 20 مارس 2026 – 1 شوال 1447"
    )


def test_outside_the_table_only_the_gregorian_date_is_said():
    assert words.date_words(date(2090, 1, 1), "en") == "Sunday 1 January 2090"


def test_the_active_language_speaks_when_none_is_asked_for():
    with override("ar"):
        assert "إبريل" in words.date_words(date(2026, 4, 5))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% both_dates value %}", words.date_words),
        ("{% both_datetimes value %}", words.instant_words),
        ("{% closing_instant value %}", words.closing_words),
    ],
)
@pytest.mark.parametrize("value", [MIDNIGHT, AFTERNOON])
def test_templates_say_the_same_as_mails(source, text, value, language):
    html = render(source, language, value=value)
    plain = strip_tags(html).replace("&#x27;", "'")
    assert plain == text(value, language)


def test_a_period_names_both_ends():
    html = render("{% period a b %}", a=OPENING, b=MIDNIGHT)
    plain = strip_tags(html).replace("&#x27;", "'")
    assert plain == words.period_words(OPENING, MIDNIGHT, "en")
    assert plain.startswith("from Sunday 5 April 2026 – 17 Shawwal 1447, 08:00")
    assert "until the end of Sunday 26 April 2026" in plain


def test_dates_are_marked_up_for_machines_and_isolated_for_bidi():
    html = render("{% both_dates value %}", value=date(2026, 4, 26))
    assert html == (
        '<time datetime="2026-04-26"><bdi>Sunday 26 April 2026</bdi> – '
        "<bdi>9 Dhu al-Qa&#x27;dah 1447</bdi></time>"
    )
    exact = render("{% closing_instant value %}", value=MIDNIGHT)
    assert 'datetime="2026-04-27T00:00:00+03:00"' in exact


@pytest.mark.parametrize(
    "source",
    [
        "{% both_dates v %}",
        "{% both_datetimes v %}",
        "{% closing_instant v %}",
        "{% period v v %}",
    ],
)
def test_nothing_is_said_about_an_empty_value(source):
    assert render(source, v=None) == ""
