"""Taking a response in: one entry of the register, one row per answer."""

import json
from collections.abc import Iterable
from dataclasses import astuple, replace
from uuid import UUID

from django.db import transaction

from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.deadlocks import retried
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse

#: The code of the tool in the register.
TOOL = "survey"


def take_in(survey, submission: door.Submission, answers: Iterable[Answer]):
    """Bring one response through the door; returns its ``door.Outcome``.

    The register entry and the answers are one transaction: either both are there or
    neither. Sending the same key again gives the first outcome and changes nothing.
    Late responses lie in the late box with their answers. Raises what
    ``door.submit`` raises.
    """
    answers = list(answers)
    submission = replace(
        submission,
        tool=TOOL,
        data={"survey": str(survey.translation_key)},
        enclosed=json.dumps([astuple(answer) for answer in answers]),
    )
    return keep_with(survey, survey.translation_key, submission, answers)


def keep_with(page, key: UUID, submission: door.Submission, answers: list[Answer]):
    """Bring a submission through the door and keep its answers: both or neither."""

    @transaction.atomic
    def take_in_once():
        outcome = door.submit(page.consultation, submission)
        if not outcome.repeated:
            keep(page, key, outcome.participation, answers)
        return outcome

    return retried(take_in_once)


def keep(page, key: UUID, participation, answers: Iterable[Answer]) -> None:
    """Write the response of a participation, as it was read on ``page``.

    ``key`` names what was answered, the same in every language.
    """
    response = SurveyResponse.objects.create(
        page_id=page.pk,
        participation=participation,
        survey_key=key,
        revision=page.live_revision_id,
        submit_time=participation.received_at,
    )
    keep_answers(response, answers)


def keep_answers(response: SurveyResponse, answers: Iterable[Answer]) -> None:
    """Write the rows of a response's answers."""
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            response=response,
            question_id=answer.question_id,
            option_id=answer.option_id,
            text=answer.text,
        )
        for answer in answers
    )
