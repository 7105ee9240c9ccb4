"""The door with thousands at it: four web workers against the plainest peer."""

import statistics
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.bench_participations import TEXT, period, plain_row
from bench.loads import Figure, load, sized
from bench.web import Post, send_all, serving
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import tokens
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack

SUBMITS, PRESENT = sized(1_000, 10_000), sized(5_000, 100_000)
#: Rounds of both in turn, so that what else the machine does meets both alike.
ROUNDS = 4


def topic(present: int) -> Consultation:
    """A published topic with so many participations in it."""
    with transaction.atomic():
        policy, _created = install_pack("qassim")
        page = make_consultation_page(policy_version=policy, **period())
    if present:
        fill(page.consultation, present)
    return page.consultation


def fill(consultation, number: int) -> None:
    """Participations with their ledger events, written in bulk."""
    first = plain_row(consultation)
    fields = {
        field.attname: getattr(first, field.attname)
        for field in Participation._meta.concrete_fields
        if field.attname not in ("id", "public_id")
    }
    step = 5_000
    for start in range(1, number, step):
        numbers = range(start, min(start + step, number))
        rows = Participation.objects.bulk_create(
            Participation(**fields | _keys(f"{consultation.pk}:{place}"))
            for place in numbers
        )
        LedgerEvent.objects.bulk_create(
            LedgerEvent(
                consultation=consultation,
                kind="participation.received",
                at=row.received_at,
                data={"participation": str(row.public_id), "state": row.state},
            )
            for row in rows
        )
    # What the database does by itself after a while.
    analyse = "ANALYZE TABLE" if connection.vendor == "mysql" else "ANALYZE"
    with connection.cursor() as cursor:
        for model in (Participation, LedgerEvent):
            cursor.execute(f"{analyse} {model._meta.db_table}")


def _keys(key: str) -> dict[str, str]:
    return {"idempotency_key": f"{key:0>64}", "receipt_hash": f"{key:0>64}"}


def forms(consultation, number: int) -> list[Post]:
    """So many filled forms, each handed out to somebody else."""
    path = reverse(
        "eparticipation:send", args=["ar", consultation.public_id, "comment"]
    )
    return [
        Post(path, urlencode(filled(consultation)), f"9.{place % 200}.9.{place % 250}")
        for place in range(number)
    ]


def filled(consultation) -> dict[str, str]:
    return {
        "token": tokens.new_token().signed(consultation),
        "text": TEXT,
        "language": "ar",
        "publication": "without_name",
        "accept": "on",
    }


@load("door: four web workers")
def door() -> list[Figure]:
    busy, plain = topic(PRESENT), topic(0)
    before = busy.participations.count()
    path = f"/plain/{plain.pk}/"
    rates: dict[str, list[float]] = {"door": [], "plain": []}
    sent, answers = [], []
    with serving() as port:
        send_all(port, forms(topic(0), 40))
        for _round in range(ROUNDS):
            share = SUBMITS // ROUNDS
            posts = [Post(path, urlencode({"text": TEXT}))] * share
            seconds, statuses = send_all(port, posts)
            rates["plain"].append(share / seconds)
            if set(statuses) != {302}:
                raise RuntimeError(f"The plain peer answered {set(statuses)}")
            posts = forms(busy, share)
            seconds, statuses = send_all(port, posts)
            rates["door"].append(share / seconds)
            sent += posts
            answers += statuses
        # Whoever got no answer sends again: nothing may count twice.
        _seconds, again = send_all(port, sent[::10])
    rows = busy.participations.count() - before
    accepted = sum(status == 302 for status in answers)
    events = busy.ledger_events.filter(kind="participation.received").count()
    ratio = statistics.median(
        door / plain for door, plain in zip(rates["door"], rates["plain"], strict=True)
    )
    return [
        Figure("forms sent", len(sent)),
        Figure("plain rows a second", statistics.median(rates["plain"]), "/s"),
        Figure("forms a second", statistics.median(rates["door"]), "/s", at_least=100),
        Figure("of the plain peer's rate", ratio, at_least=1 / 3),
        Figure("forms lost", len(sent) - min(accepted, rows), at_most=0, hard=True),
        Figure("forms counted twice", rows - len(sent), at_most=0, hard=True),
        Figure(
            "resent forms without their receipt",
            sum(status != 302 for status in again),
            at_most=0,
            hard=True,
        ),
        Figure(
            "rows without their event",
            rows - (events - before + 1),
            at_most=0,
            hard=True,
        ),
        Figure("queries a form", queries(busy), at_most=12, hard=True),
    ]


def queries(consultation) -> int:
    """What one form asks the database, in a worker that has run for a while."""
    client, counts = Client(), []
    with override_settings(ROOT_URLCONF="bench.urls"):
        for post in forms(consultation, 3):
            with CaptureQueriesContext(connection) as captured:
                client.post(
                    post.path,
                    post.body,
                    content_type="application/x-www-form-urlencoded",
                )
            counts.append(len(captured))
    return counts[-1]
