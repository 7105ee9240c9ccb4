"""A complaint goes to its service, once, whatever happens on the way (S3-K)."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from tests.analysis.makers import make_participation as make_counted
from tests.factories import DURING, make_consultation
from tests.moderation.makers import make_moderator, make_topic, make_waiting
from tests.notifications.smtp import running as running_mail
from tests.replies import service as services
from tests.replies.makers import COMPLAINT, send_complaint
from wagtail_eparticipation.analysis.snapshot import count
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.possible import possible_outcomes
from wagtail_eparticipation.participations import receipt_notes
from wagtail_eparticipation.participations.identity import destroy
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.replies import handovers, job
from wagtail_eparticipation.replies.models import Handover

pytestmark = pytest.mark.django_db
SALEM = "salem@people.example"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def webhook(settings):
    with services.running(settings) as service:
        yield service


@pytest.fixture
def mailbox(settings):
    with running_mail(settings) as box:
        yield box


def run_at(later):
    with rehearse(DURING + later):
        return job.run()


def test_a_complaint_is_re_routed_and_counts_as_that_alone(webhook):
    topic = make_consultation()
    make_counted(topic)
    complaint = send_complaint(topic)
    assert complaint.state == State.REROUTED
    numbers = count(topic)
    assert numbers["counted"] == 1
    assert numbers["state"]["rerouted"] == 1
    assert numbers["tool"] == {"comment": 1}


def test_the_service_gets_a_signed_document_and_gives_the_reference(webhook):
    complaint = send_complaint(make_consultation())
    assert run_at(timedelta(0)) == ["complaints handed 1"]
    handover = Handover.objects.get(participation=complaint)
    assert (handover.state, handover.reference) == ("handed", "SH-1")
    ((headers, body),) = webhook.requests
    content = json.loads(body)
    assert (content["text"], content["number"]) == (COMPLAINT, complaint.number)
    assert "contact" not in content
    assert headers["Idempotency-Key"] == str(handover.public_id)
    signed = headers["X-EParticipation-Timestamp"].encode() + b"." + body
    expected = hmac.new(services.SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-EParticipation-Signature"] == f"sha256={expected}"
    (note,) = [
        note for note in receipt_notes.notes_for(complaint, "en") if "SH-1" in note.text
    ]
    assert note.done


def test_nothing_is_lost_while_the_service_is_down_slow_or_broken(settings):
    with services.running(settings) as service:
        service.pause = 30
        complaint = send_complaint(make_consultation())
        slow, seconds = services.elapsed(lambda: run_at(timedelta(0)))
        assert slow == ["complaints waiting 1"]
        assert seconds < 10
        service.pause = 0
        service.answers = [(500, {}), (200, b"<html>"), (200, {"reference": "SH-7"})]
        assert run_at(timedelta(minutes=1)) == []
        assert run_at(timedelta(minutes=6)) == ["complaints waiting 1"]
        assert Handover.objects.get().error == "HTTP 500"
        assert run_at(timedelta(hours=1)) == ["complaints waiting 1"]
        assert Handover.objects.get().error == "NoReference"
        port = service.port
    services.use(settings, services.WEBHOOK, url=f"http://127.0.0.1:{port}/in")
    assert run_at(timedelta(hours=3)) == ["complaints waiting 1"]
    assert Handover.objects.get().error == "ConnectionRefusedError"
    with services.running(settings) as service:
        service.answers = [(200, {"reference": "SH-7"})]
        assert run_at(timedelta(days=1)) == ["complaints handed 1"]
        assert run_at(timedelta(days=2)) == []
        assert len(service.requests) == 1
    handover = Handover.objects.get(participation=complaint)
    assert (handover.reference, handover.attempts, handover.error) == ("SH-7", 5, "")


def test_an_answer_that_drips_for_ever_ends_with_the_time_there_is(webhook):
    webhook.drip = 0.3
    send_complaint(make_consultation())
    done, seconds = services.elapsed(lambda: run_at(timedelta(0)))
    assert done == ["complaints waiting 1"]
    assert seconds < 10


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}),
        (200, {"reference": ""}),
        (200, {"reference": "x" * 121}),
        (200, {"reference": "a\nb"}),
        (200, {"reference": ["a"]}),
        (200, ["reference"]),
        (200, b"\xff\xfe"),
        (200, b"x" * 70_000),
        (302, {"reference": "SH-1"}),
        (429, {}),
        (503, {}),
    ],
)
def test_whatever_the_service_answers_the_complaint_stays(webhook, answer):
    webhook.answers = [answer]
    send_complaint(make_consultation())
    run_at(timedelta(0))
    assert Handover.objects.get().state == Handover.State.WAITING


def test_a_refused_complaint_fails_and_can_be_tried_again(webhook):
    webhook.answers = [(422, {}), (200, {"reference": "SH-2"})]
    complaint = send_complaint(make_consultation())
    assert run_at(timedelta(0)) == ["complaints failed 1"]
    handover = Handover.objects.get()
    (note,) = [
        note for note in receipt_notes.notes_for(complaint, "ar") if not note.done
    ]
    assert "لم تنجح الإحالة" in note.text
    handovers.retry(handover, actor=make_moderator())
    assert run_at(timedelta(0)) == ["complaints handed 1"]
    with pytest.raises(handovers.NothingToRetry):
        handovers.retry(handover, actor=make_moderator())


def test_it_is_tried_with_longer_pauses_and_then_shown_as_failed(webhook):
    webhook.answers = [(500, {})]
    send_complaint(make_consultation())
    at, pauses = timedelta(0), []
    for _attempt in range(handovers.ATTEMPTS):
        run_at(at)
        handover = Handover.objects.get()
        pauses.append(handover.due_at - DURING - at)
        at = handover.due_at - DURING
    assert handover.state == Handover.State.FAILED
    assert pauses[:3] == [timedelta(minutes=each) for each in (5, 10, 20)]
    assert max(pauses) == handovers.LONGEST_PAUSE


@pytest.mark.parametrize(("share", "known"), [(True, True), (False, False)])
def test_the_reporter_is_named_only_by_consent(webhook, share, known):
    send_complaint(make_consultation(), share=share, email=SALEM)
    run_at(timedelta(0))
    _headers, body = webhook.requests[0]
    assert (SALEM.encode() in body) == known
    event = LedgerEvent.objects.get(kind="complaint.handed")
    assert event.data["contact"] is known
    assert COMPLAINT not in json.dumps(event.data, ensure_ascii=False)


def test_after_erasure_nobody_is_named(webhook):
    complaint = send_complaint(make_consultation(), share=True, email=SALEM)
    destroy(complaint, ground="asked")
    run_at(timedelta(0))
    assert SALEM.encode() not in webhook.requests[0][1]


def test_the_logs_and_the_row_hold_no_word_of_it(webhook, caplog):
    webhook.answers = [(500, {"error": COMPLAINT})]
    send_complaint(make_consultation(), share=True, email=SALEM)
    run_at(timedelta(0))
    told = caplog.text + str(list(Handover.objects.values()))
    assert COMPLAINT not in told
    assert SALEM not in told


def test_without_a_service_complaints_wait_until_there_is_one(settings):
    send_complaint(make_consultation())
    assert run_at(timedelta(0)) == ["complaints waiting 1"]
    assert Handover.objects.get().attempts == 0
    services.use(settings, services.URL, url="https://940.example/?n={reference}")
    assert run_at(timedelta(minutes=1)) == ["complaints handed 1"]


def test_an_address_is_told_at_once_with_the_reference(settings):
    services.use(settings, services.URL, url="https://940.example/?n={reference}")
    complaint = send_complaint(make_consultation())
    handover = Handover.objects.get(participation=complaint)
    assert handover.address == f"https://940.example/?n={complaint.number}"
    (note,) = [note for note in receipt_notes.notes_for(complaint, "ar") if note.url]
    assert complaint.number in note.text


@pytest.mark.parametrize("share", [True, False])
def test_a_mail_goes_through_a_real_server(
    settings, mailbox, share, django_capture_on_commit_callbacks
):
    services.use(settings, services.EMAIL, address="940@city.example")
    with django_capture_on_commit_callbacks(execute=True):
        complaint = send_complaint(make_consultation(), share=share, email=SALEM)
    (mail,) = mailbox.to("940@city.example")
    body = mail.get_body().get_content()
    assert COMPLAINT in body
    assert (SALEM in body) == share
    assert (mail["Reply-To"] == SALEM) == share
    told = [each.get_body().get_content() for each in mailbox.to(SALEM)]
    assert len(told) == 2
    assert any("رقمها لديها: " + complaint.number in each for each in told)


def test_a_mail_that_is_refused_is_tried_again(
    settings, mailbox, django_capture_on_commit_callbacks
):
    services.use(settings, services.EMAIL, address="940@city.example")
    mailbox.refuse["940@city.example"] = "451 later"
    with django_capture_on_commit_callbacks(execute=True):
        send_complaint(make_consultation())
    assert Handover.objects.get().state == Handover.State.WAITING
    del mailbox.refuse["940@city.example"]
    assert "complaints handed 1" in run_at(timedelta(minutes=6))
    assert len(mailbox.to("940@city.example")) == 1


def test_what_a_moderator_recognises_as_a_complaint_is_handed_over(webhook):
    topic = make_topic()
    item = make_waiting(topic, text=COMPLAINT)
    decide(
        item,
        "reroute",
        actor=make_moderator(),
        expected_state=State.RECEIVED,
        reason_code="rule-1.complaint",
    )
    run_at(timedelta(0))
    assert Handover.objects.get(participation=item).reference == "SH-1"
    assert count(topic)["counted"] == 0


def test_a_complaint_in_quarantine_is_never_published_or_counted(webhook):
    item = send_complaint(make_topic(), suspicious=True)
    assert not Handover.objects.exists()
    assert set(possible_outcomes(item, "collecting")) == {"refuse", "reroute"}
    with pytest.raises(errors.OutcomeNotPossible):
        decide(
            item,
            "keep_unpublished",
            actor=make_moderator(),
            expected_state=State.QUARANTINED,
        )


def test_beginning_twice_gives_one_handover(webhook):
    complaint = send_complaint(make_consultation())
    first = complaint.handover
    assert handovers.begin(complaint, now=DURING) == first
    assert Handover.objects.count() == 1


def test_what_is_no_complaint_any_more_is_not_handed_over(webhook):
    complaint = send_complaint(make_consultation())
    complaint.state = State.ROLLED_BACK
    complaint.save()
    assert run_at(timedelta(0)) == ["complaints failed 1"]
    assert not webhook.requests
