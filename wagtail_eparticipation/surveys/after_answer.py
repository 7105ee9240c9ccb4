"""What the receipt of a response shows: the results, or when they are told (R-4.1c)."""

from typing import Any

from wagtail_eparticipation.consultations.act_names import Part
from wagtail_eparticipation.consultations.withholding import notice
from wagtail_eparticipation.surveys.answers import TOOL
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.presentation import (
    outcome,
    promise,
    shows_results,
)
from wagtail_eparticipation.surveys.reading import version_in


def after_answer(participation, language: str) -> dict[str, Any] | None:
    """The results for whoever has answered, where the survey promised them.

    Only while the response counts: a receipt opens nothing that its own answer is no
    part of. ``None`` for other participations and where the survey is not public.
    """
    if participation.tool != TOOL or not participation.is_counted:
        return None
    response = SurveyResponse.objects.filter(participation=participation).first()
    survey = response and version_in(response, language)
    if not survey or not survey.is_public:
        return None
    consultation = participation.consultation
    seen = survey.results_visibility == "own_response" or shows_results(
        survey, consultation.stage()
    )
    not_published = notice(consultation, Part.SURVEYS) if seen else None
    return {
        "title": survey.title,
        "outcome": outcome(survey) if seen and not_published is None else None,
        "promise": "" if seen else promise(survey),
        "not_published": not_published,
    }
