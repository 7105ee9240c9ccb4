"""Two people and many people at the same time, on a real database."""

import threading

import pytest
from django.db import connection, connections

from tests.discussion.makers import make_voice
from tests.moderation.makers import SIMPLE, make_moderator, make_topic, make_waiting
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.claims import assign, hold, take_over
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def several_connections():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("an in-memory SQLite database has one connection")


def at_once(*calls):
    """Run the calls in threads that start together; their results or exceptions."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        barrier.wait()
        try:
            results[place] = call()
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.parametrize("turn", range(5))
def test_of_two_conflicting_decisions_one_is_saved(turn):
    item = make_waiting()
    people = [make_moderator(), make_moderator()]

    def publish():
        return decide(item, "publish", actor=people[0], expected_state="received")

    def refuse():
        return decide(
            item,
            "refuse",
            actor=people[1],
            expected_state="received",
            reason_code=SIMPLE,
        )

    results = at_once(publish, refuse)
    assert [isinstance(each, errors.StateChanged) for each in results].count(True) == 1
    (decision,) = ModerationDecision.objects.all()
    item.refresh_from_db()
    assert (
        item.state
        == {"publish": State.PUBLISHED, "refuse": State.REFUSED}[decision.outcome]
    )
    assert PublishedComment.objects.count() == (decision.outcome == "publish")


def test_of_two_conflicting_proposals_one_is_saved():
    item = make_waiting()

    def propose_as(actor):
        return lambda: decide(
            item,
            "refuse",
            actor=actor,
            expected_state="received",
            reason_code="rule-4.racism",
            ground="يسيء إلى جماعة.",
        )

    at_once(propose_as(make_moderator()), propose_as(make_moderator()))
    assert ModerationDecision.objects.count() == 1


def test_replies_published_at_once_keep_one_order_and_one_count():
    topic = make_topic()
    root = make_voice(topic)
    actor = make_moderator()
    items = [make_waiting(topic, parent=root.participation) for _n in range(8)]
    results = at_once(
        *(
            lambda item=item: decide(
                item, "publish", actor=actor, expected_state="received"
            )
            for item in items
        )
    )
    assert [each for each in results if isinstance(each, Exception)] == []
    positions = PublishedComment.objects.filter(root=root).values_list(
        "position", flat=True
    )
    assert sorted(positions) == list(range(1, 9))
    root.refresh_from_db()
    assert root.reply_count == 8
    topic.refresh_from_db()
    assert topic.published_count == 9


def test_what_is_given_to_somebody_and_decided_at_once_waits_for_nothing():
    topic = make_topic()
    items = [make_waiting(topic) for _n in range(6)]
    decider, giver, taker = (make_moderator() for _n in range(3))
    assign(items, decider, actor=giver)

    def decide_all():
        for item in items:
            decide(item, "publish", actor=decider, expected_state="received")

    def give():
        for _turn in range(6):
            assign(reversed(items), taker, actor=giver)
            assign(items, None, actor=giver)

    def take():
        for item in items:
            hold(item, decider)
            take_over(item, actor=taker)

    results = at_once(decide_all, give, take)
    assert [each for each in results if isinstance(each, Exception)] == []
