"""What the public reads about the course of a topic."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.consultations.makers import (
    BEFORE_OPENING,
    CLOSED,
    OPEN,
    PLACES,
    because,
    by_two,
    make_authoriser,
    make_requester,
    make_topic,
)
from tests.factories import CLOSES, OPENS
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import acts, timeline
from wagtail_eparticipation.consultations.stages import Stage

pytestmark = pytest.mark.django_db

LATER = CLOSES + timedelta(days=7)


def extend(topic):
    by_two(topic, "extend", OPEN, closes_at=LATER)


def states(topic, now):
    return [step.state for step in timeline.standard_steps(topic, now)]


@pytest.mark.parametrize(
    ("stage", "done"),
    [
        (Stage.DRAFT, 0),
        (Stage.APPROVED, 0),
        (Stage.FORTHCOMING, 1),
        (Stage.COLLECTING, 2),
        (Stage.ANALYSING, 3),
        (Stage.DECIDED, 3),
        (Stage.ANNOUNCED, 4),
        (Stage.CLOSED, 5),
    ],
)
def test_stages_before_the_current_one_are_done_and_the_others_ahead(stage, done):
    stored, now = PLACES[stage]
    found = states(make_topic(stored), now)
    assert found == ["done"] * done + ["current"] + ["ahead"] * (5 - done)


def test_an_archived_topic_has_all_stages_behind_it():
    stored, now = PLACES[Stage.ARCHIVED]
    assert states(make_topic(stored), now) == ["done"] * 6


def test_a_skipped_collection_is_marked_and_explained(english):
    topic = make_topic()
    by_two(topic, "skip_collecting", BEFORE_OPENING)
    step = timeline.standard_steps(topic, BEFORE_OPENING)[2]
    assert (step.key, step.state) == ("collecting", "skipped")
    assert step.notes == ("For information only: nobody could take part.",)


def test_a_withdrawn_topic_has_no_decision_and_still_the_last_stage(english):
    topic = make_topic()
    by_two(topic, "withdraw", OPEN)
    steps = {step.key: step for step in timeline.standard_steps(topic, OPEN)}
    assert steps["deciding"].state == "skipped"
    assert steps["deciding"].notes
    assert steps["closing"].state == "current"


@pytest.mark.parametrize(
    ("at", "reached", "skipped"),
    [
        (BEFORE_OPENING, "publishing", ["collecting", "analysing", "deciding"]),
        (OPEN, "collecting", ["analysing", "deciding"]),
        (CLOSED, "analysing", ["deciding"]),
    ],
)
def test_a_withdrawn_topic_stops_in_the_stage_where_it_was(
    at, reached, skipped, english
):
    topic = make_topic(planned_decision_on=LATER.date())
    by_two(topic, "withdraw", at)
    steps = timeline.standard_steps(topic, LATER)
    assert [step.key for step in steps if step.state == "skipped"] == skipped
    assert {step.dates for step in steps if step.state == "skipped"} == {""}
    (last,) = (step for step in steps if step.key == reached)
    assert last.dates.startswith("Withdrawn ")
    assert last.state == "done"


def test_a_decision_under_embargo_is_not_betrayed_by_a_date():
    topic = make_topic(Stage.DECIDED)
    topic.acts.create(name="decide", state="done", requested_at=CLOSED, done_at=CLOSED)
    dates = {step.key: step.dates for step in timeline.standard_steps(topic, LATER)}
    assert dates["analysing"] == ""


def test_every_stage_behind_an_archived_topic_says_when(english):
    topic = make_topic(Stage.ARCHIVED)
    for name in ("approve", "decide", "announce", "close", "archive"):
        topic.acts.create(name=name, state="done", requested_at=OPEN, done_at=CLOSED)
    steps = timeline.standard_steps(topic, LATER)
    assert [step.key for step in steps if not step.dates] == []
    assert "Archived " in steps[-1].dates


def test_steps_know_the_instants_of_the_period():
    topic = make_topic()
    steps = {step.key: step for step in timeline.standard_steps(topic, OPEN)}
    assert (steps["collecting"].starts, steps["collecting"].ends) == (OPENS, CLOSES)
    assert steps["publishing"].ends == OPENS
    assert steps["analysing"].starts == CLOSES


def test_the_policy_names_the_stages():
    topic = make_topic()
    with translation.override("ar"):
        names = [step.name for step in timeline.standard_steps(topic, OPEN)]
    assert names[2] == "جمع المشاركات"


def test_an_extension_shows_the_old_closing_struck_through_with_its_reason():
    topic = make_topic()
    extend(topic)
    with translation.override("en"):
        (note,) = timeline.notes(topic, "en", CLOSED)
        html = render_to_string(
            "wagtail_eparticipation/components/timeline_notes.html", {"notes": [note]}
        )
    assert "26 April 2026" in note.former
    assert "3 May 2026" in note.present
    assert f"<del>{note.former}</del>".replace("'", "&#x27;") in html
    assert "The site was down for 2 hours." in html
    assert note.clause == "P-5.0"


def test_a_second_extension_is_compared_with_the_first():
    topic = make_topic()
    extend(topic)
    nearly = LATER - timedelta(hours=1)
    by_two(topic, "extend", nearly, closes_at=LATER + timedelta(days=7))
    newest, oldest = timeline.notes(topic, "en", LATER)
    assert (newest.former, oldest.former) == (oldest.present, oldest.former)


def test_notes_speak_the_language_asked_for_whatever_is_active():
    topic = make_topic()
    extend(topic)
    with translation.override("en"):
        (note,) = timeline.notes(topic, "ar", CLOSED)
    assert note.text == "تعطل الموقع ساعتين."
    assert "مايو" in note.present


def test_an_amendment_names_the_stage_that_took_another_course():
    topic = make_topic()
    by_two(topic, "amend", OPEN, stage="publishing")
    (note,) = timeline.notes(topic, "en", OPEN)
    assert "Publishing" in note.title
    assert note.tone == "warning"


def test_requests_and_the_decision_under_embargo_are_not_told():
    topic = make_topic()
    with clock.rehearse(OPEN):
        act = acts.request(
            topic, "withdraw", actor=make_requester(), reason=because("withdraw")
        )
    assert timeline.notes(topic, "en", OPEN) == []
    with clock.rehearse(OPEN):
        acts.decline(act, actor=make_authoriser(), note="Between us")
    topic.acts.create(name="decide", state="done", requested_at=OPEN, done_at=OPEN)
    assert timeline.notes(topic, "en", OPEN) == []


def test_the_newest_note_stands_first():
    topic = make_topic()
    extend(topic)
    by_two(topic, "withdraw", OPEN + timedelta(days=1))
    notes = timeline.notes(topic, "en", CLOSED)
    assert [note.at for note in notes] == sorted(
        (note.at for note in notes), reverse=True
    )


def test_what_is_over_is_said_as_over(english):
    topic = make_topic(planned_decision_on=CLOSES.date())
    dates = {step.key: step.dates for step in timeline.standard_steps(topic, OPEN)}
    assert dates["publishing"].startswith("Opened ")
    assert dates["deciding"].startswith("Planned for ")
    by_two(topic, "withdraw", OPEN)
    topic.refresh_from_db()
    dates = {step.key: step.dates for step in timeline.standard_steps(topic, OPEN)}
    assert dates["deciding"] == ""
