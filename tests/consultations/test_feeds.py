"""Atom and iCalendar: what others subscribe to."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from tests.consultations.makers import by_two, make_topic
from tests.factories import CLOSES, DURING, OPENS
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.stages import Stored

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def get(client, address, now=DURING):
    with clock.rehearse(now):
        response = client.get(address)
    assert response.status_code == 200
    return response


def entries(client, address):
    # Our own output, not something from outside.
    root = ElementTree.fromstring(get(client, address).content)  # noqa: S314
    return root.findall("a:entry", ATOM)


def events(client, address):
    calendar = Calendar.from_ical(get(client, address).content)
    return {
        str(event["UID"]).split("-")[-1]: event for event in calendar.walk("VEVENT")
    }


def test_the_feed_names_each_topic_once_in_the_hubs_language(client):
    page = make_consultation_page()
    for language, title in (
        ("ar", page.title),
        ("en", translation_of(page).title),
    ):
        (entry,) = entries(client, f"/{language}/participation/feed/")
        assert entry.findtext("a:title", namespaces=ATOM) == title
        link = entry.find("a:link", ATOM).get("href")
        assert link.startswith(f"http://testserver/{language}/")


def test_an_entry_keeps_its_id_in_every_language(client):
    page = make_consultation_page()
    ids = {
        entries(client, f"/{language}/participation/feed/")[0].findtext(
            "a:id", namespaces=ATOM
        )
        for language in ("ar", "en")
    }
    assert ids == {f"urn:uuid:{page.consultation.public_id}"}


def test_a_topic_by_invitation_is_announced_without_its_question(client):
    page = make_consultation_page(
        audience_mode="invited", consultation=make_topic(audience_mode="invited")
    )
    body = get(client, "/ar/participation/feed/").content.decode()
    assert page.title in body
    assert page.question not in body


def test_the_topics_dates_are_events(client):
    page = make_consultation_page()
    found = events(client, f"{page.url}dates/")
    assert found["opens@eparticipation"]["DTSTART"].dt == OPENS
    closing = found["closes@eparticipation"]["DTSTART"].dt
    assert closing == CLOSES


def test_a_closing_at_midnight_falls_on_the_day_that_it_ends(client):
    page = make_consultation_page(closes_at=datetime(2026, 4, 26, 21, tzinfo=UTC))
    closing = events(client, f"{page.url}dates/")["closes@eparticipation"]
    assert closing["DTSTART"].dt == datetime(2026, 4, 26, 20, 59, tzinfo=UTC)


def test_one_calendar_holds_all_topics(client):
    for _number in range(3):
        make_consultation_page()
    calendar = Calendar.from_ical(get(client, "/en/participation/calendar/").content)
    uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids)) == 6


def test_the_calendar_moves_with_the_period_in_force(client):
    page = make_consultation_page()
    window = page.consultation.window
    window.closes_at += timedelta(days=7)
    window.save()
    closing = events(client, f"{page.url}dates/")["closes@eparticipation"]
    assert closing["DTSTART"].dt == CLOSES + timedelta(days=7)


def test_a_withdrawn_topic_is_cancelled_in_calendars_and_plans_no_decision(client):
    page = make_consultation_page(
        consultation=make_topic(planned_decision_on=CLOSES.date())
    )
    assert "decision@eparticipation" in events(client, f"{page.url}dates/")
    by_two(page.consultation, "withdraw", DURING)
    found = events(client, f"{page.url}dates/")
    assert set(found) == {"opens@eparticipation", "closes@eparticipation"}
    assert {event["STATUS"] for event in found.values()} == {"CANCELLED"}


def test_a_decision_that_was_announced_is_not_planned_any_more(client):
    announced = make_topic(Stored.ANNOUNCED, planned_decision_on=CLOSES.date())
    page = make_consultation_page(consultation=announced)
    found = events(client, f"{page.url}dates/")
    assert "decision@eparticipation" not in found


def test_the_feed_has_an_author_as_its_format_requires(client):
    make_consultation_page()
    # Our own output, not something from outside.
    root = ElementTree.fromstring(  # noqa: S314
        get(client, "/ar/participation/feed/").content
    )
    assert root.findtext("a:author/a:name", namespaces=ATOM) == "Test"


def test_a_summary_that_is_called_html_is_html(client):
    page = make_consultation_page()
    page.question = "أ < ب"
    page.save()
    (entry,) = entries(client, "/ar/participation/feed/")
    summary = entry.find("a:summary", ATOM)
    assert summary.get("type") == "html"
    assert summary.text.startswith("<p>أ &lt; ب</p><p>")
    assert "\n" not in summary.text


@pytest.mark.parametrize("tail", ["feed/", "calendar/"])
def test_feeds_are_kept_until_the_next_change_and_set_no_cookie(tail, client):
    make_consultation_page()
    now = CLOSES - timedelta(seconds=20)
    response = get(client, f"/ar/participation/{tail}", now)
    assert response["Cache-Control"] == "public, max-age=20"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
