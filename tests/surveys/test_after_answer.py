"""Whoever has answered sees the results where the survey promised that (R-4.1c)."""

import pytest

from tests.consultations.makers import withhold_results
from tests.factories import CLOSES, DURING
from tests.surveys.every_kind import answers, fill, make_every_kind
from tests.surveys.makers import in_english, make_survey, respond
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.receipt_views import receipt_address
from wagtail_eparticipation.surveys.after_answer import after_answer
from wagtail_eparticipation.surveys.presentation import outcome

pytestmark = pytest.mark.django_db


def receipt(client, survey, at=DURING, language="ar"):
    with clock.rehearse(DURING):
        done = respond(survey, *answers(1))
    with clock.rehearse(at):
        return client.get(receipt_address(done.receipt_code, language)).content.decode()


@pytest.mark.parametrize(
    ("visibility", "at", "shown"),
    [
        ("own_response", DURING, True),
        ("after_closing", DURING, False),
        ("after_closing", CLOSES, True),
        ("never", DURING, False),
        ("never", CLOSES, False),
    ],
)
def test_the_receipt_shows_what_was_promised(client, visibility, at, shown):
    survey = make_every_kind(results_visibility=visibility)
    with clock.rehearse(DURING):
        fill(survey, 11)

    page = receipt(client, survey, at)

    assert ("12 استجابة" in page or "ep-bars" in page) == shown
    assert "ep-outcome" in page


def test_results_on_the_receipt_are_in_its_language(client):
    survey = make_every_kind(results_visibility="own_response")
    with clock.rehearse(DURING):
        fill(survey, 11)

    page = receipt(client, in_english(survey), language="en")

    assert "Which shade do you prefer?" in page
    assert "do not represent" in page


def test_whoever_took_the_answer_back_sees_nothing():
    survey = make_survey(results_visibility="own_response")
    with clock.rehearse(DURING):
        row = respond(survey).participation
        assert after_answer(row, "ar")["outcome"]
        Participation.objects.update(state=State.WITHDRAWN)
        row.refresh_from_db()
        assert after_answer(row, "ar") is None


def test_withheld_results_are_withheld_on_the_receipt_too(client):
    survey = make_survey(results_visibility="own_response")
    with clock.rehearse(DURING):
        row = respond(survey).participation
        withhold_results(survey.consultation, "surveys")
        shown = after_answer(Participation.objects.get(pk=row.pk), "ar")
    assert shown["outcome"] is None
    assert shown["not_published"]


def test_other_participations_have_no_such_part():
    assert after_answer(Participation(tool="comment"), "ar") is None


def test_the_public_is_told_of_every_kind():
    survey = make_every_kind()
    with clock.rehearse(DURING):
        fill(survey)

    kinds = [table["kind"] for table in outcome(survey)["tables"]]

    assert kinds == [
        "bars",
        "numbers",
        "matrix",
        "ranking",
        "numbers",
        "numbers",
        "words",
    ]


def test_the_public_page_counts_with_two_queries(django_assert_num_queries):
    survey = make_every_kind()
    with clock.rehearse(DURING):
        fill(survey, 6)

    with django_assert_num_queries(2):
        outcome(survey)
