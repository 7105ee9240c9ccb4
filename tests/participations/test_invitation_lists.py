"""Lists of people: read, tried, carried out, never twice (AC-S1-E2)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from tests.factories import CLOSES, DURING
from tests.participations.inviting import (
    by_invitation,
    csv_of,
    invite,
    make_editor,
    prepare,
    shop_owners,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import (
    forgetting,
    invitation_letters,
    inviting,
)
from wagtail_eparticipation.participations.invitation_files import ListPlan
from wagtail_eparticipation.participations.invitation_lists import InvitationList
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.inviting import InvitingRefused
from wagtail_eparticipation.participations.models import PersonKey
from wagtail_eparticipation.participations.table_files import UnreadableFile

pytestmark = pytest.mark.django_db

SALEM = "salem@people.example"


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def topic(page):
    return by_invitation(page)


@pytest.fixture
def editor():
    return make_editor()


def test_a_list_of_400_with_duplicates_and_errors_invites_390(topic, editor):
    people = [(f"شخص {n}", f"p{n}@people.example", "", "") for n in range(390)]
    people += [(f"مكرر {n}", f"P{n}@People.Example", "", "") for n in range(7)]
    people += [("خطأ", "nonsense", "", ""), ("خطأ", "a@b@c", "", ""), ("", "x", "", "")]
    waiting = prepare(topic, csv_of(*people), editor)
    plan = ListPlan({"name": "name", "email": "email"}, "ar")
    tried = inviting.rehearse(waiting, plan, actor=editor)
    assert not Invitation.objects.exists()
    assert (tried.invited, tried.failed, tried.rows) == (390, 10, 400)
    assert [number for number, _why in tried.errors] == list(range(392, 402))
    done = inviting.carry_out(waiting, plan, actor=editor)
    assert (done.invited, Invitation.objects.count()) == (390, 390)
    again = invite(topic, csv_of(*people), editor)
    assert (again.invited, again.repeated, Invitation.objects.count()) == (0, 390, 390)


def test_a_list_is_sealed_and_gone_once_it_is_carried_out(topic, editor):
    waiting = prepare(topic, csv_of(("سالم", SALEM, "", "")), editor)
    assert SALEM.encode() not in bytes(waiting.sealed)
    inviting.carry_out(waiting, ListPlan({"email": "email"}, "ar"), actor=editor)
    assert not InvitationList.objects.exists()
    assert PersonKey.objects.count() == 1
    with pytest.raises(InvitingRefused):
        inviting.carry_out(waiting, ListPlan({"email": "email"}, "ar"), actor=editor)


def test_a_cancelled_list_leaves_nothing(topic, editor):
    waiting = prepare(topic, csv_of(("سالم", SALEM, "", "")), editor)
    inviting.discard(waiting, actor=editor)
    assert not InvitationList.objects.exists()
    assert not PersonKey.objects.exists()
    assert not Invitation.objects.exists()


def test_a_list_that_nobody_carried_out_is_deleted_after_a_day(topic, editor):
    prepare(topic, csv_of(("سالم", SALEM, "", "")), editor)
    forgetting.forget(DURING + timedelta(days=1))
    assert InvitationList.objects.exists()
    assert forgetting.forget(DURING + timedelta(days=1, seconds=1))
    assert not InvitationList.objects.exists()
    assert not PersonKey.objects.exists()


def test_segment_and_language_are_read_by_their_names_in_any_language(topic, editor):
    segment = shop_owners()
    report = invite(
        topic,
        csv_of(
            ("أ", "a@people.example", "أصحاب المحال", "العربية"),
            ("b", "b@people.example", "shop owners", "English"),
            ("c", "c@people.example", "nobody", ""),
            ("d", "d@people.example", "", "fr"),
        ),
        editor,
    )
    rows = Invitation.objects.order_by("pk")
    assert [(row.segment, row.language) for row in rows] == [
        (segment, "ar"),
        (segment, "en"),
    ]
    assert [number for number, _why in report.errors] == [4, 5]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04", b"\xff\xfe\x00"])
def test_what_is_no_list_is_refused(topic, editor, content):
    with pytest.raises(UnreadableFile):
        prepare(topic, content, editor, "people.xlsx")
    with pytest.raises(UnreadableFile):
        prepare(topic, content, editor, "people.exe")


def test_hostile_names_are_words_and_nothing_else(topic, editor):
    rows = csv_of(
        ("\u202e<script>alert(1)</script>", "", "", ""),
        ("=HYPERLINK(1)\x00", "", "", ""),
        ("x" * 300, "", "", ""),
        ("", '"a@b.example\nBcc: c@d.example"', "", ""),
    )
    report = invite(topic, rows, editor)
    assert (report.by_letter, report.by_mail, report.failed) == (2, 0, 2)
    letters = invitation_letters.take_letters(topic.consultation, actor=editor)
    assert "\u202e" not in "".join(letter.name for letter in letters)
    assert "\x00" not in "".join(letter.name for letter in letters)


def test_an_address_is_invited_once_by_constraint(topic, editor):
    invite(topic, csv_of(("سالم", SALEM, "", "")), editor)
    known = Invitation.objects.get().contact_hash
    with pytest.raises(IntegrityError):
        Invitation.objects.create(
            consultation=topic.consultation,
            code_hash="x",
            contact_hash=known,
            language="ar",
            created_at=DURING,
        )


def test_a_public_topic_takes_no_invitations(page, editor):
    with pytest.raises(InvitingRefused):
        prepare(page, csv_of(("سالم", SALEM, "", "")), editor)


def test_nobody_is_invited_after_the_closing(topic, editor):
    with clock.rehearse(CLOSES), pytest.raises(InvitingRefused):
        prepare(topic, csv_of(("سالم", SALEM, "", "")), editor)
