"""What analysing demands before the decision and before its announcement."""

import pytest

from tests.analysis.makers import answered, make_participation, make_theme
from tests.factories import AFTER, DURING, make_consultation, make_user
from wagtail_eparticipation.analysis import assign, registers
from wagtail_eparticipation.analysis.models import Snapshot
from wagtail_eparticipation.clock import rehearse

pytestmark = pytest.mark.django_db


def missing(check, consultation, now=AFTER):
    with rehearse(now):
        return [str(item) for item in check(consultation, now)]


def test_the_decision_takes_the_snapshot_if_no_job_did():
    consultation = make_consultation()
    assert missing(registers.numbers_are_frozen, consultation) == []
    assert Snapshot.objects.get().kind == "closing"


def test_before_the_closing_there_is_nothing_to_decide_on():
    consultation = make_consultation()
    assert missing(registers.numbers_are_frozen, consultation, DURING)


def test_a_participation_left_over_is_named_by_number_of_them():
    consultation = make_consultation()
    theme = answered(consultation)
    first, _second = (make_participation(consultation) for _n in range(2))
    actor = make_user(permissions=["analyse_participation"])
    with rehearse(AFTER):
        assign.assign(theme, [first.pk], actor=actor)
    found = missing(registers.everything_is_disposed, consultation)
    assert len(found) == 1
    with rehearse(AFTER):
        assign.assign(theme, [_second.pk], actor=actor)
    assert missing(registers.everything_is_disposed, consultation) == []


def test_where_nobody_took_part_no_theme_is_demanded():
    consultation = make_consultation()
    assert missing(registers.everything_is_disposed, consultation) == []


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 0),
        ({"disposition": ""}, 1),
        ({"reason": {}}, 1),
        ({"reason": {"ar": "  "}}, 1),
        ({"reason": {"ar": "سبب"}}, 0),
        ({"disposition": "", "reason": {}}, 2),
    ],
)
def test_a_theme_needs_disposition_and_reason_before_the_decision(fields, count):
    consultation = make_consultation()
    answered(consultation, **fields)
    assert len(missing(registers.themes_are_answered, consultation)) == count


def test_a_part_is_answered_with_its_whole():
    consultation = make_consultation()
    make_theme(consultation, parent=answered(consultation))
    assert missing(registers.themes_are_answered, consultation) == []


@pytest.mark.parametrize(
    ("fields", "languages"),
    [
        ({}, []),
        ({"reason": {"ar": "سبب"}}, ["en"]),
        ({"reason": {"en": "Reason"}}, ["ar"]),
        ({"reason": {}}, ["ar", "en"]),
        ({"titles": {"ar": "الظل"}}, ["en"]),
        ({"disposition": ""}, [""]),
    ],
)
def test_the_announcement_needs_each_language(fields, languages):
    consultation = make_consultation(stored="decided")
    answered(consultation, **fields)
    check = registers.themes_are_answered_in_each_language
    assert [item.language for item in check(consultation, AFTER)] == languages
