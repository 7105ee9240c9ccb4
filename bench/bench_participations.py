"""The door against the plainest view, which inserts the same row in a transaction."""

import itertools
import uuid
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseRedirect
from django.test import Client, override_settings
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from bench.registry import bench
from tests.factories import make_consultation, make_user
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import tokens
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.importing import (
    CHUNK,
    ImportRow,
    import_rows,
)
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import install_pack

TEXT = "أقترح زيادة عدد المقاعد المظللة قرب ألعاب الأطفال. " * 4
PLAIN = "plain view that inserts the same row"
_numbers = itertools.count()


def period():
    now = timezone.now()
    return {
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=1),
    }


def plain_row(consultation):
    now = timezone.now()
    key = uuid.uuid4().hex
    return Participation.objects.create(
        consultation=consultation,
        period=consultation.window.period,
        tool="comment",
        text=TEXT,
        language="ar",
        publication="without_name",
        consent="explicit",
        made_at=now,
        received_at=now,
        idempotency_key=key,
        receipt_hash=key,
    )


@csrf_exempt
def plain_view(request, pk):
    """One transaction, one row, no lock, clock, ledger, receipt or signal."""
    with transaction.atomic():
        plain_row(Consultation.objects.select_related("window__period").get(pk=pk))
    return HttpResponseRedirect("/")


urlpatterns = [path("plain/<int:pk>/", plain_view)]


@bench(PLAIN, queries_at_most=4)
def plain_over_http():
    consultation = make_consultation(**period())
    client = Client()

    def send():
        with override_settings(ROOT_URLCONF=__name__):
            client.post(f"/plain/{consultation.pk}/", {"text": TEXT})

    return send


@bench("door: anonymous comment", queries_at_most=12, compared_with=PLAIN)
def anonymous():
    consultation = make_consultation(**period())
    return lambda: submit(
        consultation, Submission(tool="comment", language="ar", text=TEXT)
    )


@bench("door: comment with name and e-mail", queries_at_most=12, compared_with=PLAIN)
def identified():
    consultation = make_consultation(**period())
    person = Person(name="سارة", email="sara@municipality.example")
    submission = Submission(tool="comment", language="ar", text=TEXT, person=person)
    return lambda: submit(consultation, submission)


@bench("door: with 20,000 in the topic", queries_at_most=12, compared_with=PLAIN)
def crowded():
    consultation = make_consultation(**period())
    first = plain_row(consultation)
    rows = []
    for number in range(20_000):
        key = f"{number:064}"
        rows.append(
            Participation(
                consultation=consultation,
                period_id=first.period_id,
                tool="comment",
                text=TEXT,
                language="ar",
                publication="without_name",
                consent="explicit",
                made_at=first.made_at,
                received_at=first.made_at,
                idempotency_key=key,
                receipt_hash=key,
            )
        )
    Participation.objects.bulk_create(rows, batch_size=500)
    return lambda: submit(
        consultation, Submission(tool="comment", language="ar", text=TEXT)
    )


@bench("form sent over HTTP", queries_at_most=16, compared_with=PLAIN)
def over_http():
    page = make_consultation_page(policy_version=install_pack("qassim")[0], **period())
    consultation = page.consultation
    url = reverse("eparticipation:send", args=["ar", consultation.public_id, "comment"])
    client = Client()

    def send():
        cache.clear()
        response = client.post(
            url,
            {
                "token": tokens.new_token().signed(consultation),
                "text": TEXT,
                "language": "ar",
                "publication": "without_name",
                "accept": "on",
            },
            REMOTE_ADDR=f"9.9.{next(_numbers) % 250}.9",
        )
        if response.status_code != 302:
            raise AssertionError(response.status_code)

    return send


@bench("plain: 500 rows, one after another")
def plain_rows():
    consultation = make_consultation(**period())
    return lambda: [plain_row(consultation) for _number in range(CHUNK)]


@bench(
    "import of 500 rows",
    queries_at_most=45,
    compared_with="plain: 500 rows, one after another",
)
def imported_chunk():
    consultation = make_consultation(**period())
    clerk = make_user(superuser=True)
    made_at = timezone.now()

    def bring_in():
        rows = (
            ImportRow(
                text=TEXT, made_at=made_at, name="@reader", source_id=uuid.uuid4().hex
            )
            for _number in range(CHUNK)
        )
        import_rows(consultation, rows, channel="social", actor=clerk, batch="bench")

    return bring_in
