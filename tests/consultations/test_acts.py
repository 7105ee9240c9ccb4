"""Extending, closing early, reopening, skipping, withdrawing: one at a time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tests.consultations.makers import (
    BEFORE_OPENING,
    CLOSED,
    OPEN,
    because,
    make_authoriser,
    make_requester,
    make_topic,
)
from tests.factories import CLOSES, OPENS, make_user
from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import Act, AudienceMode
from wagtail_eparticipation.consultations.stages import Stage, Stored

pytestmark = pytest.mark.django_db

#: 3 May 2026 14:00 in Riyadh.
LATER = datetime(2026, 5, 3, 11, tzinfo=UTC)


def done_by_two(topic, name, at=OPEN, requester=None, authoriser=None, **parameters):
    requester, authoriser = (
        requester or make_requester(),
        authoriser or (make_authoriser()),
    )
    with clock.rehearse(at):
        act = acts.request(
            topic, name, actor=requester, reason=because(name), **parameters
        )
        act = acts.authorise(act, actor=authoriser)
    topic.refresh_from_db()
    return act


def test_extending_sets_a_second_period_with_its_act():
    topic = make_topic()
    act = done_by_two(topic, "extend", closes_at=LATER)
    period = topic.periods.get(number=2)
    assert (period.origin, period.act, period.closes_at) == ("extension", act, LATER)
    assert topic.window.closes_at == LATER
    assert topic.window.period == period
    assert topic.window.opens_at == OPENS
    assert act.clause == "P-5.0"


def test_extending_is_written_to_the_ledger_with_both_people_and_the_reason():
    topic, owner, second = make_topic(), make_requester(), make_authoriser()
    done_by_two(topic, "extend", requester=owner, authoriser=second, closes_at=LATER)
    event = topic.ledger_events.get(kind="act.extend")
    assert event.actor == f"user:{second.pk}"
    assert event.data["requested_by"] == f"user:{owner.pk}"
    assert event.data["reason_code"] == "extend.technical_outage"
    assert event.data["parameters"]["closes_at"] == LATER.isoformat()


def test_the_events_of_an_act_have_their_number_at_once(
    django_capture_on_commit_callbacks,
):
    topic = make_topic()
    with django_capture_on_commit_callbacks(execute=True):
        done_by_two(topic, "extend", closes_at=LATER)
    assert topic.ledger_events.filter(kind="act.extend").exists()
    assert not topic.ledger_events.filter(sequence=None).exists()


@pytest.mark.parametrize("delta", [timedelta(0), timedelta(seconds=-1)])
def test_an_extension_ends_later_than_the_period_in_force(delta, english):
    topic = make_topic()
    with clock.rehearse(OPEN), pytest.raises(acts.ActRefused, match="later"):
        acts.request(
            topic,
            "extend",
            actor=make_requester(),
            reason=because("extend"),
            closes_at=CLOSES + delta,
        )
    assert topic.periods.count() == 1


def test_extending_after_the_closing_is_said_to_be_a_reopening(english):
    topic = make_topic()
    with clock.rehearse(CLOSED), pytest.raises(acts.IllegalTransition) as refusal:
        acts.request(
            topic,
            "extend",
            actor=make_requester(),
            reason=because("extend"),
            closes_at=LATER,
        )
    assert "reopening" in str(refusal.value)


def test_the_instant_of_closing_is_already_outside():
    topic = make_topic()
    with pytest.raises(acts.IllegalTransition):
        done_by_two(topic, "extend", CLOSES, closes_at=LATER)
    done_by_two(topic, "extend", CLOSES - timedelta(microseconds=1), closes_at=LATER)
    assert topic.window.closes_at == LATER


def test_closing_early_gives_the_notice_of_the_policy():
    topic = make_topic()
    done_by_two(topic, "close_early")
    assert topic.window.closes_at == OPEN + timedelta(hours=24)
    assert topic.periods.get(number=2).origin == "early_close"


def test_an_urgent_closing_happens_at_once_and_once_in_the_ledger():
    topic = make_topic()
    changes = []

    def note(stage_from, stage_to, **kwargs):
        changes.append((stage_from, stage_to))

    signals.stage_changed.connect(note)
    try:
        done_by_two(topic, "close_early", urgent=True)
        with clock.rehearse(OPEN + timedelta(hours=1)):
            from wagtail_eparticipation.consultations.tick import tick

            tick()
    finally:
        signals.stage_changed.disconnect(note)
    assert topic.stage(OPEN) == Stage.ANALYSING
    assert topic.ledger_events.filter(kind="stage.closed").count() == 1
    assert changes == [
        (Stage.FORTHCOMING, Stage.COLLECTING),
        (Stage.COLLECTING, Stage.ANALYSING),
    ]


def test_the_notice_counts_from_the_authorisation_not_from_the_request():
    topic = make_topic()
    with clock.rehearse(OPEN):
        act = acts.request(
            topic,
            "close_early",
            actor=make_requester(),
            reason=because("close_early"),
            closes_at=OPEN + timedelta(hours=30),
        )
    with clock.rehearse(OPEN + timedelta(hours=48)):
        acts.authorise(act, actor=make_authoriser())
    topic.refresh_from_db()
    assert topic.window.closes_at == OPEN + timedelta(hours=72)


def test_a_closing_in_the_past_is_refused(english):
    topic = make_topic()
    with clock.rehearse(OPEN), pytest.raises(acts.ActRefused, match="past"):
        acts.request(
            topic,
            "close_early",
            actor=make_requester(),
            reason=because("close_early"),
            closes_at=OPEN - timedelta(seconds=1),
        )


def test_closing_early_never_makes_the_period_longer():
    topic = make_topic()
    with clock.rehearse(CLOSES - timedelta(hours=1)), pytest.raises(acts.ActRefused):
        acts.request(
            topic,
            "close_early",
            actor=make_requester(),
            reason=because("close_early"),
        )


def test_reopening_sets_a_new_period_and_notes_the_closing_before_it():
    topic = make_topic()
    done_by_two(topic, "reopen", at=CLOSED, closes_at=LATER)
    assert topic.stage(CLOSED) == Stage.COLLECTING
    assert topic.window.opens_at == CLOSED
    kinds = list(
        topic.ledger_events.order_by("id")
        .filter(kind__startswith="stage.")
        .values_list("kind", flat=True)
    )
    assert kinds == ["stage.opened", "stage.closed", "stage.opened"]


def test_reopening_keeps_the_snapshot_of_the_first_closing():
    topic = make_topic()
    done_by_two(topic, "reopen", at=CLOSED, closes_at=LATER)
    assert topic.snapshots.get().closed_at == CLOSES


def test_a_request_to_reopen_lapses_when_its_period_has_passed():
    topic = make_topic()
    with clock.rehearse(CLOSED):
        act = acts.request(
            topic,
            "reopen",
            actor=make_requester(),
            reason=because("reopen"),
            closes_at=LATER,
        )
    with clock.rehearse(LATER - timedelta(seconds=1)):
        assert not acts.lapse_if_impossible(act)
    with clock.rehearse(LATER):
        assert acts.lapse_if_impossible(act)
    act.refresh_from_db()
    assert act.state == Act.State.LAPSED


def test_skipping_the_collection_makes_the_topic_information_only():
    topic = make_topic()
    done_by_two(topic, "skip_collecting", at=BEFORE_OPENING)
    assert topic.information_only
    assert topic.stage(BEFORE_OPENING) == Stage.ANALYSING
    assert topic.periods.get(number=2).origin == "skipped"
    assert not topic.ledger_events.filter(kind="stage.opened").exists()


def test_a_skipped_collection_cannot_be_reopened(english):
    topic = make_topic()
    done_by_two(topic, "skip_collecting", at=BEFORE_OPENING)
    with clock.rehearse(CLOSED), pytest.raises(acts.ActRefused, match="skipped"):
        acts.request(
            topic,
            "reopen",
            actor=make_requester(),
            reason=because("reopen"),
            closes_at=LATER,
        )


def test_simplifying_the_analysis_only_marks_the_topic():
    topic = make_topic()
    done_by_two(topic, "skip_analysing", at=CLOSED)
    assert topic.analysis_simplified
    assert topic.stage(CLOSED) == Stage.ANALYSING


def test_withdrawing_stops_acceptance_whatever_the_dates_say():
    topic = make_topic()
    done_by_two(topic, "withdraw")
    assert topic.stored_stage == Stored.WITHDRAWN
    assert topic.ended_as == "withdraw"
    assert topic.window.accepting is False


def test_amending_needs_the_stage_that_takes_another_course():
    topic = make_topic()
    assert done_by_two(topic, "amend", stage="publishing").state == Act.State.DONE
    for stage in ("", "closing", "lunch"):
        with clock.rehearse(OPEN), pytest.raises(acts.ActRefused):
            acts.request(
                topic,
                "amend",
                actor=make_requester(),
                reason=because("amend"),
                stage=stage,
            )


@pytest.mark.parametrize("name", ["skip_closing", "skip_archiving", "delete"])
def test_leaving_out_closing_or_archiving_is_no_act(name):
    topic, root = make_topic(), make_user(superuser=True)
    with pytest.raises(acts.IllegalTransition):
        acts.perform(topic, name, actor=root)
    with pytest.raises(acts.IllegalTransition):
        acts.request(topic, name, actor=root, reason=because("skip_analysing"))


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_authorises_an_own_request(superuser):
    topic = make_topic()
    both = make_user(permissions=["request_act", "authorise_act"], superuser=superuser)
    with clock.rehearse(OPEN):
        act = acts.request(topic, "withdraw", actor=both, reason=because("withdraw"))
        with pytest.raises(acts.SamePerson):
            acts.authorise(act, actor=both)
    act.refresh_from_db()
    assert act.state == Act.State.REQUESTED


def test_the_database_refuses_one_person_in_both_roles():
    topic = make_topic()
    both = make_user()
    row = {
        "consultation": topic,
        "state": Act.State.DONE,
        "requested_by": both,
        "authorised_by": both,
        "requested_at": OPEN,
        "done_at": OPEN,
    }
    Act.objects.create(name="extend", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Act.objects.create(name="withdraw", **row)


def test_performing_alone_what_needs_two_is_refused_for_superusers_too():
    topic = make_topic()
    with clock.rehearse(OPEN), pytest.raises(acts.SamePerson):
        acts.perform(
            topic,
            "withdraw",
            actor=make_user(superuser=True),
            reason=because("withdraw"),
        )
    assert topic.stored_stage == Stored.PUBLISHED


def test_a_request_whose_requester_is_gone_cannot_be_authorised():
    topic, requester = make_topic(), make_requester()
    with clock.rehearse(OPEN):
        act = acts.request(
            topic, "withdraw", actor=requester, reason=because("withdraw")
        )
        requester.delete()
        with pytest.raises(acts.SamePerson):
            acts.authorise(act, actor=make_authoriser())


def test_requesting_the_same_act_twice_is_refused():
    topic, requester = make_topic(), make_requester()
    with clock.rehearse(OPEN):
        acts.request(topic, "withdraw", actor=requester, reason=because("withdraw"))
        with pytest.raises(acts.ActRefused):
            acts.request(topic, "withdraw", actor=requester, reason=because("withdraw"))


def test_declining_keeps_the_request_with_its_note_and_changes_nothing():
    topic = make_topic()
    with clock.rehearse(OPEN):
        act = acts.request(
            topic, "withdraw", actor=make_requester(), reason=because("withdraw")
        )
        act = acts.decline(act, actor=make_authoriser(), note="Not now.")
        with pytest.raises(acts.IllegalTransition):
            acts.authorise(act, actor=make_authoriser())
    assert act.state == Act.State.DECLINED
    assert act.parameters["declined_because"] == "Not now."
    assert topic.stored_stage == Stored.PUBLISHED
    assert topic.ledger_events.filter(kind="act_declined").exists()


def test_a_requester_takes_back_an_own_request_but_nobody_elses():
    topic, requester = make_topic(), make_requester()
    with clock.rehearse(OPEN):
        act = acts.request(
            topic, "withdraw", actor=requester, reason=because("withdraw")
        )
        with pytest.raises(PermissionDenied):
            acts.decline(act, actor=make_requester())
        assert acts.decline(act, actor=requester).state == Act.State.DECLINED


def test_an_act_lets_requests_lapse_that_it_has_overtaken():
    topic, requester = make_topic(), make_requester()
    with clock.rehearse(OPEN):
        early = acts.request(
            topic, "close_early", actor=requester, reason=because("close_early")
        )
    done_by_two(topic, "withdraw", at=OPEN + timedelta(hours=1))
    early.refresh_from_db()
    assert early.state == Act.State.LAPSED
    assert topic.ledger_events.filter(kind="act_lapsed").count() == 1


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("", {"ar": "سبب", "en": "why"}),
        ("extend.no_such_code", {"ar": "سبب", "en": "why"}),
        ("withdraw.project_cancelled", {"ar": "سبب", "en": "why"}),
        ("rule-4", {"ar": "سبب", "en": "why"}),
        ("extend.more_time", {"ar": "سبب", "en": " "}),
        ("extend.more_time", {"en": "why"}),
        ("extend.more_time", {}),
    ],
)
def test_a_deviation_needs_a_code_of_the_policy_and_every_language(code, text):
    topic = make_topic()
    with clock.rehearse(OPEN), pytest.raises(acts.ActRefused):
        acts.request(
            topic,
            "extend",
            actor=make_requester(),
            reason=acts.Reason(code, text),
            closes_at=LATER,
        )
    assert not topic.acts.exists()
    assert not topic.ledger_events.filter(kind__startswith="act").exists()


def test_publishing_pins_the_policy_and_sets_the_first_period(passing_publish):
    topic = make_topic(Stored.APPROVED, policy_version=None)
    passing_publish()
    with clock.rehearse(BEFORE_OPENING):
        acts.perform(
            topic, "publish", actor=make_user(), opens_at=OPENS, closes_at=CLOSES
        )
    assert topic.policy_version.pack == "qassim"
    assert topic.window.period.number == 1
    assert topic.window.period.origin == "planned"
    assert topic.stage(BEFORE_OPENING) == Stage.FORTHCOMING


@pytest.mark.parametrize(
    ("planned", "possible"),
    [(date(2026, 4, 26), False), (date(2026, 4, 27), True)],
)
def test_the_decision_is_planned_after_the_closing(
    planned, possible, passing_publish, english
):
    topic = make_topic(Stored.APPROVED, planned_decision_on=planned)
    passing_publish()

    def publish():
        with clock.rehearse(BEFORE_OPENING):
            acts.perform(topic, "publish", actor=None, opens_at=OPENS, closes_at=CLOSES)

    if possible:
        publish()
    else:
        with pytest.raises(acts.ActRefused, match="planned decision"):
            publish()


def test_a_period_below_the_minimum_needs_an_authorised_acceleration(passing_publish):
    topic = make_topic(Stored.APPROVED)
    passing_publish()
    short = OPENS + timedelta(days=8)

    def publish(closes_at):
        with clock.rehearse(BEFORE_OPENING):
            acts.perform(
                topic, "publish", actor=None, opens_at=OPENS, closes_at=closes_at
            )

    with pytest.raises(acts.ActRefused):
        publish(short)
    done_by_two(topic, "accelerate", at=BEFORE_OPENING)
    with pytest.raises(acts.ActRefused):
        publish(OPENS + timedelta(days=1))
    publish(short)
    assert topic.window.closes_at == short


def test_asking_only_some_people_needs_an_authorised_restriction(passing_publish):
    topic = make_topic(Stored.APPROVED, audience_mode=AudienceMode.INVITED)
    passing_publish(keep="limited_audience_is_authorised")

    def publish():
        with clock.rehearse(BEFORE_OPENING):
            acts.perform(topic, "publish", actor=None, opens_at=OPENS, closes_at=CLOSES)

    with pytest.raises(acts.ActRefused):
        publish()
    done_by_two(topic, "restrict_audience", at=BEFORE_OPENING)
    publish()
    assert topic.stored_stage == Stored.PUBLISHED


def test_each_refused_act_leaves_nothing_behind():
    topic = make_topic()
    topic.roles.all().delete()
    with clock.rehearse(OPEN), pytest.raises(acts.ActRefused):
        acts.request(
            topic,
            "extend",
            actor=make_requester(),
            reason=because("extend"),
            closes_at=OPEN,
        )
    assert not topic.ledger_events.exists()
    topic.window.refresh_from_db()
    assert topic.window.noted_opening is None
