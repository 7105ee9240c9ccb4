"""Every address of the moderators' desk, for everybody, by every method."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.moderation.makers import (
    make_department,
    make_limited_moderator,
    make_moderator,
    make_topic,
    make_waiting,
)
from wagtail_eparticipation.consultations.setup import GROUPS
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation.claims import Claim
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db

LISTS = (
    "moderation",
    "moderation_results",
    "moderation_proposals",
    "moderation_export",
    "moderation_export_xlsx",
)
ITEMS = (
    "moderation_review",
    "moderation_hold",
    "moderation_take_over",
    "moderation_assign",
    "moderation_next",
)
BULK = (
    "eparticipation_publish",
    "eparticipation_keep_unpublished",
    "eparticipation_assign",
)
ADDRESSES = (*LISTS, *ITEMS, *BULK)
MODERATORS = "Participation moderators"
OUTSIDERS = ("anonymous", "citizen", *sorted(set(GROUPS) - {MODERATORS}))


def address_of(name, item):
    if name in BULK:
        kind = ["wagtail_eparticipation", "participation", name]
        return f"{reverse('wagtail_bulk_action', args=kind)}?id={item.pk}"
    arguments = [item.public_id] if name in ITEMS else []
    return reverse(f"eparticipation_admin:{name}", args=arguments)


def client_of(who):
    client = Client()
    if who == "anonymous":
        return client
    user = make_user(permissions=GROUPS.get(who, ()))
    if who == "citizen":
        user.user_permissions.clear()
    client.force_login(user)
    return client


def untouched(item):
    item.refresh_from_db()
    return (
        item.state == State.RECEIVED
        and not Claim.objects.exists()
        and not ModerationDecision.objects.exists()
        and not LedgerEvent.objects.exists()
    )


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_without_the_duty_gets_in_or_changes_anything(who, name):
    if "moderate_participation" in GROUPS.get(who, ()):
        pytest.skip("holds the duty")
    item = make_waiting()
    client, address = client_of(who), address_of(name, item)
    data = {
        "decide": "publish",
        "publish-state": item.state,
        "publish-revision": 1,
        "reason": "rule-7",
        "no_criticism": "on",
    }
    for send in (client.get, client.post, client.put, client.delete):
        assert send(address, data).status_code in (302, 403, 405)
    assert untouched(item)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_moderator_of_another_department_sees_and_changes_nothing(name):
    item = make_waiting(
        make_topic(department=make_department("النظافة")), text="نص القسم الآخر"
    )
    client = Client()
    client.force_login(make_limited_moderator(make_department()))
    address = address_of(name, item)
    for send in (client.get, client.post):
        response = send(address, {"decide": "publish", "publish-state": item.state})
        body = (
            b"".join(response.streaming_content)
            if response.streaming
            else response.content
        )
        assert "نص القسم الآخر" not in body.decode(errors="replace")
        assert item.number not in body.decode(errors="replace")
    assert untouched(item)


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("superuser", [False, True])
def test_those_with_the_duty_get_in(name, superuser):
    item = make_waiting()
    client = Client()
    user = make_user(superuser=True) if superuser else make_moderator()
    client.force_login(user)
    send = client.get
    if name in ("moderation_hold", "moderation_take_over", "moderation_assign"):
        send = client.post
    assert send(address_of(name, item)).status_code in (200, 302)


@pytest.mark.parametrize(
    "name", ["moderation_hold", "moderation_take_over", "moderation_assign"]
)
def test_what_changes_something_is_not_done_by_following_a_link(name):
    item = make_waiting()
    client = Client()
    client.force_login(make_moderator())
    assert client.get(address_of(name, item)).status_code == 405
    assert untouched(item)
