"""The survey's public page: readable before opening, counted after closing."""

import re
from datetime import timedelta

import pytest

from tests.consultations.makers import withhold_results
from tests.factories import CLOSES, DURING, OPENS
from tests.factories_pages import make_consultation_page, translation_of
from tests.surveys.makers import (
    SAILS,
    SHADE,
    TREES,
    in_english,
    make_survey,
    respond,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db

BEFORE = OPENS - timedelta(hours=1)


def read(client, page, at=DURING):
    with clock.rehearse(at):
        return client.get(page.get_url())


@pytest.mark.parametrize("at", [BEFORE, DURING, CLOSES])
def test_the_questions_can_be_read_before_during_and_after(client, at):
    survey = make_survey(results_visibility="never")

    page = read(client, survey, at).content.decode()

    assert "أي تظليل تفضلون؟" in page
    assert "مظلات" in page
    assert ("answer/" in page) == (at == DURING)


def test_a_public_page_sets_no_cookie_and_is_kept_until_the_next_change(client):
    survey = make_survey()

    response = read(client, survey, CLOSES - timedelta(seconds=40))

    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=40"
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    ("visibility", "at", "shown"),
    [
        ("after_closing", CLOSES - timedelta(seconds=1), False),
        ("after_closing", CLOSES, True),
        ("own_response", CLOSES - timedelta(seconds=1), False),
        ("own_response", CLOSES, True),
        ("never", CLOSES, False),
    ],
)
def test_results_are_shown_when_the_survey_promised_them(client, visibility, at, shown):
    survey = make_survey(results_visibility=visibility)
    with clock.rehearse(DURING):
        for number in range(15):
            language = survey if number % 2 else in_english(survey)
            respond(language, Answer(SHADE, SAILS if number < 5 else TREES))

    page = read(client, in_english(survey), at).content.decode()

    assert ("67%" in page) == shown
    assert ("15 responses" in page) == shown


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        (Stored.DRAFT, 404),
        (Stored.APPROVED, 404),
        (Stored.CANCELLED, 404),
        (Stored.PUBLISHED, 200),
        (Stored.WITHDRAWN, 200),
        (Stored.ANNOUNCED, 200),
        (Stored.ARCHIVED, 200),
    ],
)
def test_a_survey_is_as_public_as_its_topic(client, stage, status):
    survey = make_survey()
    Consultation.objects.update(stored_stage=stage)

    assert read(client, survey).status_code == status


def test_a_survey_in_a_language_that_the_topic_lacks_is_not_found(client):
    survey = make_survey()
    topic = translation_of(survey.topic_page)
    type(topic).objects.filter(pk=topic.pk).update(withheld=True)

    assert read(client, in_english(survey)).status_code == 404
    assert "/en/" not in re.findall(
        r'hreflang="en"[^>]*|class="ep-lang[^>]*', read(client, survey).content.decode()
    )


def test_the_english_page_says_which_text_prevails(client):
    survey = make_survey()

    assert "prevails" in read(client, in_english(survey)).content.decode()
    assert "prevails" not in read(client, survey).content.decode()


def test_the_topic_links_to_its_surveys_in_one_query(
    client, django_assert_max_num_queries
):
    survey = make_survey()
    topic = survey.topic_page
    read(client, topic)

    with django_assert_max_num_queries(12):
        page = read(client, topic).content.decode()

    assert survey.get_url() in page
    assert in_english(survey).get_url() not in page


def test_a_topic_without_subpages_is_asked_nothing(django_assert_num_queries, rf):
    from wagtail_eparticipation.surveys.presentation import section

    topic = make_consultation_page()
    process, request = topic.consultation, rf.get("/")
    topic.get_url(request)
    # Whoever knows the stage has asked for the window.
    process.stage()
    with django_assert_num_queries(0):
        assert section(request, topic, process, "collecting") is None
    survey = make_survey(topic=topic)
    topic.refresh_from_db()
    with django_assert_num_queries(0):
        assert section(request, topic, process, "draft") is None
    with django_assert_num_queries(1):
        found = section(request, topic, process, "collecting")
    assert [each["title"] for each in found["surveys"]] == [survey.title]


def test_drafts_and_withheld_surveys_are_not_linked(client):
    topic = make_consultation_page()
    make_survey(topic=topic, live=False)
    withheld = make_survey(topic=topic)
    SurveyPage.objects.filter(pk=withheld.pk).update(withheld=True)

    assert "survey-" not in read(client, topic).content.decode()
    assert read(client, withheld).status_code == 404


def test_the_page_costs_the_same_with_and_without_responses(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    survey = make_survey()

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert read(client, survey, CLOSES).status_code == 200
        return len(captured)

    cost()
    empty = cost()
    with clock.rehearse(DURING):
        for _number in range(12):
            respond(survey, Answer(SHADE, TREES))
    assert cost() == empty


def test_where_results_are_withheld_the_reason_stands_in_their_place(client):
    survey = make_survey()
    respond(survey, Answer(SHADE, TREES))
    assert "ep-outcome" in read(client, survey, CLOSES).content.decode()
    withhold_results(survey.consultation, "surveys")
    page = read(client, survey, CLOSES).content.decode()
    assert "ep-outcome" not in page
    assert "اعتبارات أمنية" in page
    topic = read(client, survey.topic_page, CLOSES).content.decode()
    assert "تتعلق بأمن المنشأة." in topic


def test_taking_part_offers_the_surveys_beside_the_other_tools(client):
    survey = make_survey()
    topic = survey.get_parent()
    with clock.rehearse(DURING):
        answer = client.get(f"{topic.get_url()}participate/")
    assert f'href="{survey.get_url()}answer/"' in answer.content.decode()


def test_a_topic_with_a_survey_alone_has_a_way_to_take_part(client):
    survey = make_survey()
    topic = survey.get_parent().specific
    type(topic).objects.filter(pk=topic.pk).update(tools=[])
    with clock.rehearse(DURING):
        answer = client.get(f"{topic.get_url()}participate/")
    assert answer["Location"].endswith(f"{survey.get_url()}answer/")
