"""A saved draft and the closing: read, reminded of, forgotten (AC-S3-F8)."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from tests.factories import CLOSES
from tests.participations.saving import begin, hidden, look, press, save
from tests.participations.sending import TEXT, ask, fill, send, token_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import CollectionWindow, Consultation
from wagtail_eparticipation.participations import abuse
from wagtail_eparticipation.participations.drafts import SavedDraft
from wagtail_eparticipation.participations.models import (
    Participation,
    PersonKey,
    State,
)

pytestmark = pytest.mark.django_db

LAST_MOMENT = CLOSES - timedelta(microseconds=1)
ADDRESS = "sara@people.example"


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (timedelta(0), 200),
        (timedelta(days=30) - timedelta(microseconds=1), 200),
        (timedelta(days=30), 410),
    ],
)
def test_after_the_closing_it_is_read_and_copied_for_30_days(
    client, page, after, status
):
    path = begin(client, page, at=LAST_MOMENT)
    shown = look(client, path, at=CLOSES + after)
    copied = look(client, f"{path}copy/", at=CLOSES + after)
    assert (shown.status_code, copied.status_code) == (status, status)
    if status == 200:
        html = shown.content.decode()
        assert TEXT in html
        assert (
            reverse(
                "eparticipation:send",
                args=["ar", page.consultation.public_id, "comment"],
            )
            not in html
        )
        assert TEXT in copied.content.decode("utf-8-sig")
        assert "attachment" in copied["Content-Disposition"]


def test_what_is_sent_after_the_closing_counts_no_more_than_any_form(client, page):
    path = begin(client, page, at=LAST_MOMENT)
    form = look(client, path, at=LAST_MOMENT)
    data = fill(token_of(form)) | {"draft": hidden(form, "draft")}
    send(client, page, data, at=CLOSES)
    assert Participation.objects.get().state == State.LATE
    assert not Participation.objects.counted().exists()


@pytest.mark.parametrize(
    ("asked", "saved", "status"),
    [
        (LAST_MOMENT, LAST_MOMENT, 302),
        (LAST_MOMENT, CLOSES, 302),
        (LAST_MOMENT, CLOSES + timedelta(days=8), 422),
    ],
)
def test_a_form_in_hand_at_the_closing_is_still_saved_for_reading(
    client, page, asked, saved, status
):
    token = token_of(ask(client, page, at=asked))
    response = save(client, page, {"token": token, "text": TEXT}, at=saved)
    assert response.status_code == status
    assert SavedDraft.objects.exists() == (status == 302)


def test_the_job_deletes_what_has_expired(client, page):
    path = begin(client, page)
    press(client, f"{path}mail/", {"email": ADDRESS, "remind": "on"})
    for after, left in (
        (timedelta(days=30) - timedelta(seconds=1), 1),
        (timedelta(days=30), 0),
    ):
        with clock.rehearse(CLOSES + after):
            call_command("eparticipation_tick", stdout=io.StringIO())
        assert SavedDraft.objects.count() == left
    assert not PersonKey.objects.exists()


def test_when_the_topic_is_formally_closed_it_can_still_be_read(client, page):
    path = begin(client, page)
    Consultation.objects.update(stored_stage="closed")
    assert TEXT in look(client, path, at=CLOSES + timedelta(days=2)).content.decode()


# The mail and the reminder


def test_the_link_is_mailed_and_the_address_not_kept(client, page):
    path = begin(client, page)
    response = press(client, f"{path}mail/", {"email": ADDRESS})
    assert response.status_code == 200
    (message,) = mail.outbox
    assert f"http://testserver{path}" in message.body
    assert TEXT not in message.body
    assert SavedDraft.objects.get().key is None and not PersonKey.objects.exists()


@pytest.mark.parametrize("email", ["", "nonsense", "a@b.example\nBcc: c@d.example"])
def test_a_wrong_address_is_explained(client, page, email):
    path = begin(client, page)
    assert press(client, f"{path}mail/", {"email": email}).status_code == 422
    assert not mail.outbox


def test_mails_to_addresses_are_limited(client, page, monkeypatch):
    limit = abuse.Limit("address", 1, 600)
    monkeypatch.setattr(abuse, "WRITING_TO_ADDRESSES", limit)
    path = begin(client, page)
    press(client, f"{path}mail/", {"email": ADDRESS})
    assert press(client, f"{path}mail/", {"email": ADDRESS}).status_code == 429


def tick(at, capture):
    with clock.rehearse(at), capture(execute=True):
        call_command("eparticipation_tick", stdout=io.StringIO())
    return [each for each in mail.outbox if "لم تُرسل بعد" in each.subject]


def asked_for_reminder(client, page):
    path = begin(client, page)
    press(client, f"{path}mail/", {"email": ADDRESS, "remind": "on"})
    return path


def test_a_reminder_comes_once_24_hours_before_the_closing(
    client, page, django_capture_on_commit_callbacks
):
    capture = django_capture_on_commit_callbacks
    path = asked_for_reminder(client, page)
    early = CLOSES - timedelta(hours=24, seconds=1)
    assert not tick(early, capture)
    assert len(tick(CLOSES - timedelta(hours=24), capture)) == 1
    (message,) = tick(CLOSES - timedelta(hours=2), capture)
    token = path.rstrip("/").rpartition("/")[2]
    assert message.to == [ADDRESS] and token not in message.body
    assert ADDRESS.encode() not in bytes(SavedDraft.objects.get().address)


def test_an_extension_moves_the_reminder_to_the_new_closing(
    client, page, django_capture_on_commit_callbacks
):
    capture = django_capture_on_commit_callbacks
    asked_for_reminder(client, page)
    later = CLOSES + timedelta(days=7)
    CollectionWindow.objects.update(closes_at=later)
    assert not tick(CLOSES - timedelta(hours=23), capture)
    assert len(tick(later - timedelta(hours=23), capture)) == 1


def test_whoever_has_sent_or_deleted_it_is_not_reminded(
    client, page, django_capture_on_commit_callbacks
):
    path = asked_for_reminder(client, page)
    assert press(client, f"{path}delete/").status_code == 200
    assert not PersonKey.objects.exists()
    reminders = tick(CLOSES - timedelta(hours=2), django_capture_on_commit_callbacks)
    assert not reminders


def test_opening_the_address_of_deletion_deletes_nothing(client, page):
    path = begin(client, page)
    look(client, f"{path}delete/")
    look(client, f"{path}mail/")
    assert SavedDraft.objects.exists()
