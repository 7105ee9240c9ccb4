"""How many were invited and answered, by segment (R-5.1.3d, AC-S3-L5)."""

import pytest

from tests.factories import DURING
from tests.participations.inviting import by_invitation, make_invited, shop_owners
from tests.participations.sending import take_part
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import invitation_figures
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def topic(page):
    return by_invitation(page)


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ({}, set()),
        ({"a": 5, "b": 9}, set()),
        ({"a": 4}, {"a"}),
        ({"a": 4, "b": 9, "c": 7}, {"a", "c"}),
        ({"a": 2, "b": 4, "c": 7}, {"a", "b"}),
        ({"a": 1, "b": 2, "c": 7, "d": 8}, {"a", "b", "c"}),
        ({"a": 0, "b": 0}, {"a", "b"}),
    ],
)
def test_small_cells_are_hidden_and_cannot_be_found_by_subtraction(cells, hidden):
    assert invitation_figures.withheld(cells) == hidden


def test_answers_are_counted_for_segments_of_five_and_more(client, topic):
    segment = shop_owners()
    segment.estimated_size = 50
    segment.save()
    codes = make_invited(topic, 10, segment=segment)
    make_invited(topic, 1, segment=segment, undelivered_at=DURING)
    for code in codes[:4]:
        take_part(client, topic, invitation=code)
    (row,) = invitation_figures.by_segment(topic.consultation)
    assert row.answered is None
    # The same person again counts once.
    for code in [codes[0], codes[5]]:
        take_part(client, topic, invitation=code, text="رأي أخير")
    (row,) = invitation_figures.by_segment(topic.consultation)
    assert (row.invited, row.sent, row.undelivered) == (11, 11, 1)
    assert (row.answered, row.reached) == (5, 10)
    assert (row.response_rate, row.coverage) == (50.0, 10.0)


def test_a_segment_of_four_is_not_kept_with_the_answers(client, topic):
    codes = make_invited(topic, 4, segment=shop_owners())
    take_part(client, topic, invitation=codes[0])
    assert Participation.objects.get().segment is None


def test_the_figures_take_four_queries(topic, django_assert_num_queries):
    for number in (20, 180):
        make_invited(topic, number, segment=shop_owners())
        with django_assert_num_queries(4):
            invitation_figures.by_segment(topic.consultation)
