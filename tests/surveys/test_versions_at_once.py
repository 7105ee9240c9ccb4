"""Editors who publish corrections at the same time, on real connections (R-4.1c)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories_pages import make_consultation_page
from tests.surveys.makers import (
    TREES,
    make_survey,
    questions,
    respond,
    set_questions,
)
from tests.together import at_once, real_connections
from wagtail_eparticipation.surveys import versions
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 4


@pytest.fixture(autouse=True)
def connections_of_their_own(tmp_path):
    with real_connections(tmp_path):
        yield


@pytest.fixture
def survey(connections_of_their_own):
    now = timezone.now()
    with transaction.atomic():
        topic = make_consultation_page(
            opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=1)
        )
        made = make_survey(topic=topic)
    respond(SurveyPage.objects.get(pk=made.pk))
    return made


def test_corrections_at_once_are_numbered_in_a_row_and_the_last_is_what_is_asked(
    survey,
):
    def publish(number):
        page = SurveyPage.objects.get(pk=survey.pk)
        set_questions(page, questions(**{TREES: f"نخيل {number}"}))
        page.correction = f"تصحيح {number}"
        page.save_revision().publish()

    outcomes = at_once(*(lambda n=n: publish(n) for n in range(EDITORS)))

    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    made = versions.versions_of(survey.translation_key)
    assert [each.number for each in made] == list(range(1, len(made) + 1))
    assert len(made) >= 2
    page = SurveyPage.objects.get(pk=survey.pk)
    assert made[-1].questions["ar"] == versions.frozen(page)
    assert made[-1].notes["ar"] == page.correction
    assert made[0].questions["ar"][0]["items"][0]["options"][0]["label"] == "أشجار"


def test_the_same_correction_published_twice_at_once_is_one_version(survey):
    page = SurveyPage.objects.get(pk=survey.pk)
    set_questions(page, questions(**{TREES: "نخيل"}))
    page.correction = "تصحيح"
    revision = page.save_revision()

    at_once(*[lambda: type(revision).objects.get(pk=revision.pk).publish()] * 2)

    assert len(versions.versions_of(survey.translation_key)) == 2
