# ruff: noqa: S608 (every piece of the statements is written here)
"""Results of a survey of 20 questions with ten thousand to a million responses."""

import statistics
import time
from datetime import timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.bench_participations import period
from bench.loads import FULL, Figure, load
from tests.factories import make_user
from tests.factories_pages import make_consultation_page
from tests.surveys.makers import make_survey, respond, set_questions
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.keeping import keep_counts
from wagtail_eparticipation.surveys.models import (
    SurveyAnswer,
    SurveyResponse,
    SurveyTally,
)
from wagtail_eparticipation.surveys.results import results_in, tally_of
from wagtail_eparticipation.surveys.tallies import Span, count

SIZES = (10_000, 100_000, 1_000_000) if FULL else (1_000, 5_000, 20_000)
#: Answers of so many responses are written together, as they would come in.
STEP = 10_000
TURNS = 7


def block(kind, number, **value):
    """A question as raw stream data."""
    given = {"question": f"سؤال {number}", "required": False, **value}
    return {"type": kind, "id": key(number), "value": given}


def key(number, part=0):
    """An id as long as those of blocks."""
    return f"aaaaaaaa-0000-4000-8000-{number:06}{part:06}"


def items(number, many, first=1):
    """Options of a question as raw stream data."""
    parts = range(first, first + many)
    return [
        {"type": "item", "value": f"خيار {number}/{part}", "id": key(number, part)}
        for part in parts
    ]


def questions():
    """Twenty questions of nine kinds."""
    scale = {"first": "1", "last": 5, "low_label": "لا", "high_label": "نعم"}
    return [
        *(block("single", n, options=items(n, 5)) for n in range(1, 9)),
        *(block("yes_no", n) for n in (9, 10)),
        *(block("scale", n, **scale) for n in (11, 12, 13)),
        *(block("multiple", n, options=items(n, 6)) for n in (14, 15)),
        block("matrix", 16, rows=items(16, 3), options=items(16, 5, first=11)),
        block("ranking", 17, options=items(17, 4)),
        block("number", 18, whole=True),
        block("date", 19),
        block("text", 20),
    ]


#: What a response answers, as SQL: question, option, text, number; ``n`` is its number.
def drawn():
    """Rows of answers of the response ``n``."""

    def of(salt, many):
        return f"mod(hashint4(n * 31 + {salt}) & 1023, {many})"

    def option(number, place):
        return f"'{key(number)[:-6]}' || lpad(({place})::text, 6, '0')"

    one = "''", "NULL"
    for number in range(1, 9):
        yield f"'{key(number)}'", option(number, f"1 + {of(number, 5)}"), *one
    for number in (9, 10):
        yield f"'{key(number)}'", f"(ARRAY['yes','no'])[1 + {of(number, 2)}]", *one
    for number in (11, 12, 13):
        yield f"'{key(number)}'", f"(1 + {of(number, 5)})::text", *one
    for number in (14, 15):
        yield f"'{key(number)}'", option(number, f"1 + {of(number, 3)}"), *one
        yield f"'{key(number)}'", option(number, f"4 + {of(number + 50, 3)}"), *one
    for row in (1, 2, 3):
        yield f"'{key(16, row)}'", option(16, f"11 + {of(row * 7, 5)}"), *one
    for place in range(4):
        where = f"1 + mod(n + {place}, 4)"
        yield f"'{key(17)}'", option(17, where), "''", str(place + 1)
    age = f"16 + {of(18, 75)}"
    yield f"'{key(18)}'", "''", f"({age})::text", age
    day = f"739000 + {of(19, 300)}"
    yield f"'{key(19)}'", "''", f"({day})::text", day
    yield f"'{key(20)}'", "''", "'كلمات من عندي'", "NULL"


class Filled:
    """A survey that is filled further and further."""

    def __init__(self):
        now = timezone.now()
        with transaction.atomic():
            topic = make_consultation_page(**period())
            self.survey = make_survey(topic=topic, languages=("ar",))
            set_questions(self.survey, questions())
            self.survey.save_revision().publish()
            with clock.rehearse(now):
                row = respond(self.survey, Answer(key(1), key(1, 1))).participation
        self.key = self.survey.translation_key
        self.user = make_user("analyst", superuser=True)
        self.first, self.response = row, row.survey_response
        # What came in just now is not kept yet.
        Participation.objects.update(received_at=now - timedelta(hours=1))
        # Where a stretch of its own begins.
        self.base = 10_000 * (SurveyResponse.objects.latest("id").pk // 10_000 + 1)
        self.number = 0

    def fill(self, number: int) -> None:
        """Go on until there are so many."""
        for start in range(self.number, number, STEP):
            with transaction.atomic(), connection.cursor() as cursor:
                self._write(cursor, start, min(start + STEP, number))
        self.number = number
        with connection.cursor() as cursor:
            for model in (Participation, SurveyResponse, SurveyAnswer):
                cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")

    def _write(self, cursor, start: int, end: int) -> None:
        numbers = f"generate_series({start}, {end - 1}) n"
        _copy(
            cursor,
            self.first,
            numbers,
            id=f"{self.base} + n",
            public_id="gen_random_uuid()",
            idempotency_key="lpad(n::text, 64, 'k')",
            receipt_hash="lpad(n::text, 64, 'r')",
            language="CASE WHEN mod(n, 5) = 0 THEN 'en' ELSE 'ar' END",
            capacity="(ARRAY['','citizen','resident','business'])[1 + mod(n, 4)]",
            channel="CASE WHEN mod(n, 50) = 0 THEN 'counter' ELSE 'portal' END",
        )
        _copy(
            cursor,
            self.response,
            numbers,
            id=f"{self.base} + n",
            participation_id=f"{self.base} + n",
        )
        table = SurveyAnswer._meta.db_table
        parts = " UNION ALL ".join(
            f"SELECT n, {question} AS question, {option} AS option, {text} AS words,"
            f" {number}::numeric AS number FROM {numbers}"
            for question, option, text, number in drawn()
        )
        cursor.execute(
            f"INSERT INTO {table} (response_id, question_id, option_id, text, number,"
            f" sealed) SELECT {self.base} + n, question, option, words, number, ''"
            f" FROM ({parts}) AS given ORDER BY n"
        )


def _copy(cursor, row, numbers: str, **columns) -> None:
    """Write a row once for each number, with other values in some columns."""
    meta = row._meta
    names = [field.column for field in meta.concrete_fields]
    values = ", ".join(columns.get(name, f"old.{name}") for name in names)
    cursor.execute(
        f"INSERT INTO {meta.db_table} ({', '.join(names)}) SELECT {values}"
        f" FROM {meta.db_table} old, {numbers} WHERE old.id = %s",
        [row.pk],
    )


def seconds(do) -> float:
    """How long it takes once."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def median(do) -> float:
    """How long it usually takes."""
    return statistics.median(seconds(do) for _turn in range(TURNS))


def measure(filled: Filled, number: int) -> list[Figure]:
    """All figures at one size."""
    filled.fill(number)
    survey, at = filled.survey, f"{number:,}"
    asked = survey.questions_list()
    now = timezone.now()
    SurveyTally.objects.all().delete()
    whole = seconds(lambda: count([Span(filled.key)]))

    def job():
        while keep_counts(now):
            pass

    kept_in = seconds(job)
    client = Client(headers={"accept-language": "ar"})
    client.force_login(filled.user)
    desk = reverse(
        "eparticipation_admin:survey_results",
        args=[survey.consultation.pk, survey.pk],
    )
    closed = now + timedelta(days=400)

    def get(address, at=now):
        with clock.rehearse(at):
            answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    first = seconds(lambda: get(desk))
    with CaptureQueriesContext(connection) as captured:
        get(desk)
    queries = len(captured)
    figures = [
        Figure(f"{at}: count of everything from nothing", whole, "s"),
        Figure(f"{at}: the job keeps the counts in", kept_in, "s"),
        Figure(f"{at}: desk, first view", first, "s", at_most=2),
        Figure(f"{at}: desk, queries", queries, at_most=15, hard=True),
        Figure(
            f"{at}: from kept counts",
            1000 * median(lambda: results_in(tally_of(filled.key), asked)),
            "ms",
            at_most=100,
        ),
    ]
    for name, address, moment in (
        ("desk", desk, now),
        ("desk by language", f"{desk}?split=language", now),
        ("desk per person", f"{desk}?people=1", now),
        ("public page", survey.get_url(), closed),
    ):
        took = median(lambda address=address, moment=moment: get(address, moment))
        figures.append(Figure(f"{at}: {name}", 1000 * took, "ms"))
    return figures


@load("results: a survey of 20 questions")
def survey_results() -> list[Figure]:
    if connection.vendor != "postgresql":
        return []
    filled = Filled()
    found = [measure(filled, number) for number in SIZES]
    figures = [each for some in found for each in some]
    for place, name in ((0, "from nothing"), (4, "from kept counts")):
        first, *more = [some[place].value for some in found]
        figures += [
            Figure(f"{name}: {size:,} against {SIZES[0]:,}", each / first, "times")
            for size, each in zip(SIZES[1:], more, strict=True)
        ]
    return figures
