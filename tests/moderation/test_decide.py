from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageLogEntry

from tests.discussion.makers import ARABIC
from tests.factories import DURING, make_user
from tests.factories_pages import make_consultation_page
from tests.moderation.makers import (
    SENSITIVE,
    SIMPLE,
    make_moderator,
    make_topic,
    make_waiting,
)
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.decide import (
    confirm,
    decide,
    decline,
    take_down,
)
from wagtail_eparticipation.moderation.models import ModerationDecision, Outcome
from wagtail_eparticipation.moderation.places import Place
from wagtail_eparticipation.moderation.possible import (
    POSSIBLE,
    needs_places,
    possible_outcomes,
)
from wagtail_eparticipation.moderation.queue import waiting
from wagtail_eparticipation.moderation.reasons import policy_for, reasons_for
from wagtail_eparticipation.participations.amending import Changes, amend
from wagtail_eparticipation.participations.models import (
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.signals import participation_moderated

pytestmark = pytest.mark.django_db

GROUND = "يسيء إلى جماعة من السكان."


@pytest.fixture
def moderator():
    return make_moderator()


def settle(item, outcome, actor, **reason):
    return decide(item, outcome, actor=actor, expected_state=item.state, **reason)


def state_of(item):
    item.refresh_from_db()
    return item.state


def test_publishing_shows_the_item_and_counts_it(moderator):
    item = make_waiting()
    settle(item, Outcome.PUBLISH, moderator)
    assert state_of(item) == State.PUBLISHED
    assert PublishedComment.objects.get(participation=item).comment == item.text
    item.consultation.refresh_from_db()
    assert item.consultation.published_count == 1


@pytest.mark.parametrize(
    ("outcome", "code", "state"),
    [
        (Outcome.KEEP_UNPUBLISHED, "rule-7", State.UNPUBLISHED),
        (Outcome.REFUSE, SIMPLE, State.REFUSED),
        (Outcome.REROUTE, "rule-1.complaint", State.REROUTED),
    ],
)
def test_what_is_not_published_carries_reason_and_clause(
    moderator, outcome, code, state
):
    item = make_waiting()
    decision = settle(item, outcome, moderator, reason_code=code)
    assert state_of(item) == state
    assert decision.full_code == code
    assert decision.clause.startswith("P-7.")
    assert not PublishedComment.objects.exists()


def test_code_and_sub_code_may_come_apart(moderator):
    decision = settle(
        make_waiting(),
        Outcome.REFUSE,
        moderator,
        reason_code="rule-8",
        sub_code="marketing",
    )
    assert (decision.reason_code, decision.sub_code) == ("rule-8", "marketing")


@pytest.mark.parametrize(
    "outcome", [Outcome.KEEP_UNPUBLISHED, Outcome.REFUSE, Outcome.REROUTE]
)
def test_nothing_is_kept_back_without_a_reason(moderator, outcome):
    item = make_waiting()
    with pytest.raises(errors.ReasonNeeded):
        settle(item, outcome, moderator)
    assert state_of(item) == State.RECEIVED
    assert not ModerationDecision.objects.exists()


@pytest.mark.parametrize(
    "code",
    ["rule-2", "rule-5", "rule-6", "rule-4", "rule-99", "extend.holiday", "nonsense"],
)
def test_style_repetition_whole_rules_and_foreign_codes_refuse_nothing(moderator, code):
    item = make_waiting()
    with pytest.raises(errors.ReasonNotAllowed):
        settle(item, Outcome.REFUSE, moderator, reason_code=code, ground=GROUND)
    assert state_of(item) == State.RECEIVED


@pytest.mark.parametrize("pack", ["qassim", "neutral"])
def test_style_is_offered_for_no_decision(pack):
    topic = make_topic(pack)
    policy = policy_for(topic, DURING)
    for outcome in Outcome.values:
        assert all(reason.rule != 2 for reason in reasons_for(policy, outcome))


def test_a_topic_without_a_pinned_policy_uses_the_one_in_force(moderator):
    item = make_waiting(make_topic())
    install_pack("qassim")
    item.consultation.policy_version = None
    item.consultation.save()
    assert settle(item, Outcome.REFUSE, moderator, reason_code=SIMPLE).clause == "P-7.8"


@pytest.mark.parametrize(
    "fields", [{"publication": Publication.NOT_PUBLISHED}, {"text": ""}]
)
def test_what_its_author_did_not_want_published_is_only_ever_counted(moderator, fields):
    item = make_waiting(**fields)
    assert Outcome.PUBLISH not in possible_outcomes(item, item.consultation.stage())
    with pytest.raises(errors.PublicationDeclined):
        settle(item, Outcome.PUBLISH, moderator)
    settle(item, Outcome.KEEP_UNPUBLISHED, moderator)
    assert state_of(item) == State.UNPUBLISHED


def test_the_second_of_two_moderators_is_told_that_it_is_decided(moderator):
    item = make_waiting()
    settle(item, Outcome.PUBLISH, moderator)
    with pytest.raises(errors.StateChanged):
        decide(
            item,
            Outcome.REFUSE,
            actor=make_moderator(),
            reason_code=SIMPLE,
            expected_state=State.RECEIVED,
        )
    assert state_of(item) == State.PUBLISHED
    assert ModerationDecision.objects.count() == 1


def test_words_that_changed_since_they_were_read_are_not_published(moderator):
    item = make_waiting()
    type(item).objects.filter(pk=item.pk).update(revision=2)
    with pytest.raises(errors.StateChanged):
        decide(
            item,
            Outcome.PUBLISH,
            actor=moderator,
            expected_state=State.RECEIVED,
            expected_revision=1,
        )


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("outcome", Outcome.values)
def test_only_what_the_table_allows_can_be_decided(moderator, state, outcome):
    item = make_waiting(state=state)
    allowed = outcome in POSSIBLE.get(state, ())
    try:
        places = [Place("text", 0, 1)] if needs_places(item, outcome) else []
        settle(
            item,
            outcome,
            moderator,
            reason_code=_reason_for(outcome),
            places=places,
        )
    except errors.OutcomeNotPossible:
        assert not allowed
        assert state_of(item) == state
    else:
        assert allowed


def _reason_for(outcome):
    return {
        Outcome.PUBLISH: "",
        Outcome.KEEP_UNPUBLISHED: "rule-7",
        Outcome.REROUTE: "rule-1.complaint",
    }.get(outcome, SIMPLE)


def test_a_sensitive_refusal_changes_nothing_until_a_second_person_confirms(moderator):
    item = make_waiting()
    proposal = settle(
        item, Outcome.REFUSE, moderator, reason_code=SENSITIVE, ground=GROUND
    )
    assert proposal.state == ModerationDecision.State.PROPOSED
    assert state_of(item) == State.RECEIVED
    second = make_moderator()
    confirm(proposal, actor=second)
    assert state_of(item) == State.REFUSED
    proposal.refresh_from_db()
    assert proposal.state == ModerationDecision.State.CONFIRMED
    assert proposal.second_person == second


def test_a_sensitive_refusal_needs_a_written_ground(moderator):
    with pytest.raises(errors.GroundNeeded):
        settle(make_waiting(), Outcome.REFUSE, moderator, reason_code=SENSITIVE)
    assert not ModerationDecision.objects.exists()


def test_refusing_criticism_of_the_work_takes_two_whatever_the_rule(moderator):
    item = make_waiting()
    proposal = settle(
        item,
        Outcome.REFUSE,
        moderator,
        reason_code=SIMPLE,
        ground=GROUND,
        criticises_work=True,
    )
    assert proposal.state == ModerationDecision.State.PROPOSED
    assert state_of(item) == State.RECEIVED


@pytest.mark.parametrize("outcome", [Outcome.KEEP_UNPUBLISHED, Outcome.REFUSE])
@pytest.mark.parametrize(
    "reason",
    [
        {"reason_code": SENSITIVE},
        {"reason_code": "rule-3.custom"},
        {"reason_code": SIMPLE, "criticises_work": True},
    ],
)
def test_no_choice_of_outcome_avoids_the_second_person(moderator, outcome, reason):
    item = make_waiting()
    with pytest.raises(errors.GroundNeeded):
        settle(item, outcome, moderator, **reason)
    proposal = settle(item, outcome, moderator, ground=GROUND, **reason)
    assert proposal.state == ModerationDecision.State.PROPOSED
    assert state_of(item) == State.RECEIVED


def taken_down_at_once(moderator):
    item = make_waiting()
    settle(item, Outcome.PUBLISH, moderator)
    with pytest.raises(errors.GroundNeeded):
        take_down(item, actor=moderator, reason_code=SENSITIVE)
    return item, take_down(item, actor=moderator, reason_code=SENSITIVE, ground=GROUND)


def test_a_sensitive_taking_down_has_effect_at_once_and_waits(moderator):
    item, decision = taken_down_at_once(moderator)
    assert decision.state == ModerationDecision.State.PROPOSED
    assert state_of(item) == State.TAKEN_DOWN
    assert decision in ModerationDecision.objects.awaiting_confirmation()
    assert decision in ModerationDecision.objects.in_force()


def test_a_taking_down_is_confirmed_by_another_person(moderator):
    item, decision = taken_down_at_once(moderator)
    with pytest.raises(errors.SamePerson):
        confirm(decision, actor=moderator)
    confirm(decision, actor=make_moderator())
    decision.refresh_from_db()
    assert decision.state == ModerationDecision.State.CONFIRMED
    assert state_of(item) == State.TAKEN_DOWN
    assert LedgerEvent.objects.filter(kind="moderation.confirmed").count() == 1


def test_a_taking_down_that_is_declined_is_undone(moderator):
    item, decision = taken_down_at_once(moderator)
    decline(decision, actor=make_moderator())
    assert state_of(item) == State.PUBLISHED
    assert PublishedComment.objects.get(participation=item).comment == item.text
    item.consultation.refresh_from_db()
    assert item.consultation.published_count == 1
    assert decision not in ModerationDecision.objects.in_force()


def test_a_declined_taking_down_is_undone_after_the_closing_too(moderator):
    item, decision = taken_down_at_once(moderator)
    type(item.consultation).objects.update(stored_stage=Stored.CLOSED)
    decline(decision, actor=make_moderator())
    assert state_of(item) == State.PUBLISHED


def test_what_its_author_withdrew_is_not_shown_again_by_declining(moderator):
    item, decision = taken_down_at_once(moderator)
    type(item).objects.filter(pk=item.pk).update(state=State.WITHDRAWN)
    decline(decision, actor=make_moderator())
    assert state_of(item) == State.WITHDRAWN


@pytest.mark.parametrize("gone", [{"text": ""}, {"revision": 2}])
def test_what_is_destroyed_or_reworded_is_not_shown_again_by_declining(moderator, gone):
    item, decision = taken_down_at_once(moderator)
    type(item).objects.filter(pk=item.pk).update(**gone)
    decline(decision, actor=make_moderator())
    decision.refresh_from_db()
    assert decision.state == ModerationDecision.State.DECLINED
    assert state_of(item) == State.TAKEN_DOWN


def test_links_stay_released_when_a_taking_down_is_undone(moderator):
    item, decision = taken_down_at_once(moderator)
    type(item).objects.filter(pk=item.pk).update(links_released=True)
    decline(decision, actor=make_moderator())
    item.refresh_from_db()
    assert item.links_released


def proposal_about(item, moderator):
    return settle(item, Outcome.REFUSE, moderator, reason_code=SENSITIVE, ground=GROUND)


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_confirms_a_proposal_of_their_own(superuser):
    proposer = make_moderator(superuser=superuser)
    item = make_waiting()
    proposal = proposal_about(item, proposer)
    with pytest.raises(errors.SamePerson):
        confirm(proposal, actor=proposer)
    assert state_of(item) == State.RECEIVED


def test_while_a_proposal_is_open_nothing_else_can_be_decided(moderator):
    item = make_waiting()
    proposal_about(item, moderator)
    with pytest.raises(errors.AwaitingSecondPerson):
        settle(item, Outcome.PUBLISH, make_moderator())


def test_the_database_allows_one_open_proposal_an_item(moderator):
    item = make_waiting()
    proposal = proposal_about(item, moderator)
    proposal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save(force_insert=True)


def test_a_declined_proposal_sends_the_item_back_to_the_queue(moderator):
    item = make_waiting()
    proposal = proposal_about(item, moderator)
    decline(proposal, actor=make_moderator())
    assert state_of(item) == State.RECEIVED
    settle(item, Outcome.PUBLISH, moderator)
    assert state_of(item) == State.PUBLISHED


@pytest.mark.parametrize("act", [confirm, decline])
def test_a_proposal_is_dealt_with_once(moderator, act):
    proposal = proposal_about(make_waiting(), moderator)
    decline(proposal, actor=make_moderator())
    with pytest.raises(errors.NotOpen):
        act(proposal, actor=make_moderator())


def test_a_proposal_about_changed_words_is_not_confirmed(moderator):
    item = make_waiting()
    proposal = proposal_about(item, moderator)
    type(item).objects.filter(pk=item.pk).update(revision=2)
    with pytest.raises(errors.StateChanged):
        confirm(proposal, actor=make_moderator())
    assert state_of(item) == State.RECEIVED


def test_a_proposal_lapses_from_the_list_when_its_author_withdrew(moderator):
    item = make_waiting()
    proposal_about(item, moderator)
    assert ModerationDecision.objects.awaiting_confirmation().count() == 1
    type(item).objects.filter(pk=item.pk).update(state=State.WITHDRAWN)
    assert not ModerationDecision.objects.awaiting_confirmation().exists()


def test_taking_down_leaves_a_tombstone_with_date_and_clause(moderator):
    item = make_waiting()
    settle(item, Outcome.PUBLISH, moderator)
    take_down(item, actor=moderator, reason_code=SENSITIVE, ground=GROUND)
    assert state_of(item) == State.TAKEN_DOWN
    comment = PublishedComment.objects.get(participation=item)
    assert comment.removed_at is not None
    assert comment.removed_under == "P-7.4"
    assert comment.comment == ""


def test_taking_down_may_rest_on_the_policys_own_reasons_for_it(moderator):
    item = make_waiting()
    settle(item, Outcome.PUBLISH, moderator)
    decision = take_down(item, actor=moderator, reason_code="take_down.law")
    assert (decision.reason_code, decision.sub_code) == ("take_down.law", "")


@pytest.mark.parametrize("way", [Outcome.KEEP_UNPUBLISHED, Outcome.TAKE_DOWN])
def test_what_was_kept_or_taken_down_can_be_restored(moderator, way):
    item = make_waiting()
    if way == Outcome.TAKE_DOWN:
        settle(item, Outcome.PUBLISH, moderator)
        item.refresh_from_db()
    settle(item, way, moderator, reason_code="rule-7")
    item.refresh_from_db()
    decision = settle(item, Outcome.PUBLISH, moderator)
    assert decision.is_restoration
    assert state_of(item) == State.PUBLISHED
    assert PublishedComment.objects.get(participation=item).comment == item.text
    assert LedgerEvent.objects.filter(kind="moderation.restored").exists()


@pytest.mark.parametrize("stored", [Stored.CLOSED, Stored.ARCHIVED])
def test_after_the_closing_only_taking_down_is_possible(moderator, stored):
    topic = make_topic()
    waiting, shown = make_waiting(topic), make_waiting(topic)
    settle(shown, Outcome.PUBLISH, moderator)
    type(topic).objects.filter(pk=topic.pk).update(stored_stage=stored)
    with pytest.raises(errors.TopicIsClosed):
        settle(waiting, Outcome.PUBLISH, moderator)
    take_down(shown, actor=moderator, reason_code=SIMPLE)
    assert state_of(shown) == State.TAKEN_DOWN


def test_the_ledger_holds_ids_and_codes_and_no_word_of_the_text(moderator):
    item = make_waiting(title="عنوان", public_name="سارة العتيبي")
    proposal = proposal_about(item, moderator)
    confirm(proposal, actor=make_moderator())
    events = LedgerEvent.objects.filter(kind__startswith="moderation.").order_by("id")
    assert [event.kind for event in events] == [
        "moderation.proposed",
        "moderation.refused",
    ]
    for event in events:
        assert event.data["participation"] == str(item.public_id)
        assert event.data["clause"] == "P-7.4"
        for word in (ARABIC, "عنوان", "سارة", GROUND):
            assert word not in str(event.data)


def test_the_pages_history_names_the_item_by_its_number_only(moderator):
    page = make_consultation_page(policy_version=install_pack("qassim")[0])
    item = make_waiting(page.consultation)
    settle(item, Outcome.REFUSE, moderator, reason_code=SIMPLE)
    entry = PageLogEntry.objects.get(action="eparticipation.moderate")
    assert entry.user == moderator
    assert entry.data["participation"] == item.number
    assert item.number in entry.message
    assert item.text not in str(entry.data) + entry.message


def test_others_hear_of_a_decision_in_its_transaction(moderator):
    heard = []

    def listener(sender, participation, decision, now, **kwargs):
        heard.append((participation.state, decision.outcome))
        raise RuntimeError("the listener fails")

    participation_moderated.connect(listener, weak=False)
    item = make_waiting()
    try:
        with pytest.raises(RuntimeError):
            settle(item, Outcome.PUBLISH, moderator)
    finally:
        participation_moderated.disconnect(listener)
    assert heard == [(State.PUBLISHED, Outcome.PUBLISH)]
    assert state_of(item) == State.RECEIVED
    assert not PublishedComment.objects.exists()


def outsider(item):
    return make_user(permissions=["view_consultation", "reply_officially"])


def moderator_of_another_department(item):
    user = make_moderator()
    StaffScope.objects.create(user=user)
    return user


@pytest.mark.parametrize("who", [outsider, moderator_of_another_department])
def test_nobody_else_decides_confirms_or_declines(who, moderator):
    item = make_waiting()
    user = who(item)
    assert not access.may(user, "moderate", item.consultation)
    with pytest.raises(PermissionDenied):
        settle(item, Outcome.PUBLISH, user)
    proposal = proposal_about(item, moderator)
    for act in (confirm, decline):
        with pytest.raises(PermissionDenied):
            act(proposal, actor=user)
    assert state_of(item) == State.RECEIVED


def test_publishing_one_item_costs_at_most_15_queries(moderator):
    page = make_consultation_page(policy_version=install_pack("qassim")[0])
    settle(make_waiting(page.consultation), Outcome.PUBLISH, moderator)
    item = make_waiting(page.consultation)
    with CaptureQueriesContext(connection) as asked:
        settle(item, Outcome.PUBLISH, moderator, now=DURING + timedelta(days=1))
    around = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    own = [each["sql"] for each in asked if not each["sql"].startswith(around)]
    assert len(own) <= 15, "\n".join(own)


@pytest.mark.parametrize("state", [State.RECEIVED, State.UNPUBLISHED])
def test_what_its_author_changes_waits_anew_whatever_was_proposed(state):
    with rehearse(DURING):
        item = make_waiting()
        Participation.objects.filter(pk=item.pk).update(state=state)
        item.refresh_from_db()
        proposal = decide(
            item,
            Outcome.PUBLISH_REDACTED,
            actor=make_moderator(),
            expected_state=item.state,
            reason_code=SENSITIVE,
            ground=GROUND,
            places=[Place("text", 0, 3)],
        )
        amend(item, Changes(text="كلام آخر", publication=item.publication))
        proposal.refresh_from_db()
        assert proposal.state == ModerationDecision.State.SUPERSEDED
        assert waiting(Participation.objects.all()).get() == item
        with pytest.raises(errors.NotOpen):
            confirm(proposal, actor=make_moderator())
