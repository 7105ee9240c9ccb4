"""The frozen numbers: when, once, exact, checkable."""

from datetime import timedelta

import pytest

from tests.analysis.makers import make_participation
from tests.factories import AFTER, CLOSES, DURING, make_consultation
from wagtail_eparticipation import signals
from wagtail_eparticipation.analysis import snapshot
from wagtail_eparticipation.analysis.models import Snapshot
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import CollectionWindow
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.ledger.chain import head_of
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations.models import Channel, State

pytestmark = pytest.mark.django_db

CLOSING = Snapshot.Kind.CLOSING


def test_the_closing_snapshot_counts_both_languages_together():
    consultation = make_consultation()
    make_participation(consultation, language="ar")
    make_participation(consultation, language="en", channel=Channel.COUNTER)
    make_participation(consultation, state=State.REFUSED)
    last = make_participation(consultation, state=State.LATE)
    taken = snapshot.take(consultation, CLOSING, now=AFTER)
    assert taken.counted == 2
    assert taken.counts["rows"] == 4
    assert taken.counts["language"] == {"ar": 1, "en": 1}
    assert taken.counts["channel"] == {"portal": 1, "counter": 1}
    assert taken.counts["state"] == {"published": 2, "refused": 1, "late": 1}
    assert taken.last_participation == last


def test_every_breakdown_of_what_counts_adds_up_to_the_total():
    consultation = make_consultation()
    for number, state in enumerate(State):
        make_participation(
            consultation, state=state, language=("ar", "en", "ur")[number % 3]
        )
    counts = snapshot.count(consultation)
    for name in ("channel", "language", "tool", "capacity"):
        assert sum(counts[name].values()) == counts["counted"] == 4
    assert sum(counts["state"].values()) == counts["rows"] == len(State)


@pytest.mark.parametrize(
    ("instant", "refused"),
    [
        (CLOSES - timedelta(microseconds=1), True),
        (CLOSES, False),
        (CLOSES + timedelta(microseconds=1), False),
    ],
)
def test_the_closing_is_frozen_from_the_closing_instant_on(instant, refused):
    consultation = make_consultation()
    if refused:
        with pytest.raises(snapshot.TooEarly):
            snapshot.take(consultation, CLOSING, now=instant)
    else:
        assert snapshot.take(consultation, CLOSING, now=instant).closed_at == CLOSES


def test_a_closing_has_one_snapshot_however_often_it_is_asked_for():
    consultation = make_consultation()
    first = snapshot.take(consultation, CLOSING, now=AFTER)
    make_participation(consultation)
    again = snapshot.take(consultation, CLOSING, now=AFTER + timedelta(days=1))
    assert again == first
    assert again.counted == 0
    assert LedgerEvent.objects.filter(kind="snapshot_taken").count() == 1


def test_the_chain_has_caught_up_before_the_numbers_are_frozen():
    consultation = make_consultation()
    LedgerEvent.objects.create(consultation=consultation, kind="received", at=DURING)
    taken = snapshot.take(consultation, CLOSING, now=AFTER)
    assert taken.ledger_sequence == 1
    assert (taken.ledger_sequence, taken.ledger_hash) == head_of(consultation)


def test_a_changed_snapshot_is_found_out():
    taken = snapshot.take(make_consultation(), CLOSING, now=AFTER)
    taken.refresh_from_db()
    assert snapshot.is_intact(taken)
    taken.counts["counted"] = 7
    assert not snapshot.is_intact(taken)


def test_reopening_gives_a_second_snapshot_and_keeps_the_first():
    consultation = make_consultation()
    first = snapshot.take(consultation, CLOSING, now=AFTER)
    later = CLOSES + timedelta(days=10)
    CollectionWindow.objects.filter(consultation=consultation).update(closes_at=later)
    second = snapshot.take(consultation, CLOSING, now=later)
    assert [first.number, second.number] == [1, 2]


def test_nothing_is_frozen_while_the_period_runs():
    consultation = make_consultation()
    with rehearse(DURING):
        assert snapshot.catch_up(consultation) is None
    assert not Snapshot.objects.exists()


def test_a_late_admission_makes_one_addendum_and_no_silent_change():
    consultation = make_consultation()
    late = make_participation(consultation, state=State.LATE)
    with rehearse(AFTER):
        closing = snapshot.catch_up(consultation)
        assert snapshot.catch_up(consultation) == closing
        late.state = State.RECEIVED
        late.save()
        addendum = snapshot.catch_up(consultation)
        assert snapshot.catch_up(consultation) == addendum
    closing.refresh_from_db()
    assert (closing.counted, addendum.counted) == (0, 1)
    assert addendum.kind == Snapshot.Kind.ADDENDUM
    assert addendum.number == 2


def test_moderating_after_closing_is_no_admission():
    consultation = make_consultation()
    waiting = make_participation(consultation, state=State.RECEIVED)
    with rehearse(AFTER):
        closing = snapshot.catch_up(consultation)
        waiting.state = State.REFUSED
        waiting.save()
        assert snapshot.catch_up(consultation) == closing


def test_an_offline_item_typed_in_after_closing_makes_an_addendum(
    django_capture_on_commit_callbacks,
):
    consultation = make_consultation()
    with rehearse(AFTER):
        snapshot.catch_up(consultation)
        with django_capture_on_commit_callbacks(execute=True):
            paper = make_participation(consultation, channel=Channel.PAPER)
            signals.participation_received.send(
                None, participation=paper, receipt_code="x", now=AFTER
            )
    assert [s.kind for s in consultation.snapshots.all()] == ["closing", "addendum"]


@pytest.mark.parametrize(
    ("stage_to", "kinds"),
    [
        (Stage.ANALYSING, ["closing"]),
        (Stage.DECIDED, ["decision"]),
        (Stage.ANNOUNCED, []),
        (Stage.COLLECTING, []),
    ],
)
def test_numbers_freeze_when_the_stage_changes(stage_to, kinds):
    consultation = make_consultation()
    with rehearse(AFTER):
        signals.stage_changed.send(
            None,
            consultation=consultation,
            stage_from=Stage.COLLECTING,
            stage_to=stage_to,
            now=AFTER,
        )
    assert [s.kind for s in consultation.snapshots.all()] == kinds


def test_a_withdrawn_topic_is_frozen_before_its_period_ends():
    consultation = make_consultation(stored="withdrawn")
    CollectionWindow.objects.filter(consultation=consultation).update(accepting=False)
    with rehearse(DURING):
        signals.stage_changed.send(
            None,
            consultation=consultation,
            stage_from=Stage.COLLECTING,
            stage_to=Stage.WITHDRAWN,
            now=DURING,
        )
    assert consultation.snapshots.count() == 1


def test_the_periodic_job_freezes_what_nobody_looked_at():
    consultation = make_consultation()
    make_consultation(stored="announced")
    with rehearse(AFTER):
        assert snapshot.freeze_due() == [f"{consultation.reference} frozen 1"]
        assert snapshot.freeze_due() == []
