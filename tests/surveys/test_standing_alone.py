"""A survey that stands alone: a topic with no other way to take part."""

import pytest
from django.core.cache import cache

from tests.factories import DURING
from tests.factories_pages import make_consultation_page
from tests.surveys.makers import in_english, make_survey
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.completeness import missing_to_submit
from wagtail_eparticipation.consultations.pages import ConsultationPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    cache.clear()
    made = make_survey(topic=make_consultation_page())
    ConsultationPage.objects.update(tools=["survey"])
    return type(made).objects.get(pk=made.pk)


def test_whoever_takes_part_comes_to_its_form_at_once(client, survey):
    with clock.rehearse(DURING):
        for page in (survey, in_english(survey)):
            topic = page.topic_page
            response = client.get(f"{topic.get_url()}participate/")
            assert response.status_code == 302
            assert response["Location"].endswith(f"{page.slug}/answer/")


def test_its_topic_shows_the_way_to_it_and_no_other(client, survey):
    with clock.rehearse(DURING):
        html = client.get(survey.topic_page.get_url()).content.decode()
    assert survey.get_url() in html
    assert "participate/comment/" not in html
    assert "participate/suggestion/" not in html


def test_a_topic_with_nothing_but_a_survey_is_complete(survey):
    assert "tools" not in [each.field for each in missing_to_submit(survey.topic_page)]


def test_no_other_form_is_there(client, survey):
    with clock.rehearse(DURING):
        topic = survey.topic_page.get_url()
        assert client.get(f"{topic}participate/comment/").status_code == 404
