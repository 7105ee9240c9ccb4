"""The editor is told of conditions that are wrong or odd (R-4.1d)."""

import pytest
from django.urls import reverse

from tests.factories import make_user
from tests.surveys.makers import (
    SAILS,
    SHADE,
    TREES,
    WORDS,
    make_survey,
    questions,
    set_questions,
)
from tests.surveys.raw_makers import rules

pytestmark = pytest.mark.django_db


def editor_of(client, *given):
    survey = make_survey(languages=("ar",))
    raw = questions()
    raw[2]["value"]["show_if"] = rules(*given)
    set_questions(survey, raw)
    survey.save_revision()
    client.force_login(make_user(superuser=True))
    address = reverse("wagtailadmin_pages:edit", args=[survey.pk])
    return client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_what_can_never_be_shown_is_told(client):
    page = editor_of(client, (SHADE, "is", TREES), (SHADE, "is", SAILS))

    assert "can never be shown" in page


def test_what_stands_in_the_way_of_publishing_is_told(client):
    page = editor_of(client, (WORDS, "answered", ""))

    assert "depends on its own answer" in page
    assert "stands in the way of publishing" in page


def test_nothing_is_told_of_conditions_that_are_right(client):
    page = editor_of(client, (SHADE, "is", TREES))

    assert "Conditions of the questions" not in page
