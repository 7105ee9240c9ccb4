"""Many supports at once, on real connections and real locks."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from tests.discussion.makers import make_participation
from tests.factories import make_consultation
from tests.together import at_once, real_connections
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.discussion.supports import Support, support, take_back
from wagtail_eparticipation.participations import door, persons
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def suggestion(tmp_path):
    with real_connections(tmp_path):
        now = timezone.now()
        with transaction.atomic():
            consultation = make_consultation(
                opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=1)
            )
            row = make_participation(consultation, tool="suggestion", title="مقترح")
            publish(row, now=now)
        yield PublicSuggestion.objects.select_related("consultation").get()


def kept():
    return PublicSuggestion.objects.get().support_count


def give(suggestion, key):
    return support(suggestion, persons.Standing(key))


def test_the_same_person_many_times_counts_once(suggestion):
    answers = at_once(*[partial(give, suggestion, "a" * 32)] * 8)
    assert sorted(answers, key=str) == [False] * 7 + [True]
    assert kept() == Support.objects.count() == 1


def test_fifty_people_are_fifty(suggestion):
    works = [partial(give, suggestion, f"{number:032x}") for number in range(50)]
    answers = []
    for start in range(0, 50, 10):
        answers += at_once(*works[start : start + 10])
    assert answers == [True] * 50
    assert kept() == Support.objects.count() == 50


def test_giving_and_taking_back_keeps_count_and_rows_together(suggestion):
    standing = persons.Standing("a" * 32)
    works = [
        partial(support, suggestion, standing),
        partial(take_back, suggestion, standing),
    ]
    answers = at_once(*works * 4)
    assert all(isinstance(answer, bool) for answer in answers), answers
    assert kept() == Support.objects.count()


def test_participations_come_in_while_people_support(suggestion):
    def send(number):
        submission = door.Submission(tool="comment", language="ar", text=f"نص {number}")
        return door.submit(suggestion.consultation, submission)

    works = [partial(give, suggestion, f"{number:032x}") for number in range(5)]
    works += [partial(send, number) for number in range(5)]
    answers = at_once(*works)
    assert not [each for each in answers if isinstance(each, Exception)]
    assert Participation.objects.count() == 6
    assert kept() == 5
