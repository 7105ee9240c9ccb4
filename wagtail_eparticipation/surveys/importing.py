"""Responses out of files: answers known by label or id, kept by id (AC-S3-I1)."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import astuple
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations.tools import Entry
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.answers import rows_of, write
from wagtail_eparticipation.surveys.forms import SHORT_ANSWER
from wagtail_eparticipation.surveys.forms import rows_of as answers_of
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.open_answers import joined, words_in
from wagtail_eparticipation.surveys.questions import OTHER, Question, counted_in
from wagtail_eparticipation.surveys.versions import current_number

#: What parts several options in one cell.
_BETWEEN = re.compile(r"[;؛|\n]")


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
    """A column for each question, or row of a matrix, guessed by its text or id."""
    versions = versions_by_survey(consultation).get(subject, [])
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for survey in versions:
        for question in counted_in(survey.questions_list()):
            texts[question.id][survey.locale.language_code] = question.label
    return {
        f"q_{key}": (pick(labels), [key, *labels.values()])
        for key, labels in texts.items()
    }


def reader(consultation, subject: str) -> Callable[..., Entry]:
    """A function that reads a row's cells into answers (see ``tools.Importer``)."""
    versions = versions_by_survey(consultation).get(subject, [])
    readers = _readers(versions)

    def read(texts: Mapping[str, str], language: str) -> Entry:
        answers: list[Answer] = []
        for name, reads in readers.items():
            if cell := texts.get(name, ""):
                answers += reads(cell)
        if not answers:
            raise ValueError(_("It answers no question."))
        words = words_in(answers)
        return Entry(
            data={"survey": subject},
            text=joined(words),
            texts=max(1, len(words)),
            enclosed=json.dumps([astuple(answer) for answer in answers], default=str),
            rows=answers,
        )

    return read


def _readers(versions) -> dict[str, Callable[[str], list[Answer]]]:
    """What reads the cell of each column, by the column's name."""
    if not versions:
        return {}
    spellings: dict[str, dict[str, str]] = defaultdict(dict)
    for survey in versions:
        for question in counted_in(survey.questions_list()):
            for option in question.options:
                spellings[question.id][search_key(option.label)] = option.id
                spellings[question.id][search_key(option.id)] = option.id
    readers: dict[str, Callable[[str], list[Answer]]] = {}
    builder = versions[0].form_builder(versions[0].questions_list())
    fields = builder.formfields
    for question in counted_in(versions[0].questions_list()):
        if question.options:
            known = spellings[question.id]
            readers[question.field_name] = partial(_chosen, question, known)
        else:
            field = fields[question.field_name]
            readers[question.field_name] = partial(_typed, question, field)
    return readers


def _typed(question: Question, field, cell: str) -> list[Answer]:
    """What the form's own field makes of a cell."""
    field.required = False
    try:
        value = field.clean(cell)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return list(answers_of(question, question.id, value)) if value != "" else []


def _chosen(question: Question, known: Mapping[str, str], cell: str) -> list[Answer]:
    # An option may hold a semicolon itself.
    whole = known.get(search_key(cell))
    parts = [part.strip() for part in _BETWEEN.split(cell) if part.strip()]
    chosen: dict[str, str] = {}
    for part in [cell] if whole is not None else parts:
        option, other = _option(question, known, part)
        chosen.setdefault(option, other)
    _count(question, len(chosen))
    if question.kind == "ranking":
        return list(answers_of(question, question.id, list(chosen)))
    return [Answer(question.id, option, text) for option, text in chosen.items()]


def _option(question: Question, known, part: str) -> tuple[str, str]:
    """The option that a part of a cell names, with the words behind “other”."""
    option = known.get(search_key(part))
    if option is not None:
        return option, ""
    name, colon, words = part.partition(":")
    if colon and known.get(search_key(name)) == OTHER:
        return OTHER, sanitize.plain(words, max_length=SHORT_ANSWER)
    raise ValueError(
        _("An answer to “%(question)s” is none of its options.")
        % {"question": question.label}
    )


def _count(question: Question, number: int) -> None:
    least, most = 1, 1
    if question.kind == "multiple":
        least = question.at_least or 1
        most = question.at_most or len(question.options)
    elif question.kind == "ranking":
        least = most = len(question.options)
    if number > most:
        raise ValueError(
            _("Too many options are chosen in “%(question)s”.")
            % {"question": question.label}
        )
    if number < least:
        raise ValueError(
            _("Too few options are named in “%(question)s”.")
            % {"question": question.label}
        )


def keep(consultation, subject: str, pairs) -> None:
    """Write the responses and answers of participations that came in just now."""
    pairs = list(pairs)
    versions = versions_by_survey(consultation).get(subject, []) if pairs else []
    by_language = {each.locale.language_code: each for each in versions}
    version = current_number(versions[0].translation_key) if versions else 1
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
                version=version,
            )
        )
    SurveyResponse.objects.bulk_create(responses)
    write(
        [
            row
            for response, (_participation, entry) in zip(responses, pairs, strict=True)
            for row in rows_of(response, entry.rows)
        ]
    )
