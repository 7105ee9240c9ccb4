"""Several workers at the same complaint, on real connections."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_consultation
from tests.replies import service as services
from tests.replies.makers import ask, send_complaint
from tests.together import at_once, real_connections
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.replies import converting, handovers
from wagtail_eparticipation.replies.models import Case, Handover

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6


@pytest.fixture(autouse=True)
def connections_of_their_own(tmp_path):
    with real_connections(tmp_path):
        yield


def open_now():
    now = timezone.now()
    return make_consultation(
        opens_at=now - timedelta(days=3), closes_at=now + timedelta(days=3)
    )


def test_many_workers_hand_a_complaint_over_once(settings):
    with services.running(settings, timeout=10) as service:
        service.pause = 0.3
        send_complaint(open_now())
        pk, now = Handover.objects.get().pk, timezone.now() + timedelta(seconds=1)
        at_once(*[lambda: handovers.attempt(pk, now)] * WORKERS)
        assert len(service.requests) == 1
    assert Handover.objects.get().state == Handover.State.HANDED
    assert LedgerEvent.objects.filter(kind="complaint.handed").count() == 1


def test_the_same_enquiry_sent_by_many_at_once_is_one_case():
    topic = open_now()
    receipts = at_once(*[lambda: ask(topic, key="n1")] * WORKERS)
    assert len({receipt.code for receipt in receipts}) == 1
    assert Case.objects.count() == 1


def test_agreeing_many_times_at_once_is_one_participation(monkeypatch):
    topic = open_now()
    case = ask(topic).case
    Case.objects.filter(pk=case.pk).update(asked_at=timezone.now())
    monkeypatch.setattr(converting, "tool_for", lambda case: "comment")
    agreement = converting.Agreement("without_name", "ar")
    codes = at_once(*[lambda: converting.agree(case, agreement)] * WORKERS)
    assert len(set(codes)) == 1
    assert Participation.objects.count() == 1
