"""One form sent many times at once, on real connections (R-7.5d)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import (
    IntegrityError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from django.utils import timezone

from tests.factories_pages import make_consultation_page
from tests.surveys.makers import SHADE, SPORT, TREES, USES, make_survey, respond
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 6


@pytest.fixture
def real_connections(tmp_path):
    """SQLite in memory has no locks between threads: copy it into a file."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    shared = connections["default"]
    name = connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = str(tmp_path / "register.sqlite3")
    own = connections.create_connection("default")
    own.inc_thread_sharing()
    own.ensure_connection()
    shared.connection.backup(own.connection)
    connections["default"] = own
    yield
    own.close()
    connections["default"] = shared
    connections.settings["default"]["NAME"] = name


def make_open_survey():
    now = timezone.now()
    with transaction.atomic():
        topic = make_consultation_page(
            opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=1)
        )
        return make_survey(topic=topic)


def at_once(work):
    start = threading.Barrier(WORKERS)

    def run(number):
        close_old_connections()
        try:
            start.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_one_form_sent_at_once_is_one_response_with_one_receipt(real_connections):
    survey = make_open_survey()

    def send(_number):
        again = SurveyPage.objects.get(pk=survey.pk)
        return respond(again, Answer(SHADE, TREES), Answer(USES, SPORT), key="one form")

    outcomes = at_once(send)

    assert Participation.objects.count() == 1
    assert SurveyResponse.objects.count() == 1
    assert SurveyAnswer.objects.count() == 2
    assert len({outcome.receipt_code for outcome in outcomes}) == 1
    assert sum(not outcome.repeated for outcome in outcomes) == 1


def test_people_at_once_are_all_kept_with_their_answers(real_connections):
    survey = make_open_survey()

    at_once(lambda _number: respond(SurveyPage.objects.get(pk=survey.pk)))

    assert SurveyResponse.objects.count() == WORKERS
    assert SurveyAnswer.objects.count() == WORKERS


def test_answers_that_cannot_be_kept_leave_no_entry_in_the_register():
    survey = make_open_survey()

    with pytest.raises(IntegrityError), transaction.atomic():
        respond(survey, Answer(SHADE, TREES), Answer(SHADE, TREES))

    assert not Participation.objects.exists()
    assert not SurveyResponse.objects.exists()
