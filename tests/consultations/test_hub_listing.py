"""Order, filters and paging of the hub, as rules on rows."""

from datetime import UTC, datetime, timedelta

import pytest

from wagtail_eparticipation.consultations.hub_listing import (
    Topic,
    counts,
    matching,
    ordered,
    page_after,
)
from wagtail_eparticipation.consultations.stages import Stage

NOW = datetime(2026, 4, 12, tzinfo=UTC)


def topic(number, stage=Stage.COLLECTING, *, opens=-5, closes=5, since=-5, **fields):
    return Topic(
        consultation_id=number,
        reference=f"2026-{number:03}",
        stage=stage,
        opens_at=NOW + timedelta(days=opens),
        closes_at=NOW + timedelta(days=closes),
        stage_since=NOW + timedelta(days=since),
        audience=fields.pop("audience", "public"),
        **fields,
    )


def ids(topics):
    return [each.consultation_id for each in topics]


def test_open_topics_come_first_and_those_that_close_soonest_lead():
    topics = [
        topic(1, Stage.ARCHIVED, since=-90),
        topic(2, Stage.ANALYSING, closes=-2),
        topic(3, closes=9),
        topic(4, Stage.FORTHCOMING, opens=8, closes=20),
        topic(5, closes=1),
        topic(6, Stage.ANNOUNCED, since=-1),
        topic(7, Stage.FORTHCOMING, opens=2, closes=20),
        topic(8, Stage.WITHDRAWN),
        topic(9, Stage.ANALYSING, closes=-1),
        topic(10, Stage.CLOSED, since=-20),
    ]
    assert ids(ordered(topics)) == [5, 3, 7, 4, 9, 2, 6, 10, 1, 8]


def test_a_published_topic_without_dates_can_be_listed():
    bare = Topic(1, "2026-001", Stage.FORTHCOMING, None, None, NOW, "public")
    assert ids(ordered([bare, topic(2)])) == [2, 1]


FILTERS = [
    ({}, [1, 2, 3]),
    ({"stage": {"open"}}, [1, 2]),
    ({"stage": {"open", "analysing"}}, [1, 2, 3]),
    ({"subject": {"parks"}}, [1, 3]),
    ({"subject": {"parks"}, "stage": {"open"}}, [1]),
    ({"department": {"roads"}}, [2]),
    ({"audience": {"invited"}}, [3]),
    ({"stage": {"nonsense"}}, []),
]
TOPICS = [
    topic(1, subjects=frozenset({"parks"}), department="gardens"),
    topic(2, subjects=frozenset({"streets"}), department="roads"),
    topic(
        3, Stage.ANALYSING, subjects=frozenset({"parks", "water"}), audience="invited"
    ),
]


@pytest.mark.parametrize(("chosen", "expected"), FILTERS)
def test_filters_join_within_a_facet_and_narrow_across_facets(chosen, expected):
    assert ids(matching(TOPICS, chosen)) == expected


def test_a_count_says_what_ticking_the_value_would_show():
    numbers = counts(TOPICS, {"stage": {"open"}})
    assert numbers["subject"] == {"parks": 1, "streets": 1}
    assert numbers["stage"] == {"open": 2, "analysing": 1}


PAGES = [
    # after, shown, before, next, first
    ("", [1, 2], "", "2026-002", True),
    ("2026-002", [3, 4], "", "2026-004", False),
    ("2026-004", [5], "2026-002", "", False),
    ("gone", [1, 2], "", "2026-002", True),
]


@pytest.mark.parametrize(("after", "shown", "before", "following", "first"), PAGES)
def test_pages_follow_each_other_by_key(after, shown, before, following, first):
    topics = [topic(number) for number in range(1, 6)]
    part, earlier, later, is_first = page_after(topics, after, 2)
    assert (ids(part), earlier, later, is_first) == (shown, before, following, first)
