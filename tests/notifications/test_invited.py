"""Mails to invited people over a real mail server: bounces, new dates, retries."""

import re
from datetime import timedelta

import pytest

from tests.factories import CLOSES, DURING
from tests.factories_pages import make_consultation_page
from tests.participations.inviting import (
    by_invitation,
    csv_of,
    invite,
    make_editor,
)
from wagtail_eparticipation import signals
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import CollectionWindow, Period
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import deliver_due
from wagtail_eparticipation.participations import invitation_acts, invitees
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db

SALEM, MARY = "salem@people.example", "mary@people.example"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def editor():
    return make_editor()


@pytest.fixture
def topic(editor):
    page = make_consultation_page(policy_version=install_pack("qassim")[0])
    page = by_invitation(page)
    people = csv_of(("سالم", SALEM, "", "ar"), ("Mary", MARY, "", "en"))
    invite(page, people, editor)
    return page.consultation


def send(topic, editor, after_commit):
    with after_commit():
        return invitation_acts.send(topic, actor=editor)


def extend(topic, after_commit, closes_at=CLOSES + timedelta(days=7)):
    period = Period.objects.create(
        consultation=topic,
        number=topic.periods.count() + 1,
        opens_at=topic.window.opens_at,
        closes_at=closes_at,
        origin="extension",
        recorded_at=DURING,
    )
    CollectionWindow.objects.update(period=period, closes_at=closes_at)
    window = CollectionWindow.objects.get()
    for _twice in range(2):
        with after_commit():
            signals.period_changed.send(
                sender=None,
                consultation=topic,
                window=window,
                previous=(window.opens_at, CLOSES),
                now=DURING,
            )


def test_an_address_that_the_server_refuses_counts_as_not_delivered(
    mailbox, topic, editor, after_commit
):
    mailbox.refuse[SALEM] = "550 no such user"
    send(topic, editor, after_commit)
    refused, sent = Invitation.objects.order_by("pk")
    assert (refused.undelivered_at, refused.sent_at) == (DURING, None)
    assert (sent.undelivered_at, sent.sent_at) == (None, DURING)
    assert SALEM not in Notice.objects.get(state="failed").error


def test_while_the_server_is_busy_the_code_stays_sealed_and_is_sent_later(
    mailbox, topic, editor, after_commit
):
    mailbox.refuse[SALEM] = "451 try later"
    send(topic, editor, after_commit)
    row = Invitation.objects.select_related("key").order_by("pk")[0]
    code = invitees.opened(row).code
    assert code and row.sent_at is None
    mailbox.refuse.clear()
    deliver_due(DURING + timedelta(hours=1))
    (message,) = mailbox.to(SALEM)
    assert code in message.get_body().get_content()
    row = Invitation.objects.select_related("key").order_by("pk")[0]
    assert row.sent_at and not invitees.opened(row).code


def test_what_failed_in_the_end_waits_to_be_sent_again(
    mailbox, topic, editor, after_commit
):
    mailbox.refuse[SALEM] = "451 try later"
    send(topic, editor, after_commit)
    at = DURING
    for _attempt in range(8):
        at += timedelta(hours=7)
        deliver_due(at)
    assert Notice.objects.get(state="failed").kind == Kind.INVITATION
    assert invitation_acts.waiting_for_mail(topic).count() == 1
    mailbox.refuse.clear()
    with rehearse(at):
        send(topic, editor, after_commit)
    assert len(mailbox.to(SALEM)) == 1 and len(mailbox.to(MARY)) == 1


def test_new_dates_are_told_once_to_all_who_were_sent_an_invitation(
    mailbox, topic, editor, after_commit
):
    send(topic, editor, after_commit)
    extend(topic, after_commit)
    arabic, english = mailbox.to(SALEM)[-1], mailbox.to(MARY)[-1]
    assert "تمديد" in arabic["Subject"]
    body = english.get_body().get_content()
    assert "More time" in english["Subject"] and "3 May" in body
    assert not re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-", body)
    assert len(mailbox.messages) == 4


def test_revoked_and_unsent_ones_hear_of_no_new_dates(
    mailbox, topic, editor, after_commit
):
    extend(topic, after_commit)
    assert mailbox.messages == []
    send(topic, editor, after_commit)
    invitation_acts.revoke(topic, SALEM, actor=editor)
    extend(topic, after_commit, CLOSES + timedelta(days=9))
    assert len(mailbox.to(SALEM)) == 1 and len(mailbox.to(MARY)) == 2


def test_a_message_of_a_revoked_invitation_is_dropped(
    mailbox, topic, editor, after_commit
):
    mailbox.refuse[SALEM] = "451 try later"
    send(topic, editor, after_commit)
    invitation_acts.revoke(topic, SALEM, actor=editor)
    mailbox.refuse.clear()
    deliver_due(DURING + timedelta(hours=1))
    assert mailbox.to(SALEM) == []
    assert Notice.objects.filter(state="dropped").count() == 1


def test_no_notice_holds_an_address_a_name_or_a_code(
    mailbox, topic, editor, after_commit
):
    codes = [
        invitees.opened(row).code for row in Invitation.objects.select_related("key")
    ]
    send(topic, editor, after_commit)
    written = str(list(Notice.objects.values()))
    for secret in (SALEM, MARY, "سالم", *codes):
        assert secret not in written
