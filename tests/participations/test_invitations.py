"""Invitations: listed, sent, reminded, printed, revoked, counted (R-5.1.3c, S1-E)."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from tests.factories import AFTER, CLOSES, DURING, OPENS, make_user
from tests.participations.inviting import (
    by_invitation,
    code_in,
    csv_of,
    invite,
    make_editor,
    make_invited,
    send_all,
    shop_owners,
    to,
)
from tests.participations.sending import take_part
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import (
    invitation_acts,
    invitation_letters,
    invitees,
    inviting,
)
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.inviting import InvitingRefused
from wagtail_eparticipation.participations.models import Participation, PersonKey

pytestmark = pytest.mark.django_db

SALEM, MARY = "salem@people.example", "mary@people.example"
BEFORE = OPENS - timedelta(days=1)


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def topic(page):
    return by_invitation(page)


@pytest.fixture
def editor():
    return make_editor()


# Messages


def test_the_code_arrives_and_is_forgotten(client, topic, editor, after_commit):
    invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
    (row,) = Invitation.objects.select_related("key")
    old = (row.key_id, bytes(row.sealed))
    assert invitees.opened(row).code
    assert send_all(topic, editor, after_commit) == 1
    (message,) = to(SALEM)
    row = Invitation.objects.select_related("key").get()
    assert row.sent_at == DURING
    assert invitees.opened(row) == invitees.Invitee("سالم", SALEM, "")
    assert not PersonKey.objects.filter(pk=old[0]).exists()
    assert bytes(row.sealed) != old[1]
    assert row.number in message.body
    response = take_part(client, topic, invitation=code_in(message))
    assert response.status_code == 302
    assert Participation.objects.get().is_counted


def test_each_is_written_to_in_their_language_and_once(topic, editor, after_commit):
    people = csv_of(("سالم", SALEM, "", "ar"), ("Mary", MARY, "", "en"))
    invite(topic, people, editor)
    send_all(topic, editor, after_commit)
    with pytest.raises(InvitingRefused):
        send_all(topic, editor, after_commit)
    (arabic,), (english,) = to(SALEM), to(MARY)
    assert "دعوة" in arabic.subject and "Invitation" in english.subject
    assert "/en/" in english.body
    assert len(mail.outbox) == 2


def test_a_reminder_goes_to_all_who_were_sent_one_and_not_too_often(
    client, topic, editor, after_commit
):
    invite(topic, csv_of(("سالم", SALEM, "", ""), ("Mary", MARY, "", "en")), editor)
    send_all(topic, editor, after_commit)
    take_part(client, topic, invitation=code_in(to(SALEM)[0]))
    with pytest.raises(InvitingRefused):
        invitation_acts.remind(topic.consultation, actor=editor)
    with clock.rehearse(DURING + timedelta(days=7)):
        with after_commit():
            assert invitation_acts.remind(topic.consultation, actor=editor) == 2
        with pytest.raises(InvitingRefused):
            invitation_acts.remind(topic.consultation, actor=editor)
    reminder = to(SALEM)[-1]
    assert "تذكير" in reminder.subject
    assert code_in(to(SALEM)[0]) not in reminder.body
    assert len(to(SALEM)) == len(to(MARY)) == 2


def test_nobody_is_reminded_of_what_is_closed(topic, editor, after_commit):
    invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
    send_all(topic, editor, after_commit)
    with clock.rehearse(CLOSES + timedelta(days=1)), pytest.raises(InvitingRefused):
        invitation_acts.remind(topic.consultation, actor=editor)


def test_a_message_before_the_opening_says_when_it_opens(topic, editor, after_commit):
    with clock.rehearse(BEFORE):
        invite(topic, csv_of(("Mary", MARY, "", "en")), editor)
        send_all(topic, editor, after_commit)
    assert "Participation opens:" in to(MARY)[0].body


# Letters


def test_letters_give_their_codes_out_once(client, topic, editor):
    invite(topic, csv_of(("نورة، حي الريان", "", "", "")), editor)
    (letter,) = invitation_letters.take_letters(topic.consultation, actor=editor)
    row = Invitation.objects.get()
    assert (row.sent_at, row.key, bytes(row.sealed)) == (DURING, None, b"")
    assert not PersonKey.objects.exists()
    with pytest.raises(InvitingRefused):
        invitation_letters.take_letters(topic.consultation, actor=editor)
    assert take_part(client, topic, invitation=letter.code).status_code == 302


def test_the_same_name_is_not_invited_by_letter_twice(topic, editor):
    for _time in range(2):
        report = invite(topic, csv_of(("نورة", "", "", "")), editor)
    assert (report.invited, report.repeated) == (0, 1)


# Groups


def test_a_groups_code_is_shown_once_and_kept_as_hash(client, topic, editor):
    group, code = invitation_acts.make_group(
        topic.consultation,
        label="تجار السوق",
        uses_at_most=2,
        segment_id=shop_owners().pk,
        language="ar",
        actor=editor,
    )
    assert code not in str(Invitation.objects.values().get())
    answers = [
        take_part(client, topic, invitation=code, text=f"رأي {n}") for n in range(3)
    ]
    assert [each.status_code for each in answers] == [302, 302, 422]
    with pytest.raises(InvitingRefused):
        invitation_acts.make_group(
            topic.consultation,
            label="تجار السوق",
            uses_at_most=None,
            segment_id=None,
            language="ar",
            actor=editor,
        )


# Revoking, coming back


@pytest.mark.parametrize("by_address", [True, False])
def test_a_revoked_code_admits_nobody_and_its_contact_is_destroyed(
    client, topic, editor, after_commit, by_address
):
    invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
    send_all(topic, editor, after_commit)
    typed = " Salem@People.example" if by_address else Invitation.objects.get().number
    invitation_acts.revoke(topic.consultation, typed, actor=editor)
    assert not PersonKey.objects.exists()
    response = take_part(client, topic, invitation=code_in(to(SALEM)[0]))
    assert response.status_code == 422
    assert invite(topic, csv_of(("سالم", SALEM, "", "")), editor).repeated == 1


def test_before_the_opening_a_revoked_address_can_be_invited_anew(topic, editor):
    with clock.rehearse(BEFORE):
        invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
        invitation_acts.revoke(topic.consultation, SALEM, actor=editor)
        assert invite(topic, csv_of(("سالم", SALEM, "", "")), editor).invited == 1


def test_what_was_sent_before_a_revocation_stays_counted(
    client, topic, editor, after_commit
):
    invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
    send_all(topic, editor, after_commit)
    take_part(client, topic, invitation=code_in(to(SALEM)[0]))
    invitation_acts.revoke(topic.consultation, SALEM, actor=editor)
    assert topic.consultation.participations.counted().count() == 1


@pytest.mark.parametrize("typed", ["", "FFFFFFFF", "nobody@people.example", "'; --"])
def test_what_names_no_invitation_revokes_none(topic, editor, typed):
    make_invited(topic)
    with pytest.raises(InvitingRefused):
        invitation_acts.revoke(topic.consultation, typed, actor=editor)
    assert Invitation.objects.get().revoked_at is None


def test_an_invitation_of_another_topic_is_out_of_reach(topic, editor):
    from tests.factories_pages import make_consultation_page

    other = by_invitation(make_consultation_page())
    make_invited(other)
    number = Invitation.objects.get().number
    with pytest.raises(InvitingRefused):
        invitation_acts.revoke(topic.consultation, number, actor=editor)


def test_what_came_back_is_noted_and_written_to_no_more(topic, editor, after_commit):
    invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
    with pytest.raises(InvitingRefused):
        invitation_acts.note_undelivered(topic.consultation, SALEM, actor=editor)
    send_all(topic, editor, after_commit)
    invitation_acts.note_undelivered(topic.consultation, SALEM, actor=editor)
    with clock.rehearse(DURING + timedelta(days=8)), pytest.raises(InvitingRefused):
        invitation_acts.remind(topic.consultation, actor=editor)


# The record, and permissions


def test_the_ledger_keeps_numbers_and_never_whom(topic, editor, after_commit):
    invite(topic, csv_of(("سالم", SALEM, "", ""), ("نورة", "", "", "")), editor)
    send_all(topic, editor, after_commit)
    invitation_letters.take_letters(topic.consultation, actor=editor)
    invitation_acts.revoke(topic.consultation, SALEM, actor=editor)
    events = LedgerEvent.objects.filter(kind__startswith="invitation.")
    assert [event.kind for event in events.order_by("pk")] == [
        "invitation.listed",
        "invitation.sent",
        "invitation.printed",
        "invitation.revoked",
    ]
    row = Invitation.objects.order_by("pk").first()
    written = str([event.data for event in events])
    for secret in (SALEM, "سالم", "نورة", row.number, row.code_hash):
        assert secret not in written


@pytest.mark.parametrize(
    "act",
    [
        lambda c, user: invitation_acts.send(c, actor=user),
        lambda c, user: invitation_acts.remind(c, actor=user),
        lambda c, user: invitation_letters.take_letters(c, actor=user),
        lambda c, user: invitation_acts.revoke(c, "x", actor=user),
        lambda c, user: invitation_acts.note_undelivered(c, "x", actor=user),
        lambda c, user: inviting.prepare(c, io.BytesIO(b"a\n"), "a.csv", actor=user),
    ],
)
def test_each_act_asks_for_the_duty(topic, act):
    with pytest.raises(PermissionDenied):
        act(topic.consultation, make_user(permissions=["moderate_participation"]))


def test_after_the_formal_closing_contacts_are_destroyed_and_numbers_stay(
    topic, editor, after_commit
):
    invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
    send_all(topic, editor, after_commit)
    with clock.rehearse(AFTER):
        call_command("eparticipation_tick", stdout=io.StringIO())
        assert PersonKey.objects.exists()
        Consultation.objects.update(stored_stage="closed")
        call_command("eparticipation_tick", stdout=io.StringIO())
        call_command("eparticipation_tick", stdout=io.StringIO())
    row = Invitation.objects.get()
    assert not PersonKey.objects.exists()
    assert (row.contact_hash, row.has_contact, row.sent_at) == (None, False, DURING)
    kind = "invitation.contacts_destroyed"
    assert LedgerEvent.objects.filter(kind=kind).count() == 1
