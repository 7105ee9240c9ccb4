"""A survey with twenty questions and as many responses as asked for; its export.

``filled_survey(1_000_000)`` is for other loads: it makes the survey and commits the
responses, each with 26 or 28 rows of answers that lie together as in real life.
"""

import itertools
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from bench.load_queue import grow
from bench.loads import Figure, load, sized
from bench.processes import once
from tests.factories import DURING
from tests.surveys.makers import make_survey, set_questions
from wagtail_eparticipation.participations.models import (
    Capacity,
    Consent,
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.open_answers import joined
from wagtail_eparticipation.surveys.pages import SurveyPage

RESPONSES = sized(10_000, 250_000)
#: Responses that are written at a time.
BULK = 5_000
#: One response in so many says something in words.
IN_WORDS = 3
TEXTS = (
    "طريق الملك عبدالعزيز",
    "أقترح زيادة عدد المقاعد المظللة قرب ألعاب الأطفال. " * 3,
)
#: Twenty questions by kind, and how many options or rows each has.
ASKED = (
    *[("single", 5)] * 4,
    *[("dropdown", 12)] * 2,
    *[("yes_no", 2)] * 2,
    *[("scale", 5)] * 3,
    *[("multiple", 6)] * 2,
    ("matrix", 4),
    ("ranking", 4),
    *[("number", 0)] * 2,
    ("date", 0),
    ("place", 0),
    ("text", 0),
)
_COLUMNS = ("response_id", "question_id", "option_id", "text", "words_at", "number")


def _id(question: int, part: int = 0) -> str:
    return f"{question:08}-0000-4000-8000-{part:012}"


def stream() -> list[dict]:
    """The twenty questions as raw stream data, the same words in each language."""

    def items(question, number, first=1):
        parts = range(first, first + number)
        return [
            {"type": "item", "id": _id(question, part), "value": f"خيار {part}"}
            for part in parts
        ]

    found = []
    for question, (kind, number) in enumerate(ASKED, start=1):
        value: dict = {"question": f"سؤال {question}"}
        if kind == "scale":
            value |= {"first": "1", "last": 5, "low_label": "-", "high_label": "+"}
        elif kind == "matrix":
            value["rows"] = items(question, number)
            value["options"] = items(question, 5, first=100)
        elif number and kind != "yes_no":
            value["options"] = items(question, number)
        found.append({"type": kind, "id": _id(question), "value": value})
    return found


def answers(place: int, in_words: bool) -> Iterator[tuple]:
    """The answers of the response at a place of the register: ``_COLUMNS``, no key."""
    texts = 0
    for question, (kind, number) in enumerate(ASKED, start=1):
        key, lot = _id(question), place // question + place
        if kind in ("single", "dropdown"):
            yield key, _id(question, 1 + lot % number), "", None, None
        elif kind == "yes_no":
            yield key, ("yes", "no")[lot % 2], "", None, None
        elif kind == "scale":
            yield key, str(1 + lot % 5), "", None, None
        elif kind == "multiple":
            yield key, _id(question, 1 + lot % 3), "", None, None
            yield key, _id(question, 4 + lot % 3), "", None, None
        elif kind == "matrix":
            for row in range(1, number + 1):
                option = _id(question, 100 + (lot + row) % 5)
                yield _id(question, row), option, "", None, None
        elif kind == "ranking":
            for option in range(1, number + 1):
                at = 1 + (lot + option) % number
                yield key, _id(question, option), "", None, at
        elif kind == "number":
            yield key, "", str(lot % 5_000), None, lot % 5_000
        elif kind == "date":
            day = date(2026, 1, 1) + timedelta(lot % 365)
            yield key, "", day.isoformat(), None, day.toordinal()
        elif in_words:
            texts += 1
            yield key, "", "", texts, None


def filled_survey(number: int, *, topic=None) -> SurveyPage:
    """A survey in both languages with so many responses, committed."""
    with transaction.atomic():
        survey = make_survey(live=False, topic=topic)
        for page in SurveyPage.objects.filter(translation_key=survey.translation_key):
            set_questions(page, stream())
            page.save_revision().publish()
    survey = SurveyPage.objects.get(pk=survey.pk)
    fill(survey, number)
    return survey


def fill(survey: SurveyPage, number: int) -> None:
    """So many responses to the survey: in the register, with rows of answers."""
    first = _participations(survey.consultation, number)
    rows = Participation.objects.filter(pk__gte=first).order_by("pk")
    found = rows.values_list("pk", "text", "received_at").iterator(BULK)
    places = itertools.count()
    while piece := list(itertools.islice(found, BULK)):
        with transaction.atomic():
            responses = SurveyResponse.objects.bulk_create(
                SurveyResponse(
                    page_id=survey.pk,
                    participation_id=pk,
                    survey_key=survey.translation_key,
                    revision=survey.live_revision_id,
                    submit_time=received_at,
                    texts=len(TEXTS) if text else 0,
                )
                for pk, text, received_at in piece
            )
            _write(
                (response.pk, *answer)
                for response in responses
                for answer in answers(next(places), response.texts > 0)
            )
    analyse = "ANALYZE TABLE" if connection.vendor == "mysql" else "VACUUM ANALYZE"
    with connection.cursor() as cursor:
        for model in (SurveyResponse, SurveyAnswer):
            cursor.execute(f"{analyse} {model._meta.db_table}")


def _participations(consultation, number: int) -> int:
    """The key of the first of so many rows of the register."""
    states = [State.UNPUBLISHED, State.RECEIVED]
    seeds = Participation.objects.bulk_create(
        Participation(
            consultation=consultation,
            period=consultation.periods.first(),
            tool="survey",
            state=states[place % IN_WORDS == 0],
            text=joined(TEXTS) if place % IN_WORDS == 0 else "",
            language="ar" if place % 4 else "en",
            capacity=Capacity.values[place % len(Capacity.values)],
            publication=Publication.NOT_PUBLISHED,
            consent=Consent.EXPLICIT,
            made_at=DURING + timedelta(minutes=place),
            received_at=DURING + timedelta(minutes=place),
            idempotency_key=uuid.uuid4().hex,
            receipt_hash=uuid.uuid4().hex,
        )
        for place in range(min(number, 999))
    )
    grow(seeds[0].pk, number)
    return seeds[0].pk


def _write(rows: Iterator[tuple]) -> None:
    if connection.vendor != "postgresql":
        SurveyAnswer.objects.bulk_create(
            (SurveyAnswer(**dict(zip(_COLUMNS, row, strict=True))) for row in rows),
            batch_size=BULK,
        )
        return
    table = connection.ops.quote_name(SurveyAnswer._meta.db_table)
    names = ", ".join((*_COLUMNS, "sealed"))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((*row, b""))


@load("survey: export of all responses")
def export() -> list[Figure]:
    survey = filled_survey(RESPONSES)
    responses = SurveyResponse.objects.filter(survey_key=survey.translation_key)
    written = SurveyAnswer.objects.filter(response__survey_key=survey.translation_key)
    figures = [
        Figure("responses", responses.count()),
        Figure("answers", written.count()),
    ]
    for form in ("csv", "answers", "json", "xlsx", "zip"):
        seconds, taken, size = once("bench.survey_export_once", form, survey.pk)
        figures += [
            Figure(f"{form}: seconds", seconds, "s", at_most=120),
            Figure(f"{form}: memory taken", taken, "MB", at_most=100),
            Figure(f"{form}: size", size, "MB"),
        ]
    return figures
