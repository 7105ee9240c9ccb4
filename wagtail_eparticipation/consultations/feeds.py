"""Atom and iCalendar of topics: dates and titles, never what citizens write."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from icalendar import Calendar, Event
from wagtail.models import Site

from wagtail_eparticipation.calendars.words import closing_words, period_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.models import AudienceMode, Consultation
from wagtail_eparticipation.consultations.timeline import planned_words

FEED_SIZE = 50
CALENDAR_SIZE = 500


def atom_feed(request, hub, entries: Iterable) -> HttpResponse:
    """The newest topics of a hub; ``entries`` are pages with their process.

    A topic by invitation is announced without its question (AC-S2-C1).
    """
    address = request.build_absolute_uri(hub.get_url(request))
    site = Site.find_for_request(request)
    feed = Atom1Feed(
        title=hub.title,
        link=address,
        description=hub.introduction,
        # An author is required, for the feed or for each entry (RFC 4287, 4.1.1).
        author_name=(site and site.site_name) or hub.title,
        language=hub.locale.language_code,
        feed_url=request.build_absolute_uri(),
        feed_guid=f"urn:uuid:{hub.translation_key}",
    )
    pages = list(entries)
    for page in pages:
        consultation = page.consultation
        invited = consultation.audience_mode == AudienceMode.INVITED
        window = getattr(consultation, "window", None)
        dates = window and period_words(window.opens_at, window.closes_at)
        parts = [str(consultation.stage().label), dates or ""]
        if not invited:
            parts = [page.question, *parts]
        feed.add_item(
            title=page.title,
            link=request.build_absolute_uri(page.get_url(request)),
            # Its type is HTML: readers fold plain line ends.
            description=format_html_join(
                "", "<p>{}</p>", ((part,) for part in parts if part)
            ),
            pubdate=page.first_published_at or consultation.stage_since,
            updateddate=_changed_at(page),
            unique_id=f"urn:uuid:{consultation.public_id}",
        )
    response = HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
    return limit_caching(response, [page.consultation for page in pages])


def _changed_at(page) -> datetime:
    instants = [page.last_published_at, page.consultation.stage_since]
    return max(instant for instant in instants if instant)


def calendar(request, name: str, pages: Iterable, filename: str) -> HttpResponse:
    """One iCalendar file with opening, closing and planned decision of each topic."""
    file = Calendar()
    file.add("prodid", "-//wagtail-eparticipation//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", name)
    listed = list(pages)
    for page in listed:
        for event in _events(request, page):
            file.add_component(event)
    response = HttpResponse(file.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return limit_caching(response, [page.consultation for page in listed])


def _events(request, page) -> Iterable[Event]:
    consultation: Consultation = page.consultation
    window = getattr(consultation, "window", None)
    address = request.build_absolute_uri(page.get_url(request))
    if window is not None:
        yield _event(
            page,
            "opens",
            _("Participation opens: %(title)s") % {"title": page.title},
            period_words(window.opens_at, window.closes_at),
            address,
            window.opens_at,
        )
        yield _event(
            page,
            "closes",
            _("Participation ends: %(title)s") % {"title": page.title},
            closing_words(window.closes_at),
            address,
            _last_instant(window.closes_at),
        )
    if planned_words(consultation, consultation.stage()):
        decision = _event(
            page,
            "decision",
            _("Decision planned: %(title)s") % {"title": page.title},
            page.decision_maker,
            address,
            None,
        )
        decision.add("dtstart", consultation.planned_decision_on)
        yield decision


def _last_instant(closes_at: datetime) -> datetime:
    """The closing, but an exclusive midnight belongs to the day that it ends."""
    at_midnight = closes_at.astimezone(municipal_zone()).time() == time()
    return closes_at - timedelta(minutes=1) if at_midnight else closes_at


def _event(page, kind: str, summary: str, text: str, url: str, at) -> Event:
    event = Event()
    event.add("uid", f"{page.consultation.public_id}-{kind}@eparticipation")
    event.add("dtstamp", _changed_at(page).astimezone(UTC))
    event.add("summary", summary)
    if text:
        event.add("description", f"{text}\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    if page.consultation.ended_as:
        event.add("status", "CANCELLED")
    if at is not None:
        event.add("dtstart", at.astimezone(UTC))
    return event
