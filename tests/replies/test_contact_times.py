"""Hours, holidays and the usual time of a reply in the contact block (R-6.5.1e)."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from tests.consultations.makers import make_topic
from tests.factories import DURING
from tests.factories_pages import make_consultation_page
from tests.replies.makers import ask, make_replier
from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.calendars.office_words import (
    holidays_words,
    hours_words,
    reply_words,
)
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.replies import answering, contact_times

WEEK = [[day, "08:00", "14:00"] for day in (0, 1, 2, 3, 6)]


def test_days_with_the_same_hours_are_one_line():
    with override("en"):
        lines = hours_words({"zone": "Asia/Riyadh", "hours": WEEK})
    assert lines == ["Sunday to Thursday, 08:00–14:00 (Riyadh time)"]


def test_a_day_with_two_stretches_has_two_lines():
    hours = [*WEEK, [5, "09:00", "11:00"], [5, "16:00", "18:00"]]
    with override("ar"):
        lines = hours_words({"zone": "Asia/Riyadh", "hours": hours})
    assert len(lines) == 3
    assert lines[1].startswith("السبت، 09:00–11:00")


def test_nothing_is_said_where_nothing_is_known():
    assert (hours_words({}), holidays_words({}), reply_words({})) == ([], [], "")


def test_a_holiday_of_one_day_has_one_date():
    one = {"first": "2026-09-23", "last": "2026-09-23", "name": {"en": "National Day"}}
    more = {**one, "last": "2026-09-24"}
    with override("en"):
        single, several = holidays_words({"holidays": [one, more]})
    assert single.startswith("National Day: Wednesday 23 September 2026")
    assert "to Thursday 24 September 2026" in several


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (59, "less than one working hour"),
        (60, "about 1 working hour"),
        (89, "about 1 working hour"),
        (91, "about 2 working hours"),
    ],
)
def test_the_usual_time_is_said_in_working_hours(minutes, words):
    with override("en"):
        assert reply_words({"reply_minutes": minutes}) == words


@pytest.mark.django_db
def test_hours_of_a_season_replace_the_usual_ones():
    rows = [
        {"weekday": 6, "starts": "08:00", "ends": "14:00", "from": None, "until": None},
        {
            "weekday": 6,
            "starts": "10:00",
            "ends": "15:00",
            "from": "2026-02-18",
            "until": "2026-03-19",
        },
    ]
    day = DURING.date()
    assert contact_times._hours(rows, day) == [[6, "08:00", "14:00"]]
    assert contact_times._hours(rows, day.replace(month=3)) == [[6, "10:00", "15:00"]]


def answered(topic, number):
    replier = make_replier()
    for each in range(number):
        with rehearse(DURING - timedelta(hours=3)):
            case = ask(topic, key=f"{topic.pk if topic else 0}-{each}").case
        with rehearse(DURING - timedelta(hours=1)):
            answering.answer(case, "نعم", actor=replier)


@pytest.mark.django_db
def test_the_contact_block_says_it_and_asks_no_question_more(
    client, django_assert_num_queries
):
    page = make_consultation_page(consultation=make_topic())
    with rehearse(DURING):
        client.get(page.url)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as before:
            client.get(page.url)
    ensure_default_calendar()
    answered(page.consultation, contact_times.ANSWERS_AT_LEAST)
    with rehearse(DURING):
        assert contact_times.refresh(DURING) == 1
        assert contact_times.refresh(DURING) == 0
        with django_assert_num_queries(len(before)):
            html = client.get(page.url).content.decode()
    assert "من الأحد إلى الخميس، 08:00–14:00" in html
    assert "نحو ساعتي عمل" in html


@pytest.mark.django_db
def test_too_few_answers_make_no_usual_time():
    ensure_default_calendar()
    topic = make_topic()
    answered(topic, contact_times.ANSWERS_AT_LEAST - 1)
    contact_times.refresh(DURING)
    topic.refresh_from_db()
    assert "reply_minutes" not in topic.contact_times


@pytest.mark.django_db
def test_a_topic_without_answers_of_its_own_says_that_of_all():
    ensure_default_calendar()
    topic, other = make_topic(), make_topic()
    answered(topic, 3)
    answered(None, 2)
    contact_times.refresh(DURING)
    other.refresh_from_db()
    assert other.contact_times["reply_minutes"] == 120
