"""Responses out of files: answers known by label or id, kept by id (AC-S3-I1)."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import astuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations.tools import Entry
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.answers import rows_of
from wagtail_eparticipation.surveys.forms import SHORT_ANSWER
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.open_answers import text_of, words_in
from wagtail_eparticipation.surveys.questions import Question

#: What parts several options in one cell.
_BETWEEN = re.compile(r"[;؛|\n]")
_AT_ONCE = 500


def versions_by_survey(consultation) -> dict[str, list]:
    """The public versions of each survey of a topic, by the survey's key."""
    found: dict[str, list] = defaultdict(list)
    for survey in surveys_of(consultation):
        if survey.is_public:
            found[str(survey.translation_key)].append(survey)
    return found


def subjects(consultation) -> list[tuple[str, str]]:
    """The surveys whose responses can be imported: key, and title for the reader."""
    return [
        (key, pick({each.locale.language_code: each.title for each in versions}))
        for key, versions in versions_by_survey(consultation).items()
    ]


def columns(consultation, subject: str) -> dict[str, tuple[str, list[str]]]:
    """A column for each question, guessed by its text in any language or its id."""
    versions = versions_by_survey(consultation).get(subject, [])
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for survey in versions:
        for question in survey.questions_list():
            texts[question.id][survey.locale.language_code] = question.label
    return {
        f"q_{key}": (pick(labels), [key, *labels.values()])
        for key, labels in texts.items()
    }


def reader(consultation, subject: str) -> Callable[..., Entry]:
    """A function that reads a row's cells into answers (see ``tools.Importer``)."""
    versions = versions_by_survey(consultation).get(subject, [])
    questions = versions[0].questions_list() if versions else []
    spellings: dict[str, dict[str, str]] = {each.id: {} for each in questions}
    for survey in versions:
        for question in survey.questions_list():
            known = spellings.setdefault(question.id, {})
            for option in question.options:
                known[search_key(option.label)] = option.id
                known[search_key(option.id)] = option.id

    def read(texts: Mapping[str, str], language: str) -> Entry:
        answers: list[Answer] = []
        for question in questions:
            cell = texts.get(question.field_name, "")
            if cell:
                answers += _answers(question, cell, spellings[question.id])
        if not answers:
            raise ValueError(_("It answers no question."))
        return Entry(
            data={"survey": subject},
            text=text_of(answers),
            texts=max(1, len(words_in(answers))),
            enclosed=json.dumps([astuple(answer) for answer in answers], default=str),
            rows=answers,
        )

    return read


def _answers(question: Question, cell: str, known: Mapping[str, str]) -> list[Answer]:
    if not question.options:
        return _words(question, cell)
    # An option may hold a semicolon itself.
    whole = known.get(search_key(cell))
    if whole is not None:
        return [Answer(question.id, whole)]
    parts = [part.strip() for part in _BETWEEN.split(cell) if part.strip()]
    chosen = []
    for part in parts:
        option = known.get(search_key(part))
        if option is None:
            raise ValueError(
                _("An answer to “%(question)s” is none of its options.")
                % {"question": question.label}
            )
        chosen.append(option)
    chosen = list(dict.fromkeys(chosen))
    most = (question.at_most or len(chosen)) if question.kind == "multiple" else 1
    if len(chosen) > most:
        raise ValueError(
            _("Too many options are chosen in “%(question)s”.")
            % {"question": question.label}
        )
    return [Answer(question.id, option) for option in chosen]


def _words(question: Question, cell: str) -> list[Answer]:
    limit = get_setting("MAX_TEXT_LENGTH") if question.long else SHORT_ANSWER
    try:
        text = sanitize.plain(cell, max_length=limit)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return [Answer(question.id, text=text)] if text else []


def keep(consultation, subject: str, pairs) -> None:
    """Write the responses and answers of participations that came in just now."""
    pairs = list(pairs)
    versions = versions_by_survey(consultation).get(subject, []) if pairs else []
    by_language = {each.locale.language_code: each for each in versions}
    responses = []
    for participation, entry in pairs:
        survey = by_language.get(participation.language, versions[0])
        responses.append(
            SurveyResponse(
                page_id=survey.pk,
                participation=participation,
                survey_key=survey.translation_key,
                revision=survey.live_revision_id,
                submit_time=participation.received_at,
                texts=len(words_in(entry.rows)),
            )
        )
    SurveyResponse.objects.bulk_create(responses)
    SurveyAnswer.objects.bulk_create(
        [
            row
            for response, (_participation, entry) in zip(responses, pairs, strict=True)
            for row in rows_of(response, entry.rows)
        ],
        batch_size=_AT_ONCE,
    )
