"""What the receipt of something late says: the closing of then, to the second."""

from datetime import timedelta
from html import unescape

import pytest

from tests.factories import AFTER, CLOSES
from tests.participations import sending
from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import closing_words
from wagtail_eparticipation.consultations.models import Period
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.receipt_views import receipt_address

pytestmark = pytest.mark.django_db


def late_receipt(client, page, at, language, **fields):
    submission = door.Submission(tool="comment", language="ar", text="نص", **fields)
    with clock.rehearse(at):
        outcome = door.submit(page.consultation, submission)
        assert outcome.late
        address = receipt_address(outcome.receipt_code, language)
        return address, client.get(address).content.decode()


def prolong(page, origin):
    window = page.consultation.window
    window.closes_at = CLOSES + timedelta(days=7)
    window.period = Period.objects.create(
        consultation=page.consultation,
        number=2,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        origin=origin,
        recorded_at=AFTER,
    )
    window.save()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_second_too_late_is_said_in_seconds(client, page, language):
    at = CLOSES + timedelta(seconds=3)
    _address, shown = late_receipt(client, page, at, language)
    assert "14:00:00" in shown
    assert "14:00:03" in shown


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_hour_too_late_is_said_in_minutes(client, page, language):
    _address, shown = late_receipt(client, page, AFTER, language)
    assert "14:00 " in shown
    assert "15:00 " in shown
    assert "14:00:00 " not in shown


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_later_closing_does_not_change_why_it_was_late(client, page, language):
    address, before = late_receipt(client, page, AFTER, language)
    prolong(page, "reopening")
    with clock.rehearse(AFTER + timedelta(hours=1)):
        shown = client.get(address).content.decode()
    callout = shown.split("ep-callout__title", 1)[1].split("</div>", 1)[0]
    assert closing_words(CLOSES, language) in unescape(callout)
    assert callout == before.split("ep-callout__title", 1)[1].split("</div>", 1)[0]


@pytest.mark.parametrize(
    ("language", "told"),
    [("ar", "لم يكن باب المشاركة"), ("en", "had not begun when this was said")],
)
def test_what_was_made_too_early_is_not_said_to_be_after_the_end(
    client, page, language, told
):
    before = page.consultation.window.opens_at - timedelta(days=1)
    _address, shown = late_receipt(
        client, page, sending.DURING, language, channel="paper", made_at=before
    )
    assert told in shown


NOT_AGAIN = {
    "ar": "فلا حاجة إلى المشاركة من جديد",
    "en": "need not take part again",
}
ONCE_MORE = {"ar": "فشارك من جديد", "en": "take part again."}


def told_after(client, page, origin, sent_at, language):
    submission = door.Submission(tool="comment", language="ar", text="نص")
    with clock.rehearse(sent_at):
        code = door.submit(page.consultation, submission).receipt_code
    prolong(page, origin)
    with clock.rehearse(AFTER + timedelta(hours=1)):
        return client.get(receipt_address(code, language)).content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("origin", ["extension", "reopening"])
def test_who_was_in_time_need_not_take_part_again(client, page, origin, language):
    shown = told_after(client, page, origin, sending.DURING, language)
    assert NOT_AGAIN[language] in shown


@pytest.mark.parametrize("language", ["ar", "en"])
def test_who_was_late_is_told_to_take_part_again(client, page, language):
    shown = told_after(client, page, "reopening", AFTER, language)
    assert NOT_AGAIN[language] not in shown
    assert ONCE_MORE[language] in shown


def test_a_planned_change_is_no_extension(client, page):
    shown = told_after(client, page, "planned", sending.DURING, "en")
    assert NOT_AGAIN["en"] not in shown
