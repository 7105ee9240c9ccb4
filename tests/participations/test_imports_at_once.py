"""Two files at once in one topic: the database may end one, which then comes in."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from tests.factories import make_consultation, make_user
from tests.participations.batches_made import forms, plan_of, prepared
from tests.together import at_once, real_connections
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import batch_course
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.deadlocks import (
    retried,
    was_ended_for_another,
)
from wagtail_eparticipation.participations.importing import ImportRow, import_rows
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db(transaction=True)

POSTS = 300


@pytest.fixture(autouse=True)
def connections_of_their_own(tmp_path):
    with real_connections(tmp_path):
        yield


def open_now():
    now = timezone.now()
    return make_consultation(
        opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=1)
    )


def test_the_same_posts_in_opposite_order_at_once_come_in_once():
    """Each waits for a row of the other: a deadlock, unless one is tried again."""
    consultation = open_now()
    clerk = make_user(superuser=True)
    made_at = timezone.now() - timedelta(days=1)

    def bring_in(batch, numbers):
        rows = [
            ImportRow(text=f"نص {n}", made_at=made_at, source_id=f"p{n}")
            for n in numbers
        ]
        return import_rows(
            consultation, rows, channel="social", actor=clerk, batch=batch
        )

    for turn in range(4):
        first = turn * POSTS
        numbers = range(first, first + POSTS)
        reports = at_once(
            lambda turn=turn, numbers=numbers: bring_in(f"a{turn}", numbers),
            lambda turn=turn, numbers=numbers: bring_in(f"b{turn}", numbers[::-1]),
        )
        assert [r for r in reports if isinstance(r, Exception)] == []
        assert sum(report.imported for report in reports) == POSTS
        assert sum(report.repeated for report in reports) == POSTS
    assert consultation.participations.count() == 4 * POSTS


def test_two_presses_on_one_import_make_one(settings, tmp_path):
    """The one that comes later is told; the figures are those of the register."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    consultation = open_now()
    clerk = make_user(superuser=True)
    day = f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"
    batch = prepared(consultation, forms(700, day=day), actor=clerk, channel="social")
    plan = plan_of(batch)

    def press():
        own = ImportBatch.objects.get(pk=batch.pk)
        return batch_course.carry_out(own, plan, actor=clerk)

    told = at_once(press, press, press)
    refused = [each for each in told if isinstance(each, batch_course.ImportRefused)]
    assert len(refused) == 2
    batch.refresh_from_db()
    assert (batch.state, batch.imported, batch.repeated) == ("imported", 700, 0)
    assert consultation.participations.count() == 700
    assert LedgerEvent.objects.filter(kind="import.finished").count() == 1


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer and no deadlocks"
)
def test_a_real_deadlock_is_known_as_one_and_tried_again():
    consultation = open_now()
    made_at = timezone.now()
    pair = [
        Participation.objects.create(
            consultation=consultation,
            tool="comment",
            language="ar",
            publication="not_published",
            consent="none",
            made_at=made_at,
            received_at=made_at,
            idempotency_key=f"{number:064}",
            receipt_hash=f"{number:064}",
        ).pk
        for number in range(2)
    ]
    met = threading.Barrier(2)
    ended, attempts = [], []

    def lock(first, second):
        attempts.append(first)
        try:
            with transaction.atomic():
                Participation.objects.filter(pk=first).update(title=f"{first}")
                if len(attempts) <= 2:
                    met.wait(timeout=20)
                Participation.objects.filter(pk=second).update(title=f"{first}")
        except OperationalError as error:
            ended.append(was_ended_for_another(error))
            raise
        return first

    results = at_once(
        lambda: retried(lambda: lock(*pair)),
        lambda: retried(lambda: lock(*pair[::-1])),
    )
    assert sorted(results) == sorted(pair)
    assert ended == [True]


def test_other_errors_of_the_database_are_not_tried_again():
    attempts = []

    def broken():
        attempts.append(1)
        raise OperationalError("disk full")

    with pytest.raises(OperationalError, match="disk full"):
        retried(broken)
    assert len(attempts) == 1


def test_inside_a_transaction_of_the_caller_nothing_is_tried_again():
    attempts = []

    def ended():
        attempts.append(1)
        raise OperationalError(1213, "Deadlock found")

    with pytest.raises(OperationalError), transaction.atomic():
        retried(ended)
    assert len(attempts) == 1
