"""The birth of a process: number, policy, roles."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group

from tests.factories import OPENS, make_consultation
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.lifecycle import (
    DEFAULT_GROUPS,
    ensure_consultation,
    next_reference,
)
from wagtail_eparticipation.consultations.people import Role
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db


def begin():
    with clock.rehearse(OPENS):
        return ensure_consultation(SimpleNamespace(translation_key=uuid4()))


def test_numbers_are_counted_within_a_year():
    assert [begin().reference, begin().reference] == ["2026-001", "2026-002"]
    make_consultation(reference="2025-117")
    assert next_reference(2025) == "2025-118"
    assert next_reference(2027) == "2027-001"


@pytest.mark.parametrize(
    ("taken", "following"),
    [("2026-999", "2026-1000"), ("2026-1000", "2026-1001"), ("2026-x", "2026-001")],
)
def test_numbers_grow_beyond_three_digits_and_ignore_other_forms(taken, following):
    make_consultation(reference=taken)
    assert next_reference(2026) == following


def test_the_highest_number_counts_whatever_was_written_last():
    make_consultation(reference="2026-1000")
    make_consultation(reference="2026-014")
    assert next_reference(2026) == "2026-1001"


def test_a_topic_begins_with_the_policy_in_force_and_says_so_in_its_ledger():
    version, _is_new = install_pack("qassim")
    topic = begin()
    assert topic.policy_version == version
    assert topic.stored_stage == "draft"
    event = topic.ledger_events.get()
    assert (event.kind, event.data["reference"]) == (
        "consultation_created",
        topic.reference,
    )


def test_the_groups_of_setup_hold_the_roles_of_a_new_topic():
    for name in set(DEFAULT_GROUPS.values()):
        Group.objects.create(name=name)
    topic = begin()
    assert set(topic.roles.values_list("role", flat=True)) == set(Role)
    analyst = topic.roles.get(role=Role.ANALYST)
    assert analyst.group.name == "Analysts"


def test_without_the_groups_of_setup_no_role_is_held():
    assert not begin().roles.exists()
