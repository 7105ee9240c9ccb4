"""Comments on the same and on several articles published at the same time."""

from functools import partial

import pytest
from django.db import transaction

from tests.discussion.makers import make_participation
from tests.factories import DURING, make_consultation
from tests.factories_pages import article_key
from tests.together import at_once, real_connections
from wagtail_eparticipation.discussion.article_counts import counts_by_article
from wagtail_eparticipation.discussion.publish import publish

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = article_key(1), article_key(2)


@pytest.fixture(autouse=True)
def several_connections(tmp_path):
    with real_connections(tmp_path):
        yield


def publish_all(participations):
    with transaction.atomic():
        for each in participations:
            publish(each, now=DURING)


@pytest.mark.parametrize("turn", range(3))
def test_each_of_the_first_comments_at_once_is_counted(turn):
    consultation = make_consultation()
    waiting = [make_participation(consultation, article=FIRST) for _each in range(6)]
    results = at_once(*(partial(publish, each, now=DURING) for each in waiting))
    assert not [each for each in results if isinstance(each, Exception)]
    assert counts_by_article(consultation) == {FIRST: 6}


@pytest.mark.parametrize("turn", range(3))
def test_bulk_publications_in_other_orders_do_not_wait_for_each_other(turn):
    consultation = make_consultation()
    orders = [(FIRST, SECOND), (SECOND, FIRST), (FIRST, SECOND), (SECOND, FIRST)]
    waiting = [
        [make_participation(consultation, article=key) for key in order]
        for order in orders
    ]
    results = at_once(*(partial(publish_all, each) for each in waiting))
    assert not [each for each in results if isinstance(each, Exception)]
    assert counts_by_article(consultation) == {FIRST: 4, SECOND: 4}
