"""The outbox: retried when the server fails, never sent twice, silent on addresses."""

from datetime import timedelta
from smtplib import (
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

import pytest

from tests.factories import DURING, make_consultation
from tests.notifications.test_notices import SALEM, send_in
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.notifications import outbox
from wagtail_eparticipation.notifications.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def notice():
    send_in(make_consultation(), SALEM)
    return Notice.objects.get()


def test_a_server_that_is_down_is_tried_again_later(settings, notice):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert outbox.deliver_due(DURING).postponed == 1
    notice.refresh_from_db()
    assert notice.state == "queued"
    assert notice.due_at == DURING + outbox.FIRST_PAUSE
    assert notice.error == "ConnectionRefusedError"
    assert outbox.deliver_due(DURING) == outbox.Delivery()


def test_it_is_sent_once_the_server_is_back(mailbox, notice):
    mailbox.refuse[SALEM] = "451 Try later"
    assert outbox.deliver_due(DURING).postponed == 1
    mailbox.refuse.clear()
    later = DURING + outbox.FIRST_PAUSE
    assert outbox.deliver_due(later).sent == 1
    assert outbox.deliver_due(later + timedelta(days=1)) == outbox.Delivery()
    assert len(mailbox.messages) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.error) == ("sent", later, "")


def test_an_address_refused_for_good_is_not_tried_again(mailbox, notice):
    mailbox.refuse[SALEM] = "550 No such user"
    assert outbox.deliver_due(DURING).failed == 1
    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("failed", "SMTPRecipientsRefused 550")


def test_one_bad_address_does_not_hold_up_the_others(mailbox, notice):
    mailbox.refuse[SALEM] = "550 No such user"
    send_in(make_consultation(), "mary@people.example")
    done = outbox.deliver_due(DURING)
    assert (done.sent, done.failed) == (1, 1)


def test_after_the_last_attempt_it_has_failed(settings, notice):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    now = DURING
    for _attempt in range(outbox.ATTEMPTS):
        outbox.deliver_due(now)
        now += outbox.LONGEST_PAUSE
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("failed", outbox.ATTEMPTS)


def test_what_another_worker_has_claimed_is_passed_over(mailbox, notice):
    Notice.objects.update(state="sending", claimed_at=DURING)
    outbox.deliver_batch.enqueue([notice.pk])
    assert outbox.deliver_due(DURING + timedelta(minutes=59)) == outbox.Delivery()
    assert mailbox.messages == []


def test_the_claim_of_a_dead_worker_ends(mailbox, notice):
    Notice.objects.update(state="sending", claimed_at=DURING)
    assert outbox.deliver_due(DURING + timedelta(minutes=61)).sent == 1


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 5), (2, 10), (3, 20), (7, 320), (8, 360), (20, 360)]
)
def test_pauses_double_up_to_six_hours(attempts, minutes):
    assert outbox.pause_after(attempts) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("error", "said", "permanent"),
    [
        (
            SMTPRecipientsRefused({SALEM: (550, b"no salem@people.example")}),
            "SMTPRecipientsRefused 550",
            True,
        ),
        (
            SMTPRecipientsRefused({SALEM: (451, b"later")}),
            "SMTPRecipientsRefused 451",
            False,
        ),
        (SMTPDataError(554, b"to salem@people.example"), "SMTPDataError 554", False),
        (SMTPServerDisconnected("gone"), "SMTPServerDisconnected", False),
        (OSError(SALEM), "OSError", False),
    ],
)
def test_what_is_kept_of_a_failure_names_nobody(error, said, permanent):
    assert outbox.describe(error) == said
    assert outbox.is_permanent(error) == permanent


@pytest.mark.parametrize(
    ("written", "answered"),
    [("ar", "ar"), ("en", "en"), ("en-gb", "en"), ("ur", "ar"), ("", "ar")],
)
def test_people_are_answered_in_a_language_of_the_site(written, answered):
    assert outbox.notice_language(written) == answered


def test_a_failure_is_logged_without_the_address(mailbox, notice, caplog):
    mailbox.refuse[SALEM] = f"550 {SALEM} unknown"
    outbox.deliver_due(DURING)
    assert "550" in caplog.text
    assert SALEM not in caplog.text
