"""The chain finds every changed, missing and cut-off event."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import DURING, make_consultation
from wagtail_eparticipation import clock
from wagtail_eparticipation.ledger.chain import chain, verify
from wagtail_eparticipation.ledger.models import LedgerEvent, LedgerIsAppendOnly
from wagtail_eparticipation.ledger.record import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    consultation = make_consultation()
    for number in range(5):
        record(consultation, f"test.{number}", data={"n": number, "text": "نص"})
    chain(consultation)
    return consultation


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_an_untouched_chain_verifies(consultation):
    assert verify(consultation) == []


def test_events_are_numbered_without_gaps_and_linked(consultation):
    events = list(consultation.ledger_events.order_by("sequence"))
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]
    assert [e.previous_hash for e in events[1:]] == [e.hash for e in events[:-1]]


def test_chaining_again_adds_nothing(consultation):
    assert chain(consultation) == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "other"), ("actor", "user:99"), ("data", '{"n": 7}')],
)
def test_a_row_altered_by_sql_is_named(consultation, column, value):
    sql(
        f"UPDATE wagtail_eparticipation_ledgerevent SET {column} = %s"
        " WHERE sequence = 3",
        value,
    )
    problems = verify(consultation)
    assert [problem.sequence for problem in problems] == [3]


def test_a_row_altered_with_its_hash_breaks_the_next(consultation):
    sql(
        "UPDATE wagtail_eparticipation_ledgerevent SET hash = %s WHERE sequence = 3",
        "0" * 64,
    )
    assert {problem.sequence for problem in verify(consultation)} == {3, 4}


def test_a_deleted_row_is_named(consultation):
    sql("DELETE FROM wagtail_eparticipation_ledgerevent WHERE sequence = 2")
    problems = verify(consultation)
    assert problems[0].sequence == 2
    assert "missing" in problems[0].message


def test_a_cut_off_tail_is_named(consultation):
    sql("DELETE FROM wagtail_eparticipation_ledgerevent WHERE sequence >= 4")
    (problem,) = verify(consultation)
    assert problem.sequence == 4
    assert "4 to 5" in problem.message


def test_a_tail_cut_off_together_with_the_head_is_found(consultation):
    sql("DELETE FROM wagtail_eparticipation_ledgerevent WHERE sequence = 5")
    last = consultation.ledger_events.get(sequence=4).hash
    sql("UPDATE wagtail_eparticipation_ledgerhead SET sequence = 4, hash = %s", last)
    assert [problem.sequence for problem in verify(consultation)] == [None]


def test_chaining_does_not_seal_a_head_that_was_set_back(consultation):
    sql("DELETE FROM wagtail_eparticipation_ledgerevent WHERE sequence = 5")
    last = consultation.ledger_events.get(sequence=4).hash
    sql("UPDATE wagtail_eparticipation_ledgerhead SET sequence = 4, hash = %s", last)
    record(consultation, "test.later")
    assert chain(consultation) == 0
    assert [problem.sequence for problem in verify(consultation)] == [None]


def test_an_emptied_ledger_is_found(consultation):
    sql("DELETE FROM wagtail_eparticipation_ledgerevent")
    sql("DELETE FROM wagtail_eparticipation_ledgerhead")
    assert [problem.sequence for problem in verify(consultation)] == [1]


def test_rows_altered_and_unchained_again_are_found_and_stay_so(consultation):
    sql("UPDATE wagtail_eparticipation_ledgerevent SET kind = 'x' WHERE sequence = 2")
    sql(
        "UPDATE wagtail_eparticipation_ledgerevent"
        " SET sequence = NULL, hash = '', previous_hash = ''"
    )
    sql("UPDATE wagtail_eparticipation_ledgerhead SET sequence = 0, hash = ''")
    assert [problem.sequence for problem in verify(consultation)] == [2]
    chain(consultation)
    assert [problem.sequence for problem in verify(consultation)] == [2]


def test_a_forged_row_is_found_before_it_is_chained(consultation):
    LedgerEvent.objects.create(consultation=consultation, kind="act.extend", at=DURING)
    assert "act.extend" in verify(consultation)[0].message


def test_the_model_refuses_change_and_deletion(consultation):
    event = LedgerEvent.objects.first()
    for attempt in (
        event.save,
        event.delete,
        LedgerEvent.objects.all().delete,
        lambda: LedgerEvent.objects.update(kind="x"),
    ):
        with pytest.raises(LedgerIsAppendOnly):
            attempt()


def test_two_consultations_have_chains_of_their_own(consultation):
    other = make_consultation()
    record(other, "test.other")
    chain(other)
    assert other.ledger_events.get().sequence == 1
    assert verify(consultation) == []


def test_rehearsed_events_say_so():
    consultation = make_consultation()
    with clock.rehearse(DURING):
        event = record(consultation, "test.rehearsed")
    assert event.data["rehearsal"] is True
    assert event.at == DURING


def test_the_command_fails_and_names_the_reference(consultation, capsys):
    call_command("eparticipation_verify_ledger", consultation.reference)
    sql("DELETE FROM wagtail_eparticipation_ledgerevent WHERE sequence = 2")
    with pytest.raises(CommandError):
        call_command("eparticipation_verify_ledger")
    assert f"{consultation.reference} event 2" in capsys.readouterr().err


def test_the_command_names_an_unknown_reference():
    with pytest.raises(CommandError, match="2030-999"):
        call_command("eparticipation_verify_ledger", "2030-999")
