"""Limited places: so many people may choose an option, or answer at all (R-4.1d).

Nothing is counted up and down: whoever takes a place holds a row of the survey, then
counts who has one. Places come free by themselves when somebody withdraws, is refused
or chooses anew; two who want the last one get it one after the other.
"""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.models import COUNTED, State
from wagtail_eparticipation.participations.refusals import DoorRefusal
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.models import (
    SurveyAnswer,
    SurveyPlaces,
    SurveyResponse,
)
from wagtail_eparticipation.surveys.questions import Question


class NoPlaceLeft(DoorRefusal):
    """Somebody else took the last place; names the field where one may choose anew."""


def limited(questions: Iterable[Question]) -> list[Question]:
    """The questions that have an option with a limit."""
    return [q for q in questions if any(option.limit for option in q.options)]


def is_limited(survey) -> bool:
    """Whether anything of a survey has a limit."""
    return bool(survey.response_limit or limited(survey.questions_list()))


def _in_use(path: str) -> Q:
    """Who holds a place: what counts, and what may come to count."""
    waiting = Q(
        **{
            f"{path}state": State.UNCONFIRMED,
            f"{path}confirm_until__gt": clock.now(),
        }
    )
    return Q(**{f"{path}state__in": COUNTED | {State.QUARANTINED}}) | waiting


def _responses(survey):
    rows = SurveyResponse.objects.order_by().filter(survey_key=survey.translation_key)
    return rows.filter(_in_use("participation__"))


def is_full(survey) -> bool:
    """Whether a survey has as many responses as it takes; no query without a limit."""
    limit = survey.response_limit
    return bool(limit) and _responses(survey)[:limit].count() >= limit


def taken(survey, questions: list[Question], *, but=None) -> dict[tuple[str, str], int]:
    """How many hold each option of some questions; one query.

    ``but`` is a response whose own places do not matter, as it may keep them.
    """
    rows = SurveyAnswer.objects.order_by().filter(
        _in_use("response__participation__"),
        response__survey_key=survey.translation_key,
        question_id__in=[question.id for question in questions],
    )
    if but is not None:
        rows = rows.exclude(response=but)
    counted = rows.values_list("question_id", "option_id").annotate(Count("id"))
    return {(question, option): number for question, option, number in counted}


def full_options(survey, *, but=None) -> dict[str, set[str]]:
    """The options without a place left, by question; no query without a limit."""
    asked = limited(survey.questions_list())
    if not asked:
        return {}
    numbers = taken(survey, asked, but=but)
    return {
        question.id: {
            option.id
            for option in question.options
            if option.limit and numbers.get((question.id, option.id), 0) >= option.limit
        }
        for question in asked
    }


def _hold(survey) -> None:
    """Let responses to a survey with limits count one after the other who is there."""
    key = {"survey_key": survey.translation_key}
    SurveyPlaces.objects.get_or_create(**key)
    SurveyPlaces.objects.select_for_update().get(**key)


def check(survey, response: SurveyResponse, answers: Iterable[Answer]) -> None:
    """Raise :class:`NoPlaceLeft` if the response just kept took more than there is.

    In its transaction; where nothing has a limit, it asks nothing of the database.
    What lies in the late box takes no place: whoever admits it decides.
    """
    if response.participation.state == State.LATE or not is_limited(survey):
        return
    _hold(survey)
    limit = survey.response_limit
    if limit and _responses(survey)[: limit + 1].count() > limit:
        raise NoPlaceLeft(
            _(
                "Meanwhile the survey has as many responses as were asked for, so yours"
                " could not be taken any more. Copy your answers if you want to keep"
                " them."
            ),
            code="full",
        )
    asked = limited(survey.questions_list())
    if not asked:
        return
    chosen = {(answer.question_id, answer.option_id) for answer in answers}
    numbers = taken(survey, asked)
    for question in asked:
        for option in question.options:
            pair = (question.id, option.id)
            if option.limit and pair in chosen and numbers[pair] > option.limit:
                raise NoPlaceLeft({question.field_name: [_gone(option)]})


def _gone(option) -> str:
    return _(
        "“%(option)s” has no place left meanwhile. Choose another; your other answers"
        " are kept."
    ) % {"option": option.label}
