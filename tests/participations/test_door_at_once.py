"""The door with many people in it at once, on real connections and real locks.

``TEST_AT_ONCE_TIMES=20`` repeats the closing with two hundred submits so often, each
time with the closing at another place among them.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import close_old_connections, connections, transaction
from django.utils import timezone

from tests.factories import make_consultation, make_user
from tests.together import real_connections
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis import snapshot
from wagtail_eparticipation.analysis.models import Snapshot
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.windows import hold_exclusive
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.importing import ImportRow, import_rows
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.policy.install import install_pack

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 8
#: Connections of the closing; PostgreSQL's own default allows a hundred in all.
CROWD = 40
TIMES = int(os.environ.get("TEST_AT_ONCE_TIMES", "3"))


@pytest.fixture(autouse=True)
def database_of_real_connections(tmp_path):
    with real_connections(tmp_path):
        yield


def open_now(**fields):
    now = timezone.now()
    return make_consultation(
        opens_at=now - timedelta(days=25), closes_at=now + timedelta(days=1), **fields
    )


def send(consultation, **fields):
    submission = Submission(tool="comment", language="ar", text="نص", **fields)
    return submit(consultation, submission)


def at_once(work, numbers, workers=WORKERS):
    """Run ``work(number)`` in threads that start together; results in order."""
    numbers = list(numbers)
    start = threading.Barrier(workers)

    def run(share):
        close_old_connections()
        try:
            start.wait()
            return [(number, work(number)) for number in share]
        finally:
            connections.close_all()

    shares = [numbers[first::workers] for first in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        done = [pair for result in pool.map(run, shares) for pair in result]
    return [result for _number, result in sorted(done, key=lambda pair: pair[0])]


def test_the_same_form_sent_eight_times_at_once_is_one_participation():
    consultation = open_now()
    person = Person(name="سارة", email="sara@example.org")
    outcomes = at_once(
        lambda _number: send(consultation, idempotency_key="form", person=person),
        range(WORKERS),
    )
    assert Participation.objects.count() == 1
    assert len({outcome.receipt_code for outcome in outcomes}) == 1
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 7
    assert consultation.ledger_events.filter(kind="participation.received").count() == 1


def test_the_same_outside_item_imported_eight_times_at_once_is_one_participation():
    consultation = open_now()
    post = {"channel": "social", "source_id": "1", "made_at": timezone.now()}
    outcomes = at_once(lambda _number: send(consultation, **post), range(WORKERS))
    assert {outcome.participation.pk for outcome in outcomes} == set(
        Participation.objects.values_list("pk", flat=True)
    )
    assert Participation.objects.count() == 1


def test_different_people_at_once_are_all_taken_in():
    consultation = open_now()
    outcomes = at_once(lambda number: send(consultation), range(80))
    assert Participation.objects.filter(state=State.RECEIVED).count() == 80
    assert len({outcome.receipt_code for outcome in outcomes}) == 80
    assert not any(outcome.repeated for outcome in outcomes)


@pytest.mark.parametrize("turn", range(TIMES))
def test_two_hundred_submits_around_an_early_closing_are_each_before_or_after(turn):
    """The closing's snapshot counts exactly what was accepted (AC-S3-F5).

    Every tenth is sent twice, as by a double click. Somebody asks for the numbers all
    the while, so that they are frozen as soon as they can be.
    """
    version, _created = install_pack("qassim")
    consultation = open_now(policy_version=version)
    asking = make_user(permissions=["request_act", "view_consultation"])
    other = make_user(permissions=["authorise_act", "view_consultation"])
    act = acts.request(
        consultation,
        "close_early",
        actor=asking,
        reason=early_closing_reason(version),
        urgent=True,
    )
    now_close, closed, done = threading.Event(), threading.Event(), threading.Event()

    def close():
        try:
            now_close.wait(60)
            acts.authorise(act, actor=other)
        finally:
            closed.set()
            connections.close_all()

    def freeze():
        try:
            now_close.wait(60)
            while not done.wait(0.01):
                snapshot.catch_up(Consultation.objects.get(pk=consultation.pk))
        finally:
            connections.close_all()

    def one_of_many(number):
        if number == CROWD + turn * 7 % 120:
            now_close.set()
        if number >= 180:
            closed.wait(60)
        outcome = send(consultation, idempotency_key=f"form {number}")
        if number % 10 == 0:
            again = send(consultation, idempotency_key=f"form {number}")
            assert again.receipt_code == outcome.receipt_code
        return outcome

    others = [threading.Thread(target=work) for work in (close, freeze)]
    for thread in others:
        thread.start()
    try:
        outcomes = at_once(one_of_many, range(200), workers=CROWD)
    finally:
        now_close.set()
        done.set()
        for thread in others:
            thread.join()
    consultation.refresh_from_db()
    closing = consultation.window.closes_at
    rows = list(Participation.objects.values_list("pk", "state", "received_at"))
    accepted = {pk: at for pk, state, at in rows if state == State.RECEIVED}
    late = {pk: at for pk, state, at in rows if state == State.LATE}
    assert len(rows) == len(accepted) + len(late) == 200
    assert {outcome.participation.pk for outcome in outcomes} == {*accepted, *late}
    assert len({outcome.receipt_code for outcome in outcomes}) == 200
    assert all(
        outcome.late == (outcome.participation.pk in late) for outcome in outcomes
    )
    assert accepted
    assert late
    assert max(accepted.values()) < closing <= min(late.values())
    assert snapshot.closing_of(consultation).counted == len(accepted)
    assert Snapshot.objects.filter(kind=Snapshot.Kind.CLOSING).count() == 1


def early_closing_reason(version):
    from wagtail_eparticipation.policy.reading import policy_of

    code = policy_of(version).reasons_for("close_early")[0].code
    return acts.Reason(code, {"ar": "انتفت الحاجة.", "en": "No longer needed."})


def test_a_submit_that_waited_for_an_act_is_judged_after_it():
    """The clock is read once the window is held, not when the transaction began."""
    consultation = open_now()
    held, outcomes = threading.Event(), []

    def submit_meanwhile():
        held.wait(10)
        try:
            outcomes.append(send(consultation))
        finally:
            connections.close_all()

    waiting = threading.Thread(target=submit_meanwhile)
    waiting.start()
    with transaction.atomic():
        window = hold_exclusive(consultation)
        held.set()
        waiting.join(0.5)
        assert not outcomes
        window.closes_at = clock.database_now()
        window.save(update_fields=["closes_at"])
    waiting.join(30)
    assert outcomes[0].late
    assert outcomes[0].participation.received_at >= window.closes_at


def test_a_worker_with_a_wrong_clock_decides_by_the_database_clock(monkeypatch):
    consultation = open_now()
    wrong = timezone.now() + timedelta(days=400)
    monkeypatch.setattr("django.utils.timezone.now", lambda: wrong)
    participation = send(consultation).participation
    assert participation.state == State.RECEIVED
    assert participation.received_at < wrong - timedelta(days=399)


def test_the_same_posts_imported_twice_at_once_come_in_once():
    consultation = open_now()
    clerk = make_user(superuser=True)
    made_at = timezone.now() - timedelta(days=1)

    def bring_in(number):
        rows = [
            ImportRow(text="نص", made_at=made_at, source_id=f"p{post}")
            for post in range(40)
        ]
        return import_rows(
            consultation, rows, channel="social", actor=clerk, batch=f"b{number}"
        )

    reports = at_once(bring_in, range(2))
    assert sum(report.imported for report in reports) == 40
    assert sum(report.repeated for report in reports) == 40
    assert consultation.participations.count() == 40
