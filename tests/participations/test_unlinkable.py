"""An answer cannot be joined to the invitation it was given with (AC-S1-E3).

Whole tables are compared, before and after a code is used: what a person with a dump
of the database could do.
"""

import re

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection

from tests.factories import DURING
from tests.participations.inviting import (
    by_invitation,
    code_in,
    csv_of,
    invite,
    make_editor,
    send_all,
    shop_owners,
    to,
)
from tests.participations.sending import take_part
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import invitation_letters
from wagtail_eparticipation.participations.invitation_lists import InvitationList
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db

PEOPLE = [f"person{number}@people.example" for number in range(6)]
#: Shared by everything of a topic, or by nothing in particular.
_COMMON = {"None", "True", "False", "", "0", "1", "ar", "[]", "{}", "b''"}


def dump():
    """Every row of every table of ours, as the database has it."""
    found = {}
    for model in apps.get_app_config("wagtail_eparticipation").get_models():
        name = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name}")
            found[model] = sorted(str(row) for row in cursor.fetchall())
    return found


def values_of(*models):
    """All values that rows of these tables hold and that say something alone."""
    found = set()
    for model in models:
        keys = {field.attname for field in model._meta.fields if field.is_relation}
        for row in model.objects.values():
            found |= {
                str(bytes(value) if isinstance(value, memoryview) else value)
                for name, value in row.items()
                if name not in keys and name != "id"
            }
    return found - _COMMON


@pytest.fixture
def topic(page, django_capture_on_commit_callbacks):
    page = by_invitation(page)
    editor = make_editor()
    with clock.rehearse(DURING):
        people = [("", each, shop_owners().name, "") for each in PEOPLE]
        invite(page, csv_of(*people, ("نورة", "", "", "")), editor)
        page.letters = invitation_letters.take_letters(page.consultation, actor=editor)
        send_all(page, editor, lambda: django_capture_on_commit_callbacks(execute=True))
        yield page


def test_using_a_code_changes_nothing_but_the_register(
    client, topic, django_capture_on_commit_callbacks
):
    code = code_in(to(PEOPLE[3])[0])
    before = dump()
    with django_capture_on_commit_callbacks(execute=True):
        take_part(client, topic, invitation=code, email=PEOPLE[3], name="سارة")
    after = dump()
    changed = {model.__name__ for model in before if before[model] != after[model]}
    assert changed == {
        "Participation",
        "Identity",
        "PersonKey",
        "LedgerEvent",
        "Notice",
    }
    for model, rows in before.items():
        # What was there before is there unchanged: rows were added only.
        assert set(rows) <= set(after[model])


def test_no_value_is_shared_by_invitations_and_answers(client, topic):
    """The person even leaves the address to which the invitation went."""
    for address in (PEOPLE[0], PEOPLE[3]):
        code = code_in(to(address)[0])
        take_part(client, topic, invitation=code, email=address, name="سارة")
    take_part(client, topic, invitation=topic.letters[0].code)
    invited = values_of(Invitation, InvitationList)
    participations = apps.get_app_config("wagtail_eparticipation")
    answered = values_of(
        *(
            participations.get_model(name)
            for name in ("Participation", "Identity", "ParticipationRevision")
        )
    )
    shared = invited & answered
    # All were sent, and all answered, at the one instant of this test.
    assert shared <= {str(DURING)}
    hashes = [value for value in shared if re.fullmatch(r"[0-9a-f]{32,}", value)]
    assert not hashes


def test_the_order_of_answers_is_not_that_of_the_invitations(client, topic):
    order = [4, 1, 5]
    for position in order:
        take_part(client, topic, invitation=code_in(to(PEOPLE[position])[0]))
    rows = Participation.objects.order_by("pk")
    assert len({row.segment_id for row in rows}) == 1
    assert len({row.invited_key for row in rows}) == 3
    untouched = Invitation.objects.filter(is_group=False).order_by("pk")
    assert len(untouched) == len(PEOPLE) + 1
    assert {row.sent_at for row in untouched} == {DURING}


def test_once_sent_not_even_the_keys_open_a_code(topic):
    """With the database and all secrets: the seal holds no code any more."""
    from wagtail_eparticipation.participations.invitees import opened

    codes = {code_in(message) for message in mail.outbox}
    for row in Invitation.objects.select_related("key"):
        invitee = opened(row)
        assert invitee is None or not invitee.code
        assert not any(code in str(row.__dict__) for code in codes)
