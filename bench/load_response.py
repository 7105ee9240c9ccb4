"""A survey of twenty questions with many people at it: four web workers."""

import itertools
import statistics
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.bench_participations import period
from bench.loads import Figure, load, sized
from bench.web import Post, send_all, serving
from tests.factories_pages import make_consultation_page
from tests.surveys.makers import make_survey, set_questions
from wagtail_eparticipation.participations import tokens
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse

SUBMITS = sized(400, 4_000)
ROUNDS = 4
QUESTIONS = 20
_numbers = itertools.count(1)


def key(number: int) -> str:
    """An id as a block has one."""
    return f"{number:08d}-0000-4000-8000-000000000000"


def questions() -> list[dict]:
    """Fifteen choices, two of several, a number and two texts, as stream data."""
    return [_question(place) for place in range(1, QUESTIONS + 1)]


def _question(place: int) -> dict:
    value: dict = {"question": f"سؤال {place}", "required": place % 2 == 0}
    kind = "text" if place > 18 else "number" if place == 18 else "single"
    if place in (16, 17):
        kind = "multiple"
    if kind in ("single", "multiple"):
        value["options"] = [
            {"type": "item", "value": f"خيار {n}", "id": key(place * 100 + n)}
            for n in range(1, 6)
        ]
    return {"type": kind, "id": key(place), "value": value}


def survey():
    """A published survey of a topic that is open, in Arabic."""
    with transaction.atomic():
        policy, _created = install_pack("qassim")
        topic = make_consultation_page(policy_version=policy, **period())
        page = make_survey(topic=topic, languages=("ar",), live=False)
        set_questions(page, questions())
        page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def forms(page, number: int) -> list[Post]:
    """So many filled forms, each handed out to somebody else."""
    path = reverse("eparticipation:answer", args=["ar", page.pk])
    shape = page.get_form(consultation=page.consultation).shape_now
    return [
        Post(path, urlencode(filled(page, shape)), f"8.{n % 200}.8.{n % 250}")
        for n in range(number)
    ]


def filled(page, shape: str) -> list[tuple[str, str]]:
    number = next(_numbers)
    data = [
        ("token", tokens.new_token().signed(page.consultation)),
        ("shape", shape),
        ("accept", "on"),
    ]
    for place in range(1, 18):
        chosen = key(place * 100 + 1 + (number + place) % 5)
        data.append((f"q_{key(place)}", chosen))
    data.append((f"q_{key(18)}", str(18 + number % 60)))
    data.append((f"q_{key(19)}", f"نريد ظلا عند البوابة رقم {number} من فضلكم"))
    data.append((f"q_{key(20)}", f"وماء عند الملعب رقم {number} أيضا"))
    return data


@load("survey: four web workers")
def responses() -> list[Figure]:
    """Responses a second, what was lost or counted twice, and queries for one."""
    page, rates, sent, answers = survey(), [], [], []
    with serving() as port:
        send_all(port, forms(survey(), 40))
        for _round in range(ROUNDS):
            posts = forms(page, SUBMITS // ROUNDS)
            seconds, statuses = send_all(port, posts)
            rates.append(len(posts) / seconds)
            sent += posts
            answers += statuses
        _seconds, again = send_all(port, sent[::10])
    found = SurveyResponse.objects.filter(survey_key=page.translation_key)
    rows = found.count()
    kept = SurveyAnswer.objects.filter(response__in=found).count()
    accepted = sum(status == 302 for status in answers)
    return [
        Figure("forms sent", len(sent)),
        Figure("responses a second", statistics.median(rates), "/s", at_least=60),
        Figure("lost", len(sent) - min(accepted, rows), at_most=0, hard=True),
        Figure("counted twice", rows - len(sent), at_most=0, hard=True),
        Figure("answers lost", rows * QUESTIONS - kept, at_most=0, hard=True),
        Figure(
            "sent again without a receipt",
            sum(status != 302 for status in again),
            at_most=0,
            hard=True,
        ),
        Figure("queries a response", queries(page), at_most=15, hard=True),
    ]


def queries(page) -> int:
    """What one response asks the database, in a worker that has run for a while."""
    client, counts = Client(), []
    with override_settings(ROOT_URLCONF="bench.urls"):
        for post in forms(page, 3):
            with CaptureQueriesContext(connection) as captured:
                response = client.post(
                    post.path,
                    post.body,
                    content_type="application/x-www-form-urlencoded",
                )
            if response.status_code != 302:
                raise RuntimeError("A response was not taken in")
            counts.append(len(captured))
    return counts[-1]
