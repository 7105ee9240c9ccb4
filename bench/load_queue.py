"""The moderation queue over a register of a million, against one of ten thousand."""

import statistics
import time
import uuid

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.loads import Figure, load, sized
from tests.factories import DURING, make_consultation, make_user
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation import clock
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.picked import written
from wagtail_eparticipation.participations.models import (
    Consent,
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.policy.install import install_pack

SMALL, LARGE = 10_000, sized(50_000, 1_000_000)
#: One of so many waits: 50,000 of a million.
ONE_IN = 20
TOPICS = 10
TURNS = 15
BULK = 1_000
TEXT = "أقترح زيادة عدد المقاعد المظللة قرب ألعاب الأطفال."

#: Columns that must be other ones in each copy, by what makes them.
_FRESH = {
    "postgresql": {
        "public_id": "gen_random_uuid()",
        "idempotency_key": "md5(random()::text || id::text)",
        "receipt_hash": "md5(random()::text || id::text)",
    },
    "mysql": {
        "public_id": "UUID()",
        "idempotency_key": "MD5(CONCAT(RAND(), id))",
        "receipt_hash": "MD5(CONCAT(RAND(), id))",
    },
}


def seed(topics) -> None:
    """A thousand rows: of all topics and two languages, one in twenty waiting."""
    Participation.objects.bulk_create(
        Participation(
            consultation=topics[number % TOPICS],
            period=topics[number % TOPICS].periods.first(),
            tool="comment",
            state=State.RECEIVED if number % ONE_IN < 1 else State.UNPUBLISHED,
            text=TEXT,
            text_html=f"<p>{TEXT}</p>",
            language="ar" if (number // ONE_IN) % 3 else "en",
            publication=Publication.WITHOUT_NAME,
            consent=Consent.EXPLICIT,
            made_at=DURING,
            received_at=DURING,
            idempotency_key=uuid.uuid4().hex,
            receipt_hash=uuid.uuid4().hex,
        )
        for number in range(1_000)
    )


def grow(first: int, number: int) -> None:
    """Copy the rows from ``first`` on until there are so many, inside the database."""
    fresh = _FRESH[connection.vendor]
    if connection.vendor == "mysql" and not connection.features.has_native_uuid_field:
        fresh = {**fresh, "public_id": "REPLACE(UUID(), '-', '')"}
    columns = [
        field.column
        for field in Participation._meta.concrete_fields
        if not field.primary_key
    ]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    values = ", ".join(
        fresh.get(column, connection.ops.quote_name(column)) for column in columns
    )
    table = connection.ops.quote_name(Participation._meta.db_table)
    rows = Participation.objects.filter(pk__gte=first)
    analyse = "ANALYZE TABLE" if connection.vendor == "mysql" else "VACUUM ANALYZE"
    with connection.cursor() as cursor:
        while (present := rows.count()) < number:
            cursor.execute(
                # Names of the model's own columns, nothing from outside.
                f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table}"  # noqa: S608
                " WHERE id >= %s ORDER BY id LIMIT %s",
                [first, min(present, number - present)],
            )
        cursor.execute(f"{analyse} {table}")


def measured(client, address: str) -> tuple[float, int]:
    """Median milliseconds and queries of a page, once its caches are filled."""
    seconds = []
    with clock.rehearse(DURING):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries = len(asked)
        for _turn in range(TURNS):
            started = time.perf_counter()
            response = client.get(address)
            seconds.append(time.perf_counter() - started)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return statistics.median(seconds) * 1000, queries


@load("queue: a register of a million")
def queue() -> list[Figure]:
    policy, _created = install_pack("qassim")
    topics = [make_consultation(policy_version=policy) for _n in range(TOPICS)]
    seed(topics)
    first = Participation.objects.filter(consultation=topics[0]).order_by("pk")[0].pk
    client = Client()
    client.force_login(make_user("queue-reader", superuser=True))
    address = reverse("eparticipation_admin:moderation")
    topic = Participation.objects.waiting().filter(pk__gte=first)[0].consultation_id
    pages = {
        "first page": address,
        "one topic": f"{address}?consultation={topic}",
        "one language": f"{address}?language=en",
        "nobody's, over a day old": f"{address}?assignee=nobody&age=1",
    }
    grow(first, SMALL)
    small = {name: measured(client, page) for name, page in pages.items()}
    grow(first, LARGE)
    figures = [Figure("participations", Participation.objects.count())]
    figures.append(Figure("waiting", Participation.objects.waiting().count()))
    for name, page in pages.items():
        milliseconds, queries = measured(client, page)
        before, _queries = small[name]
        figures += [
            # Of these eleven are the admin's own: session, menus, languages.
            Figure(f"{name}: queries", queries, at_most=20, hard=True),
            Figure(f"{name}: at {SMALL:,}", before, "ms"),
            Figure(f"{name}: at {LARGE:,}", milliseconds, "ms"),
            Figure(f"{name}: ratio", milliseconds / before, at_most=1.5),
        ]
    return figures


@load("queue: a thousand at once")
def many() -> list[Figure]:
    policy, _created = install_pack("qassim")
    with transaction.atomic():
        page = make_consultation_page(policy_version=policy)
    topics = [page.consultation] * TOPICS
    seed(topics)
    rows = Participation.objects.filter(consultation=page.consultation)
    rows.update(state=State.RECEIVED)
    user = make_user("decider", superuser=True)
    client = Client()
    client.force_login(user)
    figures = []
    action = "eparticipation_publish"
    address = reverse(
        "wagtail_bulk_action", args=["wagtail_eparticipation", "participation", action]
    )
    waiting = list(rows.waiting()[:BULK])
    with clock.rehearse(DURING):
        started = time.perf_counter()
        client.post(
            f"{address}?id=all&consultation={page.consultation_id}",
            {"seen": written(waiting)},
        )
        seconds = time.perf_counter() - started
    done = rows.filter(state=State.PUBLISHED).count()
    figures.append(Figure("published at once", done, at_least=BULK, hard=True))
    figures.append(Figure("seconds", seconds, "s", at_most=5))
    one = Participation.objects.create(**_one(page.consultation))
    with CaptureQueriesContext(connection) as asked:
        decide(one, "publish", actor=user, expected_state=State.RECEIVED, now=DURING)
    around = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    queries = [each for each in asked if not each["sql"].startswith(around)]
    figures.append(Figure("queries of one decision", len(queries), at_most=15))
    return figures


def _one(consultation) -> dict:
    return {
        "consultation": consultation,
        "tool": "comment",
        "text": TEXT,
        "text_html": f"<p>{TEXT}</p>",
        "language": "ar",
        "publication": Publication.WITHOUT_NAME,
        "consent": Consent.EXPLICIT,
        "made_at": DURING,
        "received_at": DURING,
        "idempotency_key": uuid.uuid4().hex,
        "receipt_hash": uuid.uuid4().hex,
    }
