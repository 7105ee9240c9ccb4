"""Taking a response in: one entry of the register, one row per answer."""

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import astuple, replace
from functools import partial
from uuid import UUID

from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.identity import seal_text
from wagtail_eparticipation.participations.models import PersonKey
from wagtail_eparticipation.surveys import places, versions
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.open_answers import text_of, words_in

#: The code of the tool in the register.
TOOL = "survey"
#: Rows in one statement.
_AT_ONCE = 500


def take_in(
    survey,
    submission: door.Submission,
    answers: Iterable[Answer],
    *,
    order: str = "",
):
    """Bring one response through the door; returns its ``door.Outcome``.

    The register entry and the answers are one transaction: either both are there or
    neither. Sending the same key again gives the first outcome and changes nothing.
    Late responses lie in the late box with their answers. Raises what
    ``door.submit`` raises, and ``places.NoPlaceLeft``.
    """
    answers = list(answers)
    submission = replace(
        submission,
        tool=TOOL,
        text=text_of(answers),
        texts=max(1, len(words_in(answers))),
        open_from=survey.opens_at,
        open_until=survey.closes_at,
        data={"survey": str(survey.translation_key)},
        enclosed=_digest(submission, answers),
    )
    key = survey.translation_key
    return keep_with(
        survey,
        key,
        submission,
        answers,
        order=order,
        version=partial(versions.current_number, key),
        check=lambda response: places.check(survey, response, answers),
    )


def _digest(submission: door.Submission, answers: list[Answer]) -> str:
    """What else the form held: the answers, and what was said of its files."""
    given = [astuple(answer) for answer in answers]
    return json.dumps([given, submission.enclosed], default=str)


def keep_with(
    page,
    key: UUID,
    submission: door.Submission,
    answers: list[Answer],
    *,
    order: str = "",
    version: Callable[[], int] = lambda: 1,
    check: Callable[[SurveyResponse], None] = lambda response: None,
):
    """Bring a submission through the door and keep its answers: both or neither.

    ``version`` tells which public version was answered. ``check`` looks at the response
    that was kept; what it raises undoes everything.
    """
    return door.submit(
        page.consultation,
        submission,
        keep=lambda participation: check(
            keep(page, key, participation, answers, order=order, version=version())
        ),
    )


def keep(
    page,
    key: UUID,
    participation,
    answers: Iterable[Answer],
    *,
    order: str = "",
    version: int = 1,
) -> SurveyResponse:
    """Write the response of a participation, as it was read on ``page``.

    ``key`` names what was answered, the same in every language; ``order`` is what the
    order of its options was drawn from, if they had one of their own.
    """
    answers = list(answers)
    response = SurveyResponse.objects.create(
        page_id=page.pk,
        participation=participation,
        survey_key=key,
        revision=page.live_revision_id,
        submit_time=participation.received_at,
        order_seed=order,
        version=version,
        texts=len(words_in(answers)),
    )
    keep_answers(response, answers)
    return response


def keep_answers(response: SurveyResponse, answers: Iterable[Answer]) -> None:
    """Write the rows of a response's answers."""
    write(rows_of(response, answers))


def write(rows: list[SurveyAnswer]) -> None:
    """Write rows that :func:`rows_of` made, with the keys of what is sealed."""
    sealed = [row for row in rows if row.key is not None]
    PersonKey.objects.bulk_create([row.key for row in sealed])
    for row in sealed:
        # Only now does the key have a number.
        row.key = row.key
    SurveyAnswer.objects.bulk_create(rows, batch_size=_AT_ONCE)


def rows_of(response: SurveyResponse, answers: Iterable[Answer]) -> list[SurveyAnswer]:
    """The rows of a response's answers, not yet written; nor are their keys."""
    places = itertools.count(1)
    return [
        _row(response, answer, next(places) if answer.has_words else None)
        for answer in answers
    ]


def _row(response, answer: Answer, words_at: int | None) -> SurveyAnswer:
    key, sealed = None, b""
    if answer.private:
        key, sealed = seal_text(answer.private, response.submit_time)
    return SurveyAnswer(
        response=response,
        question_id=answer.question_id,
        option_id=answer.option_id,
        text="" if words_at else answer.text,
        words_at=words_at,
        number=answer.number,
        key=key,
        sealed=sealed,
    )


def forget_private(answers) -> None:
    """Destroy what was kept encrypted of some answers, by destroying its keys."""
    PersonKey.objects.filter(
        pk__in=list(answers.exclude(key=None).values_list("key", flat=True))
    ).delete()
