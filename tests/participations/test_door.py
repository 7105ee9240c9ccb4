"""The door takes each submission exactly once, exactly in time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AFTER, CLOSES, DURING, OPENS, make_consultation
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.participations import receipts, refusals
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import (
    Identity,
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.participations.withdrawal import withdraw
from wagtail_eparticipation.sanitize import TextTooLong

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def sent(consultation, at=DURING, **fields):
    fields.setdefault("text", "نريد ظلاً أكثر في الحديقة")
    submission = Submission(tool="comment", language="ar", **fields)
    with clock.rehearse(at):
        return submit(consultation, submission)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS, State.RECEIVED),
        (CLOSES - TICK, State.RECEIVED),
        (CLOSES, State.LATE),
        (CLOSES + timedelta(days=1), State.LATE),
    ],
)
def test_the_period_is_half_open(at, state):
    assert sent(make_consultation(), at).participation.state == state


def test_before_opening_nothing_is_taken_and_the_message_says_so():
    with pytest.raises(refusals.NotOpenYet, match="begun|تبدأ"):
        sent(make_consultation(), OPENS - TICK)
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    "stored", [Stored.WITHDRAWN, Stored.CLOSED, Stored.ARCHIVED, Stored.CANCELLED]
)
def test_an_ended_topic_takes_nothing(stored):
    with pytest.raises(refusals.Shut):
        sent(make_consultation(stored=stored))
    assert not Participation.objects.exists()


def test_a_topic_without_a_period_is_not_open():
    with pytest.raises(refusals.NotOpenYet):
        sent(make_consultation(stored=Stored.DRAFT))


def test_a_late_submission_keeps_its_words_and_gets_a_receipt():
    outcome = sent(make_consultation(), AFTER, text="وصلت متأخراً")
    assert outcome.late
    assert outcome.participation.text == "وصلت متأخراً"
    assert outcome.participation.late_reason == "received_after_closing"
    assert receipts.looks_like_code(outcome.receipt_code)


@pytest.mark.parametrize(
    ("issued", "at", "state"),
    [
        (CLOSES - TICK, CLOSES + timedelta(seconds=59), State.RECEIVED),
        (CLOSES - TICK, CLOSES + timedelta(seconds=60), State.LATE),
        (CLOSES, CLOSES + timedelta(seconds=1), State.LATE),
        (None, CLOSES + timedelta(seconds=1), State.LATE),
    ],
)
def test_grace_needs_a_form_handed_out_before_closing(settings, issued, at, state):
    settings.WAGTAIL_EPARTICIPATION = {"CLOSING_GRACE": 60}
    outcome = sent(make_consultation(), at, issued_at=issued)
    assert outcome.participation.state == state
    assert outcome.participation.within_grace == (state == State.RECEIVED)


@pytest.mark.parametrize(
    ("made", "evidence", "state"),
    [
        (CLOSES - TICK, "scan-12.pdf", State.RECEIVED),
        (CLOSES - TICK, "", State.LATE),
        (CLOSES, "scan-12.pdf", State.LATE),
        (OPENS - TICK, "scan-12.pdf", State.LATE),
    ],
)
def test_paper_counts_by_when_it_was_made(made, evidence, state):
    outcome = sent(
        make_consultation(), AFTER, channel="paper", made_at=made, evidence=evidence
    )
    assert outcome.participation.state == state


def test_sending_again_is_the_same_participation_with_the_same_receipt():
    consultation = make_consultation()
    first = sent(consultation, idempotency_key="abc")
    second = sent(consultation, DURING + timedelta(days=2), idempotency_key="abc")
    assert second.repeated
    assert second.participation == first.participation
    assert second.receipt_code == first.receipt_code
    assert Participation.objects.count() == 1


def test_sending_again_after_closing_still_finds_the_first():
    consultation = make_consultation()
    first = sent(consultation, idempotency_key="abc")
    again = sent(consultation, AFTER, idempotency_key="abc")
    assert again.participation == first.participation
    assert not again.late


@pytest.mark.parametrize("stored", [Stored.WITHDRAWN, Stored.ARCHIVED])
def test_sending_again_when_the_topic_is_shut_gives_the_old_receipt(stored):
    consultation = make_consultation()
    first = sent(consultation, idempotency_key="abc")
    Consultation.objects.filter(pk=consultation.pk).update(stored_stage=stored)
    again = sent(consultation, AFTER, idempotency_key="abc")
    assert again.receipt_code == first.receipt_code


def test_a_stale_copy_of_the_topic_opens_no_archived_one():
    consultation = make_consultation()
    Consultation.objects.filter(pk=consultation.pk).update(stored_stage=Stored.ARCHIVED)
    with pytest.raises(refusals.Shut):
        sent(consultation, AFTER)


@pytest.mark.parametrize(("text", "differs"), [("نص", False), ("نص آخر", True)])
def test_other_words_under_the_same_key_are_pointed_out(text, differs):
    consultation = make_consultation()
    sent(consultation, idempotency_key="abc", text="نص")
    again = sent(consultation, idempotency_key="abc", text=text)
    assert (again.repeated, again.differs) == (True, differs)
    assert Participation.objects.get().text == "نص"


def test_erasing_the_identity_leaves_nothing_by_which_a_contact_is_proved():
    consultation = make_consultation()
    words = {
        "idempotency_key": "abc",
        "person": Person(name="سارة", email="sara@example.org"),
    }
    row = sent(consultation, **words).participation
    assert row.sent_digest
    with clock.rehearse(DURING):
        withdraw(row)
    row.refresh_from_db()
    assert row.sent_digest == ""
    assert not sent(consultation, **words).differs
    assert sent(consultation, **words, text="نص آخر").differs


def test_a_withdrawn_text_is_not_releasable():
    row = sent(make_consultation(), title="عنوان").participation
    row.state = State.WITHDRAWN
    assert (row.releasable_title, row.releasable_text) == ("", "")


def test_the_same_key_on_another_topic_is_another_participation():
    sent(make_consultation(), idempotency_key="abc")
    assert not sent(make_consultation(), idempotency_key="abc").repeated


def test_an_outside_item_enters_once():
    consultation = make_consultation()
    post = {"channel": "social", "source_id": "https://x.example/1", "made_at": DURING}
    first = sent(consultation, **post)
    assert sent(consultation, **post).participation == first.participation
    assert Participation.objects.get().source_key != "https://x.example/1"


def test_the_receipt_is_stored_as_a_hash_only():
    outcome = sent(make_consultation())
    row = Participation.objects.filter(pk=outcome.participation.pk).values().get()
    assert outcome.receipt_code not in str(row)
    assert row["receipt_hash"] == receipts.hash_of(outcome.receipt_code.lower())


def test_a_rotated_secret_still_gives_the_old_receipt(settings):
    consultation = make_consultation()
    first = sent(consultation, idempotency_key="abc")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    again = sent(consultation, idempotency_key="abc")
    assert again.receipt_code == first.receipt_code


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\u202e"])
def test_an_empty_text_is_refused_with_a_word(text):
    with pytest.raises(refusals.DoorRefusal):
        sent(make_consultation(), text=text)


def test_ten_megabytes_are_refused_without_a_row():
    with pytest.raises(TextTooLong):
        sent(make_consultation(), text="أ" * 10_000_000)
    assert not Participation.objects.exists()


def test_markup_is_kept_as_words_and_never_as_markup():
    row = sent(make_consultation(), text="<script>x</script><b>5 < 6</b>").participation
    assert "<script" not in row.text_html
    assert "5 < 6" in row.text


def test_a_name_is_shown_only_when_its_author_chose_so():
    person = Person(name="سارة", email="sara@example.org")
    shown = sent(
        make_consultation(), person=person, publication=Publication.WITH_NAME
    ).participation
    hidden = sent(
        make_consultation(), person=person, publication=Publication.WITHOUT_NAME
    ).participation
    assert (shown.public_name, hidden.public_name) == ("سارة", "")


def test_identity_is_apart_and_sealed():
    sent(make_consultation(), person=Person(name="سارة", email="sara@example.org"))
    row = Identity.objects.values().get()
    assert "sara" not in str(row).lower()
    assert "سارة".encode() not in bytes(row["sealed"])


def test_somebody_without_a_name_has_no_identity_row():
    sent(make_consultation())
    assert not Identity.objects.exists()


def test_the_ledger_holds_no_words():
    outcome = sent(make_consultation(), text="كلمات سرية جداً")
    event = outcome.participation.consultation.ledger_events.get()
    assert event.kind == "participation.received"
    assert event.sequence is None
    assert "سرية" not in str(event.data)


def test_a_submit_takes_at_most_twelve_queries():
    consultation = make_consultation()
    submission = Submission(
        tool="comment",
        language="ar",
        text="نص",
        person=Person(name="سارة", email="sara@example.org"),
    )
    consultation.window.__class__.objects.filter(pk=consultation.pk).update(
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    with CaptureQueriesContext(
        connection,
    ) as queries:
        submit(consultation, submission)
    assert len(queries) <= 12, [query["sql"] for query in queries]


def test_whoever_leaves_no_address_costs_no_look_for_one():
    consultation = make_consultation()
    with clock.rehearse(DURING), CaptureQueriesContext(connection) as queries:
        submit(consultation, Submission(tool="comment", language="ar", text="نص"))
    assert not [query for query in queries if "identity" in query["sql"]]
