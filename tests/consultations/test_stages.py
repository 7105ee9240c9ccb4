"""Every act from every stage, for the right person and for the superuser (R-5.0a)."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction

from tests.consultations.makers import CODES, PLACES, because, make_topic
from tests.factories import CLOSES, OPENS, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.stages import (
    TRANSITIONS,
    Stage,
    Stored,
    next_change,
    stage_at,
)

#: While there are results, or will be, and they are not sealed (R-6.4.1c).
RESULTS = {"not_publish_results", "publish_results"}
#: What C.2 and C.3 allow, written out once more, by stage.
CHANNELS = {"close_channel", "open_channel"}
#: How participations are reviewed, while some may still come or wait.
MODE = {"change_moderation"}
ALLOWED = {
    Stage.DRAFT: {"approve", "cancel", "accelerate", "restrict_audience", *MODE},
    Stage.APPROVED: {
        "approve",
        "lapse",
        "publish",
        "cancel",
        "accelerate",
        "restrict_audience",
        "amend",
        *MODE,
    },
    Stage.FORTHCOMING: {
        "extend",
        "skip_collecting",
        "withdraw",
        "amend",
        *CHANNELS,
        *MODE,
    },
    Stage.COLLECTING: {
        "extend",
        "close_early",
        "withdraw",
        "amend",
        *CHANNELS,
        *RESULTS,
        *MODE,
    },
    Stage.ANALYSING: {
        "reopen",
        "skip_analysing",
        "withdraw",
        "decide",
        "amend",
        *RESULTS,
        *MODE,
    },
    Stage.DECIDED: {"announce", "withdraw", "amend", *RESULTS},
    Stage.ANNOUNCED: {"close", "amend", *RESULTS},
    Stage.WITHDRAWN: {"close", *RESULTS},
    Stage.CANCELLED: {"close"},
    Stage.CLOSED: {"archive", *RESULTS},
    Stage.ARCHIVED: set(),
}
ALL_DUTIES = [
    "view_consultation",
    "request_act",
    "authorise_act",
    "take_decision",
    "close_consultation",
]


def try_act(topic, name, actor):
    """Do or request an act; ``IllegalTransition`` comes through, gates do not."""
    dates = {"opens_at": OPENS, "closes_at": CLOSES + timedelta(days=9)}
    reason = because(name) if name in CODES else None
    try:
        if TRANSITIONS[name].two_people:
            return acts.request(
                topic, name, actor=actor, reason=reason, stage="collecting", **dates
            )
        return acts.perform(topic, name, actor=actor, reason=reason, **dates)
    except acts.ActRefused:
        return None


@pytest.mark.django_db
@pytest.mark.parametrize("superuser", [False, True], ids=["official", "superuser"])
@pytest.mark.parametrize("stage", list(Stage))
def test_only_the_allowed_acts_get_past_a_stage(stage, superuser):
    stored, now = PLACES[stage]
    topic = make_topic(stored)
    actor = make_user(permissions=ALL_DUTIES, superuser=superuser)
    passed = set()
    with clock.rehearse(now):
        assert topic.stage(now) == stage
        for name in TRANSITIONS:
            mark = transaction.savepoint()
            try:
                try_act(topic, name, actor)
                passed.add(name)
            except acts.IllegalTransition:
                held = Consultation.objects.get(pk=topic.pk)
                assert held.stored_stage == stored
                assert not Act.objects.filter(consultation=topic).exists()
            transaction.savepoint_rollback(mark)
            topic = Consultation.objects.get(pk=topic.pk)
    assert passed == ALLOWED[stage]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [n for n, s in TRANSITIONS.items() if s.two_people])
@pytest.mark.parametrize("stage", list(Stage))
def test_authorising_asks_for_the_stage_again(stage, name):
    """A request kept in the drawer does nothing at a stage that forbids the act."""
    stored, now = PLACES[stage]
    topic = make_topic(stored)
    act = Act.objects.create(
        consultation=topic,
        name=name,
        state=Act.State.REQUESTED,
        reason_code=CODES[name],
        reason=because(name).text,
        parameters={"stage": "collecting", "closes_at": CLOSES.isoformat()},
        requested_by=make_user(),
        requested_at=now,
    )
    root = make_user(superuser=True)
    before = topic.stored_stage
    with clock.rehearse(now):
        if name in ALLOWED[stage]:
            with suppress(acts.ActRefused):
                assert acts.authorise(act, actor=root).state == Act.State.DONE
            return
        with pytest.raises(acts.IllegalTransition):
            acts.authorise(act, actor=root)
    topic.refresh_from_db()
    assert topic.stored_stage == before


@pytest.mark.parametrize(
    ("seconds", "stage"),
    [(-1e-6, Stage.FORTHCOMING), (0, Stage.COLLECTING), (1e-6, Stage.COLLECTING)],
)
def test_the_instant_of_opening_is_inside(seconds, stage):
    now = OPENS + timedelta(seconds=seconds)
    assert stage_at(Stored.PUBLISHED, OPENS, CLOSES, now) == stage


@pytest.mark.parametrize(
    ("seconds", "stage"),
    [(-1e-6, Stage.COLLECTING), (0, Stage.ANALYSING), (1e-6, Stage.ANALYSING)],
)
def test_the_instant_of_closing_is_outside(seconds, stage):
    now = CLOSES + timedelta(seconds=seconds)
    assert stage_at(Stored.PUBLISHED, OPENS, CLOSES, now) == stage


@pytest.mark.parametrize("stored", [s for s in Stored if s != Stored.PUBLISHED])
def test_what_people_decided_does_not_depend_on_the_clock(stored):
    for now in (OPENS - timedelta(days=1), OPENS, CLOSES):
        assert stage_at(stored, OPENS, CLOSES, now) == stored
        assert next_change(stored, OPENS, CLOSES, now) is None


def test_the_next_change_is_the_opening_then_the_closing_then_none():
    assert next_change(Stored.PUBLISHED, OPENS, CLOSES, OPENS - timedelta(1)) == OPENS
    assert next_change(Stored.PUBLISHED, OPENS, CLOSES, OPENS) == CLOSES
    assert next_change(Stored.PUBLISHED, OPENS, CLOSES, CLOSES) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now", [OPENS - timedelta(1), OPENS, CLOSES - timedelta(microseconds=1), CLOSES]
)
def test_the_database_and_the_rule_agree_about_the_stage(now):
    topic = make_topic()
    for stage in Stage:
        found = Consultation.objects.at_stage(stage, now).filter(pk=topic.pk).exists()
        assert found == (topic.stage(now) == stage)
