"""One form sent many times at once, on real connections (R-7.5d)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories_pages import make_consultation_page
from tests.surveys.counting import from_nothing, read, without_empty
from tests.surveys.makers import SHADE, SPORT, TREES, USES, make_survey, respond
from tests.together import at_once, real_connections
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.participations.persons import Standing
from wagtail_eparticipation.participations.withdrawal import withdraw
from wagtail_eparticipation.surveys import keeping
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.pages import SurveyPage
from wagtail_eparticipation.surveys.places import NoPlaceLeft

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 12


@pytest.fixture(autouse=True)
def connections_of_their_own(tmp_path):
    with real_connections(tmp_path):
        yield


def make_open_survey():
    now = timezone.now()
    with transaction.atomic():
        topic = make_consultation_page(
            opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=1)
        )
        return make_survey(topic=topic)


def test_one_form_sent_at_once_is_one_response_with_one_receipt():
    survey = make_open_survey()

    def send():
        again = SurveyPage.objects.get(pk=survey.pk)
        return respond(again, Answer(SHADE, TREES), Answer(USES, SPORT), key="one form")

    outcomes = at_once(*[send] * WORKERS)

    assert Participation.objects.count() == 1
    assert SurveyResponse.objects.count() == 1
    assert SurveyAnswer.objects.count() == 2
    assert len({outcome.receipt_code for outcome in outcomes}) == 1
    assert sum(not outcome.repeated for outcome in outcomes) == 1


def test_people_at_once_are_all_kept_with_their_answers():
    survey = make_open_survey()

    at_once(*[lambda: respond(SurveyPage.objects.get(pk=survey.pk))] * WORKERS)

    assert SurveyResponse.objects.count() == WORKERS
    assert SurveyAnswer.objects.count() == WORKERS


def test_all_that_one_person_answers_at_once_counts_as_one():
    survey = make_open_survey()

    def send():
        again = SurveyPage.objects.get(pk=survey.pk)
        return respond(again, Answer(SHADE, TREES), standing=Standing("a" * 64))

    done = at_once(*[send] * WORKERS)

    assert not [each for each in done if isinstance(each, Exception)]
    assert survey.consultation.participations.counted().count() == 1
    assert SurveyResponse.objects.count() == WORKERS


def test_answers_that_cannot_be_kept_leave_no_entry_in_the_register():
    survey = make_open_survey()

    with pytest.raises(IntegrityError), transaction.atomic():
        respond(survey, Answer(SHADE, TREES), Answer(SHADE, TREES))

    assert not Participation.objects.exists()
    assert not SurveyResponse.objects.exists()


def test_the_last_places_are_never_taken_twice_at_once():
    survey = make_open_survey()
    versions = SurveyPage.objects.filter(translation_key=survey.translation_key)
    versions.update(response_limit=5)

    def send():
        try:
            return respond(SurveyPage.objects.get(pk=survey.pk))
        except NoPlaceLeft as full:
            return full

    done = at_once(*[send] * WORKERS)

    assert sum(isinstance(each, NoPlaceLeft) for each in done) == WORKERS - 5
    assert SurveyResponse.objects.count() == Participation.objects.count() == 5


def test_two_workers_and_those_who_withdraw_leave_right_counts(monkeypatch):
    survey = make_open_survey()
    for _number in range(8):
        respond(survey, Answer(SHADE, TREES), Answer(USES, SPORT))
    monkeypatch.setattr(keeping, "WORTH", 1)
    later = timezone.now() + timedelta(hours=1)
    rows = list(Participation.objects.order_by("id")[:4])

    def keep():
        return sum(keeping.keep_counts(later) for _turn in range(4))

    done = at_once(keep, keep, *[lambda row=row: withdraw(row) for row in rows])

    assert not [each for each in done if isinstance(each, Exception)], done
    key = survey.translation_key
    assert without_empty(read(key)) == from_nothing(key)
    keeping.keep_counts(later)
    assert without_empty(read(key)) == from_nothing(key)
    assert from_nothing(key)[""][""]["responses"] == 4
