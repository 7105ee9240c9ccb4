"""Surveys pass the workflow of the topic, and are found where its desk is."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from tests.consultations.makers_pages import approve_through, people, prepared_site
from tests.factories import DURING
from tests.surveys.makers import (
    PLAY,
    SHADE,
    TREES,
    USES,
    WORDS,
    make_survey,
    questions,
    respond,
    set_questions,
)
from tests.surveys.raw_makers import AGE, BAD, FIRST_ROW, ask, further
from tests.surveys.test_desk import editor, read, submissions
from tests.surveys.test_editing import posted
from tests.surveys.test_library import edit
from wagtail_eparticipation import clock
from wagtail_eparticipation.surveys import versions
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.pages import SurveyPage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_period():
    with clock.rehearse(DURING), override("en"):
        yield


@pytest.fixture
def staff():
    prepared_site()
    return people()


def test_review_and_approval_publish_a_survey(staff):
    survey = make_survey(languages=("ar",), live=False)
    survey.save_revision(user=staff["editor"])

    page = approve_through(survey, staff["reviewer"], staff["decider"])

    assert page.live
    assert page.get_workflow() == page.topic_page.get_workflow()


def test_who_edits_a_survey_does_not_publish_it(client, staff):
    survey = make_survey(languages=("ar",), live=False)
    permissions = survey.permissions_for_user(staff["editor"])

    assert permissions.can_edit() and not permissions.can_publish()
    client.force_login(staff["editor"])
    response = edit(client, survey, posted(questions()), **{"action-publish": "1"})
    assert response.status_code == 302
    assert not SurveyPage.objects.get(pk=survey.pk).live


def test_an_approved_correction_makes_the_version_of_who_submitted_it(staff):
    survey = make_survey(languages=("ar",))
    respond(survey, Answer(SHADE, TREES))
    page = SurveyPage.objects.get(pk=survey.pk)
    set_questions(page, questions(leave_out=[PLAY]))
    page.correction = "أُخذ خيار."
    page.save_revision(user=staff["editor"])
    assert not versions.versions_of(survey.translation_key)

    approve_through(page, staff["reviewer"], staff["decider"])

    assert [each.number for each in versions.versions_of(survey.translation_key)] == [
        1,
        2,
    ]
    latest = versions.versions_of(survey.translation_key)[-1]
    assert latest.made_by == staff["editor"]


def test_a_correction_without_a_note_is_not_approved(staff):
    survey = make_survey(languages=("ar",))
    respond(survey, Answer(SHADE, TREES))
    page = SurveyPage.objects.get(pk=survey.pk)
    set_questions(page, questions(leave_out=[PLAY]))
    page.save_revision(user=staff["editor"], clean=False)

    with pytest.raises(ValidationError, match="what is corrected and why"):
        approve_through(page, staff["reviewer"], staff["decider"])

    assert len(SurveyPage.objects.get(pk=survey.pk).questions_list()[1].options) == 3


def test_the_forms_menu_lists_answers_to_every_kind_and_to_what_was_taken_out(client):
    survey = make_survey(languages=("ar",))
    ask(survey, [*questions(), *further()])
    survey = SurveyPage.objects.get(pk=survey.pk)
    respond(
        survey,
        Answer(SHADE, TREES),
        Answer(USES, PLAY),
        Answer(FIRST_ROW, BAD),
        Answer(AGE, text="4"),
        Answer(WORDS, text="مقاعد"),
    )
    page = SurveyPage.objects.get(pk=survey.pk)
    set_questions(page, [*questions(leave_out=[PLAY, WORDS]), *further()])
    page.correction = "أُخذ سؤال وخيار."
    page.save_revision().publish()

    user = editor("analyse_participation")
    listed = read(client, user, submissions(survey)).content.decode()
    index = read(client, user, reverse("wagtailforms:index")).content.decode()

    assert survey.title in index
    for text in ("أشجار", "لعب الأطفال", "سيئ", "مقاعد", "ماذا تقترحون غير ذلك؟"):
        assert text in listed
