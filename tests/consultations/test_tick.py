"""The periodic job: late, twice, and with a fault in one topic."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from tests.consultations.makers import (
    BEFORE_OPENING,
    OPEN,
    because,
    by_two,
    make_requester,
    make_topic,
)
from tests.factories import CLOSES, OPENS
from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.tick import TickFailed, due, tick
from wagtail_eparticipation.ledger.chain import verify

pytestmark = pytest.mark.django_db

INSTANT = timedelta(microseconds=1)


def noted(topic):
    events = topic.ledger_events.filter(kind__startswith="stage.").order_by("id")
    return [event.kind.removeprefix("stage.") for event in events]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - INSTANT, []),
        (OPENS, ["opened"]),
        (CLOSES - INSTANT, ["opened"]),
        (CLOSES, ["opened", "closed"]),
        (CLOSES + timedelta(days=90), ["opened", "closed"]),
    ],
)
def test_what_is_due_is_noted_to_the_instant(now, expected):
    topic = make_topic()
    with clock.rehearse(now):
        tick()
    assert noted(topic) == expected


def test_running_twice_notes_nothing_again():
    topic = make_topic()
    with clock.rehearse(CLOSES):
        tick()
        assert tick() == []
    assert noted(topic) == ["opened", "closed"]


def test_a_late_job_writes_when_it_was_due_and_when_it_was_written():
    topic, late = make_topic(), CLOSES + timedelta(hours=7)
    with clock.rehearse(late):
        tick()
    event = topic.ledger_events.get(kind="stage.closed")
    assert event.at == CLOSES
    assert event.data["noted_at"].startswith(late.isoformat()[:19])


def test_an_extended_period_is_not_closed_at_its_old_end():
    topic = make_topic()
    later = CLOSES + timedelta(days=7)
    by_two(topic, "extend", OPEN, closes_at=later)
    with clock.rehearse(CLOSES):
        tick()
    assert noted(topic) == ["opened"]
    with clock.rehearse(later):
        tick()
    assert noted(topic) == ["opened", "closed"]


def test_a_withdrawn_topic_is_left_alone():
    topic = make_topic(Stored.WITHDRAWN)
    with clock.rehearse(CLOSES):
        assert due(CLOSES) == []
        tick()
    assert noted(topic) == []


def test_the_closing_has_its_snapshot_and_a_chained_ledger():
    topic = make_topic()
    with clock.rehearse(CLOSES):
        tick()
    assert topic.snapshots.get().closed_at == CLOSES
    assert not topic.ledger_events.filter(sequence__isnull=True).exists()
    assert verify(topic) == []


def test_requests_that_came_too_late_lapse():
    topic = make_topic()
    with clock.rehearse(OPEN):
        act = acts.request(
            topic,
            "close_early",
            actor=make_requester(),
            reason=because("close_early"),
        )
        tick()
        act.refresh_from_db()
        assert act.state == Act.State.REQUESTED
    with clock.rehearse(CLOSES):
        tick()
    act.refresh_from_db()
    assert act.state == Act.State.LAPSED
    assert topic.ledger_events.filter(kind="act_lapsed").exists()


def test_one_topics_fault_does_not_stop_the_others():
    faulty, sound = make_topic(), make_topic()

    def fail(consultation, **kwargs):
        if consultation.pk == faulty.pk:
            raise RuntimeError("disk full")

    signals.stage_changed.connect(fail)
    try:
        with clock.rehearse(OPENS), pytest.raises(TickFailed, match=faulty.reference):
            tick()
        with clock.rehearse(OPENS), pytest.raises(CommandError):
            call_command("eparticipation_tick")
    finally:
        signals.stage_changed.disconnect(fail)
    assert noted(sound) == ["opened"]
    assert noted(faulty) == []
    with clock.rehearse(OPENS):
        tick()
    assert noted(faulty) == ["opened"]


def test_a_topic_that_opens_later_waits():
    make_topic()
    with clock.rehearse(BEFORE_OPENING):
        assert due(BEFORE_OPENING) == []
