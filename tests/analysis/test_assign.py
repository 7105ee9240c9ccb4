"""Putting participations to themes and setting them aside."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tests.analysis.makers import make_participation, make_theme
from tests.factories import AFTER, DURING, make_consultation, make_user
from wagtail_eparticipation.analysis import assign
from wagtail_eparticipation.analysis.coverage import (
    coverage_of,
    open_participations,
)
from wagtail_eparticipation.analysis.models import SetAside, ThemeAssignment
from wagtail_eparticipation.analysis.themes import tree
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db

REPETITION, VOLUME = SetAside.Ground.REPETITION, SetAside.Ground.VOLUME


@pytest.fixture(autouse=True)
def analysing():
    with rehearse(AFTER):
        yield


@pytest.fixture
def analyst():
    return make_user(permissions=["analyse_participation"])


def test_participations_are_put_to_a_theme_in_bulk_and_only_once(analyst):
    consultation = make_consultation()
    theme = make_theme(consultation)
    ids = [make_participation(consultation).pk for _n in range(3)]
    assert assign.assign(theme, ids[:2], actor=analyst) == 2
    assert assign.assign(theme, ids, actor=analyst) == 1
    assert theme.assignments.count() == 3
    event = LedgerEvent.objects.filter(kind="theme_assigned").latest("id")
    assert event.data["participations"] == [ids[2]]


def test_what_is_not_counted_or_elsewhere_is_passed_over(analyst):
    consultation = make_consultation()
    theme = make_theme(consultation)
    others = [
        make_participation(consultation, state=State.REFUSED),
        make_participation(consultation, state=State.LATE),
        make_participation(make_consultation()),
    ]
    assert assign.assign(theme, [p.pk for p in others], actor=analyst) == 0
    assert not ThemeAssignment.objects.exists()


def test_a_participation_can_be_taken_off_its_theme(analyst):
    consultation = make_consultation()
    theme = make_theme(consultation)
    pk = make_participation(consultation).pk
    assign.assign(theme, [pk], actor=analyst)
    assert assign.unassign(theme, [pk], actor=analyst) == 1
    assert coverage_of(consultation).open == 1


@pytest.mark.parametrize("permission", ["take_decision", "moderate_participation"])
def test_only_analysts_assign(permission):
    theme = make_theme(make_consultation())
    with pytest.raises(PermissionDenied):
        assign.assign(theme, [], actor=make_user(permissions=[permission]))


@pytest.mark.parametrize("stored", ["draft", "approved", "decided", "announced"])
def test_outside_collecting_and_analysing_nothing_is_assigned(stored, analyst):
    consultation = make_consultation(stored=stored)
    theme = make_theme(consultation)
    pk = make_participation(consultation).pk
    with pytest.raises(assign.NotNow):
        assign.assign(theme, [pk], actor=analyst)


def test_the_decision_freezes_for_people_who_hold_an_old_copy(analyst):
    consultation = make_consultation()
    theme = make_theme(consultation)
    Consultation.objects.filter(pk=consultation.pk).update(stored_stage="decided")
    with pytest.raises(assign.NotNow):
        assign.assign(theme, [make_participation(consultation).pk], actor=analyst)


def test_while_collecting_assignments_are_possible(analyst):
    consultation = make_consultation()
    theme = make_theme(consultation)
    with rehearse(DURING):
        pk = make_participation(consultation).pk
        assert assign.assign(theme, [pk], actor=analyst) == 1


def test_repetition_points_to_the_participation_that_was_read(analyst):
    consultation = make_consultation()
    read, *same = [make_participation(consultation) for _n in range(3)]
    ids = [p.pk for p in (read, *same)]
    done = assign.set_aside(
        consultation, ids, ground=REPETITION, representative=read, actor=analyst
    )
    assert done == 2
    assert {s.representative for s in SetAside.objects.all()} == {read}


@pytest.mark.parametrize(
    "ground",
    [
        {"ground": REPETITION},
        {"ground": VOLUME},
        {"ground": VOLUME, "sample_size": 50},
        {"ground": VOLUME, "sample_size": 0, "method": "random"},
        {"ground": VOLUME, "sample_size": 1, "method": "  "},
        {"ground": VOLUME, "sample_size": 2, "method": "more than there are"},
        {"ground": "boredom", "sample_size": 50, "method": "random"},
    ],
)
def test_without_its_full_ground_nothing_is_set_aside(ground, analyst):
    consultation = make_consultation()
    pk = make_participation(consultation).pk
    with pytest.raises(assign.NoGround):
        assign.set_aside(consultation, [pk], actor=analyst, **ground)
    assert not SetAside.objects.exists()


def test_one_that_was_not_read_cannot_stand_for_others(analyst):
    consultation = make_consultation()
    read, unread, other = (make_participation(consultation) for _n in range(3))
    assign.set_aside(
        consultation,
        [unread.pk],
        ground=REPETITION,
        representative=read,
        actor=analyst,
    )
    with pytest.raises(assign.NoGround):
        assign.set_aside(
            consultation,
            [other.pk],
            ground=REPETITION,
            representative=unread,
            actor=analyst,
        )


def test_a_participation_of_another_topic_cannot_stand_for_these(analyst):
    consultation = make_consultation()
    stranger = make_participation(make_consultation())
    with pytest.raises(assign.NoGround):
        assign.set_aside(
            consultation,
            [make_participation(consultation).pk],
            ground=REPETITION,
            representative=stranger,
            actor=analyst,
        )


def test_the_database_refuses_a_ground_without_its_proof():
    participation = make_participation(make_consultation())
    with pytest.raises(IntegrityError), transaction.atomic():
        SetAside.objects.create(participation=participation, ground="volume", at=AFTER)


def test_reading_one_after_all_ends_its_being_set_aside(analyst):
    consultation = make_consultation()
    theme = make_theme(consultation)
    pk = make_participation(consultation).pk
    assign.set_aside(
        consultation,
        [pk],
        ground=VOLUME,
        sample_size=1,
        method="every tenth",
        actor=analyst,
    )
    assign.assign(theme, [pk], actor=analyst)
    assert not SetAside.objects.exists()


def test_being_set_aside_can_be_undone(analyst):
    consultation = make_consultation()
    pk = make_participation(consultation).pk
    assign.set_aside(
        consultation,
        [pk],
        ground=VOLUME,
        sample_size=1,
        method="every tenth",
        actor=analyst,
    )
    assert assign.take_back(consultation, [pk], actor=analyst) == 1
    assert coverage_of(consultation).open == 1


def test_the_parts_of_the_coverage_add_up(analyst, django_assert_num_queries):
    consultation = make_consultation()
    theme = make_theme(consultation)
    themed, aside, left = (make_participation(consultation) for _n in range(3))
    make_participation(consultation, tool="poll", text="")
    make_participation(consultation, state=State.REFUSED)
    assign.assign(theme, [themed.pk], actor=analyst)
    assign.set_aside(
        consultation,
        [aside.pk],
        ground=REPETITION,
        representative=themed,
        actor=analyst,
    )
    with django_assert_num_queries(1):
        coverage = coverage_of(consultation)
    assert (coverage.total, coverage.themed, coverage.set_aside) == (4, 1, 1)
    assert (coverage.tallied, coverage.open, coverage.share) == (1, 1, 75)
    assert list(open_participations(consultation)) == [left]


def test_a_whole_counts_its_parts_and_each_participation_once(
    analyst, django_assert_num_queries
):
    consultation = make_consultation()
    whole = make_theme(consultation)
    part = make_theme(consultation, parent=whole)
    arabic = make_participation(consultation)
    english = make_participation(consultation, language="en")
    assign.assign(whole, [arabic.pk], actor=analyst)
    assign.assign(part, [arabic.pk, english.pk], actor=analyst)
    with django_assert_num_queries(3):
        first, second = tree(consultation)
    assert (first.total, first.languages) == (2, {"ar": 1, "en": 1})
    assert (second.pk, second.total) == (part.pk, 2)
