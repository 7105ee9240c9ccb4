"""Acts, submits and the periodic job at the same moment, on real locks."""

import threading
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from tests.consultations.makers import (
    because,
    make_authoriser,
    make_requester,
    make_topic,
)
from tests.together import at_once, real_connections
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.lifecycle import ensure_consultation
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.tick import tick
from wagtail_eparticipation.consultations.windows import hold_shared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def locks(tmp_path):
    with real_connections(tmp_path):
        yield


def make_open_topic():
    now = timezone.now()
    return make_topic(
        opens_at=now - timedelta(days=10), closes_at=now + timedelta(days=10)
    )


def requested(topic, name, **parameters):
    return acts.request(
        topic, name, actor=make_requester(), reason=because(name), **parameters
    )


def test_of_two_people_who_authorise_at_once_one_does_it():
    topic = make_open_topic()
    act = requested(topic, "close_early", urgent=True)
    people = [make_authoriser(), make_authoriser()]
    outcomes = at_once(
        *(lambda person=person: acts.authorise(act, actor=person) for person in people)
    )
    refused = [each for each in outcomes if isinstance(each, acts.IllegalTransition)]
    assert len(refused) == 1, outcomes
    assert topic.periods.count() == 2
    assert topic.ledger_events.filter(kind="act.close_early").count() == 1


def test_of_two_equal_requests_at_once_one_is_kept():
    topic = make_open_topic()
    outcomes = at_once(
        *(lambda: requested(topic, "withdraw"), lambda: requested(topic, "withdraw"))
    )
    assert sum(isinstance(each, acts.ActRefused) for each in outcomes) == 1, outcomes
    assert topic.acts.filter(state=Act.State.REQUESTED).count() == 1


def test_extending_and_closing_early_at_once_follow_one_another():
    topic = make_open_topic()
    later = topic.window.closes_at + timedelta(days=5)
    early = requested(topic, "close_early")
    extension = requested(topic, "extend", closes_at=later)
    authoriser = make_authoriser()
    outcomes = at_once(
        lambda: acts.authorise(extension, actor=authoriser),
        lambda: acts.authorise(early, actor=authoriser),
    )
    assert all(isinstance(each, Act) for each in outcomes), outcomes
    periods = list(topic.periods.order_by("number"))
    assert [period.number for period in periods] == [1, 2, 3]
    topic = Consultation.objects.get(pk=topic.pk)
    assert topic.window.period == periods[-1]
    assert topic.window.closes_at == periods[-1].closes_at


def test_closing_early_waits_for_a_submit_under_way_and_comes_after_it():
    topic = make_open_topic()
    act = requested(topic, "close_early", urgent=True)
    authoriser = make_authoriser()
    held, closing = threading.Event(), threading.Event()
    seen = {}

    def submit():
        with transaction.atomic():
            window = hold_shared(topic)
            held.set()
            closing.wait(timeout=10)
            # The act is at the window by now and has to wait for this transaction.
            threading.Event().wait(0.5)
            seen["submit"] = clock.database_now()
            seen["closes_at"] = window.closes_at

    def close():
        held.wait(timeout=10)
        closing.set()
        return acts.authorise(act, actor=authoriser)

    outcomes = at_once(submit, close)
    assert isinstance(outcomes[1], Act), outcomes
    window = Consultation.objects.get(pk=topic.pk).window
    assert seen["submit"] < window.closes_at < seen["closes_at"]


def test_two_jobs_at_once_note_each_change_once():
    now = timezone.now()
    topics = [
        make_topic(opens_at=now - timedelta(days=20), closes_at=now - timedelta(days=1))
        for _number in range(3)
    ]
    outcomes = at_once(tick, tick)
    assert all(isinstance(each, list) for each in outcomes), outcomes
    tick()
    for topic in topics:
        kinds = topic.ledger_events.filter(kind__startswith="stage.").order_by("id")
        assert [event.kind for event in kinds] == ["stage.opened", "stage.closed"]
        assert topic.snapshots.count() == 1


def test_topics_begun_at_once_get_numbers_of_their_own():
    pages = [SimpleNamespace(translation_key=uuid4()) for _number in range(6)]
    outcomes = at_once(*(lambda page=page: ensure_consultation(page) for page in pages))
    assert all(isinstance(each, Consultation) for each in outcomes), outcomes
    year = timezone.now().astimezone().year
    assert sorted(each.reference for each in outcomes) == [
        f"{year}-{number:03}" for number in range(1, 7)
    ]


def test_two_languages_saved_at_once_share_one_process():
    key = uuid4()
    outcomes = at_once(
        *(
            lambda: ensure_consultation(SimpleNamespace(translation_key=key))
            for _number in range(4)
        )
    )
    assert len({each.pk for each in outcomes}) == 1, outcomes
