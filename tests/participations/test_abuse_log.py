"""The log of misuse: little, without addresses, and gone after its time."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError

from tests.factories import DURING, make_consultation
from tests.together import at_once, real_connections
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import abuse_log
from wagtail_eparticipation.participations.abuse_log import (
    AbuseEvent,
    AbuseKey,
    forget,
    note,
)
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.policy.models import PolicyVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_counters():
    cache.clear()


def noted(rf, *, at=DURING, network="8.8.8.8", kind="limited", topic=None, times=1):
    request = rf.post("/", REMOTE_ADDR=network)
    with clock.rehearse(at):
        for _number in range(times):
            note(request, kind, "send", topic)


def test_a_flood_is_one_row_that_is_written_a_few_times(
    rf, django_assert_max_num_queries
):
    noted(rf)
    with django_assert_max_num_queries(70):
        noted(rf, times=1_000)
    (event,) = AbuseEvent.objects.all()
    assert event.count == 512


def test_networks_kinds_and_topics_stand_apart(rf):
    topic = make_consultation()
    noted(rf)
    noted(rf, network="8.8.4.4")
    noted(rf, kind="bad_token")
    noted(rf, topic=topic)
    assert AbuseEvent.objects.count() == 4
    assert AbuseEvent.objects.values("network").distinct().count() == 2


def test_the_next_hour_is_a_row_of_its_own_with_the_same_network(rf):
    noted(rf)
    noted(rf, at=DURING + timedelta(hours=1))
    first, second = AbuseEvent.objects.order_by("id")
    assert first.network == second.network


def test_the_networks_of_two_days_cannot_be_joined(rf):
    noted(rf)
    noted(rf, at=DURING + timedelta(days=1))
    first, second = AbuseEvent.objects.order_by("id")
    assert first.network != second.network


def test_the_day_is_over_and_its_key_is_gone(rf):
    noted(rf)
    forget(DURING)
    assert AbuseKey.objects.count() == 1
    forget(DURING + timedelta(days=1))
    assert not AbuseKey.objects.exists()
    assert AbuseEvent.objects.count() == 1


def test_nothing_of_the_sender_is_written(rf):
    request = rf.post(
        "/", REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Mozilla of somebody"
    )
    with clock.rehearse(DURING):
        note(request, "limited", "send")
    written = str(list(AbuseEvent.objects.values())) + str(
        list(AbuseKey.objects.values())
    )
    assert "203.0.113" not in written and "Mozilla" not in written


@pytest.mark.parametrize(
    ("age", "stays"),
    [
        (timedelta(days=14) - timedelta(seconds=1), True),
        (timedelta(days=14), True),
        (timedelta(days=14, seconds=1), False),
        (timedelta(days=400), False),
    ],
    ids=str,
)
@pytest.mark.parametrize("with_topic", [True, False])
def test_what_is_older_than_the_policy_says_vanishes(rf, age, stays, with_topic):
    topic = make_consultation(policy_version=install_pack("qassim")[0])
    noted(rf, topic=topic if with_topic else None)
    forget(DURING + age)
    assert AbuseEvent.objects.exists() is stays
    assert forget(DURING + age) == 0


def test_a_policy_that_keeps_it_longer_is_obeyed(rf):
    version = install_pack("qassim")[0]
    content = {**version.content, "version": "9"}
    rule = {**content["retention"]["abuse_log"], "amount": 30}
    content["retention"] = {**content["retention"], "abuse_log": rule}
    longer = PolicyVersion.objects.create(
        pack="qassim",
        version="9",
        content=content,
        checksum="0" * 64,
        effective_from=version.effective_from,
        installed_at=version.installed_at,
    )
    noted(rf, topic=make_consultation(policy_version=version))
    noted(rf, topic=make_consultation(policy_version=longer))
    assert forget(DURING + timedelta(days=20)) == 1
    assert forget(DURING + timedelta(days=31)) == 1


def test_many_rows_go_in_pieces(rf, monkeypatch):
    monkeypatch.setattr(abuse_log, "_AT_ONCE", 3)
    for number in range(8):
        noted(rf, network=f"8.8.8.{number}")
    assert forget(DURING + timedelta(days=30)) == 8


def test_a_log_that_cannot_be_written_stops_nobody(rf, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("full")

    monkeypatch.setattr(AbuseEvent.objects, "update_or_create", fail)
    noted(rf)
    assert not AbuseEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_from_one_network_are_one_row(rf, tmp_path):
    with real_connections(tmp_path):
        results = at_once(*[lambda: noted(rf) for _number in range(6)])
        assert not [each for each in results if each is not None]
        (event,) = AbuseEvent.objects.all()
        assert event.count in (1, 2, 4)
        assert AbuseKey.objects.count() == 1
