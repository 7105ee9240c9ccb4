"""What people wrote to one question of a survey, for staff to read.

The public does not see it: what is published of it is a moderator's decision.
"""

from dataclasses import dataclass
from uuid import UUID

from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.surveys.models import READABLE, SurveyAnswer
from wagtail_eparticipation.surveys.questions import OTHER, WORDS, Question

#: How many are on one page.
AT_ONCE = 50


@dataclass(frozen=True)
class Written:
    """One answer in words, of the participation that it belongs to."""

    words: str
    participation: Participation


@dataclass(frozen=True)
class Words:
    """A page of answers; ``after`` finds the next one, ``None`` on the last."""

    answers: list[Written]
    after: int | None


def has_words(question: Question) -> bool:
    """Whether people answer a question, or its “other”, in their own words."""
    return question.kind in WORDS or question.other


def words_of(survey_key: UUID, question_id: str, *, after: int = 0) -> Words:
    """Answers whose words staff may read, from the response after ``after`` on.

    Those of participations that were refused, taken down, taken back or put into
    quarantine stay with the moderators. One query.
    """
    rows = (
        SurveyAnswer.objects.filter(
            response__survey_key=survey_key,
            response_id__gt=after,
            question_id=question_id,
            option_id__in=("", OTHER),
            response__participation__state__in=READABLE,
        )
        .exclude(text="", words_at=None)
        .select_related("response__participation")
        .order_by("response_id")[: AT_ONCE + 1]
    )
    found = list(rows)
    page = found[:AT_ONCE]
    return Words(
        [
            Written(row.response.words_of(row), row.response.participation)
            for row in page
        ],
        page[-1].response_id if len(found) > AT_ONCE else None,
    )


def _written(response, row: SurveyAnswer) -> Written:
    return Written(response.words_of(row), response.participation)
