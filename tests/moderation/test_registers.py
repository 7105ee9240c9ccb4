"""What moderation tells the other rooms: gate, card, receipt, log."""

import pytest
from django.urls import reverse

from tests.discussion.makers import make_voice
from tests.factories import DURING, OPENS, make_user
from tests.moderation.makers import SIMPLE, make_moderator, make_topic, make_waiting
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.desk_cards import cards_for
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.moderation.cards import quarantine_card, waiting_card
from wagtail_eparticipation.moderation.decide import confirm, decide, take_down
from wagtail_eparticipation.moderation.gates import nobody_waits
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.participations import receipt_notes
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db

QUEUE = reverse("eparticipation_admin:moderation")


def test_closing_is_refused_while_something_waits():
    item = make_waiting()
    make_waiting(item.consultation, state=State.QUARANTINED)
    (missing,) = nobody_waits(item.consultation, DURING)
    assert missing.url == f"{QUEUE}?consultation={item.consultation_id}"
    found = missing_for("close", item.consultation, DURING)
    assert missing in found


def test_nothing_of_moderation_stands_in_the_way_once_all_is_decided():
    item = make_waiting()
    make_waiting()
    decide(item, "publish", actor=make_moderator(), expected_state=item.state)
    assert list(nobody_waits(item.consultation, DURING)) == []


def test_an_open_proposal_still_stands_in_the_way():
    item = make_waiting()
    decide(
        item,
        Outcome.REFUSE,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code="rule-4.racism",
        ground="يسيء إلى جماعة.",
    )
    assert list(nobody_waits(item.consultation, DURING))


@pytest.mark.parametrize("transition", ["close", "archive"])
def test_a_taking_down_without_its_second_person_stands_in_the_way(transition):
    item = make_voice(make_topic()).participation
    decision = take_down(
        item,
        actor=make_moderator(),
        reason_code="rule-4.racism",
        ground="يسيء إلى جماعة.",
    )
    said = [
        missing.url for missing in missing_for(transition, item.consultation, DURING)
    ]
    assert reverse("eparticipation_admin:moderation_proposals") in said
    confirm(decision, actor=make_moderator())
    said = [
        missing.url for missing in missing_for(transition, item.consultation, DURING)
    ]
    assert reverse("eparticipation_admin:moderation_proposals") not in said


def test_a_receipt_does_not_claim_a_review_that_is_still_to_come():
    item = make_voice(make_topic()).participation
    take_down(
        item,
        actor=make_moderator(),
        reason_code="rule-4.racism",
        ground="يسيء إلى جماعة.",
    )
    item.refresh_from_db()
    said = " ".join(note.text for note in receipt_notes.notes_for(item, "en"))
    assert "Two people reviewed it" not in said


def test_the_desk_says_how_many_wait_and_how_long(django_assert_num_queries):
    topic = make_topic()
    for _number in range(3):
        make_waiting(topic)
    user = make_moderator(superuser=True)
    with django_assert_num_queries(1):
        card = waiting_card(topic, user, DURING)
    assert (card.value, card.tone) == ("3", "warning")
    assert card.url == f"{QUEUE}?consultation={topic.pk}"
    assert card in cards_for(topic, user, DURING)


def test_the_desk_says_so_when_nothing_waits():
    card = waiting_card(make_topic(), make_moderator(), DURING)
    assert (card.value, card.tone) == ("0", "success")


def test_the_card_is_for_moderators_once_the_topic_is_open():
    topic = make_topic()
    assert waiting_card(topic, make_user(), DURING) is None
    with clock.rehearse(OPENS):
        assert waiting_card(topic, make_moderator(), OPENS) is not None
    before = OPENS.replace(year=2025)
    assert waiting_card(topic, make_moderator(), before) is None


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_receipt_names_the_rule_in_its_language_and_never_the_ground(language):
    item = make_waiting()
    decide(
        item,
        Outcome.REFUSE,
        actor=make_moderator(),
        expected_state=item.state,
        reason_code=SIMPLE,
        ground="ملاحظة داخلية",
    )
    item.refresh_from_db()
    notes = receipt_notes.notes_for(item, language)
    said = " ".join(f"{note.title} {note.text}" for note in notes)
    assert {"ar": "تسويق", "en": "Marketing"}[language] in said
    assert {"ar": "محتسباً", "en": "still counts"}[language] not in said
    assert "P-7.8" in said
    assert "ملاحظة داخلية" not in said


def test_the_receipt_forgets_the_rule_when_the_item_is_restored():
    item = make_waiting()
    actor = make_moderator()
    decide(
        item,
        Outcome.KEEP_UNPUBLISHED,
        actor=actor,
        expected_state=item.state,
        reason_code="rule-7",
    )
    item.refresh_from_db()
    decide(item, Outcome.PUBLISH, actor=actor, expected_state=item.state)
    item.refresh_from_db()
    said = " ".join(note.title for note in receipt_notes.notes_for(item, "ar"))
    assert "P-7.7" not in said


def test_the_desk_counts_what_is_in_quarantine_apart():
    topic = make_topic()
    make_waiting(topic)
    for state in (State.QUARANTINED, State.REFUSED, State.PUBLISHED, State.PUBLISHED):
        make_waiting(topic, state=state, suspicious=True)
    card = quarantine_card(topic, make_moderator(), DURING)
    assert card.value == "1" and card.tone == "warning"
    assert card.url == f"{QUEUE}?consultation={topic.pk}&state=quarantined"
    assert "أُطلق 2 ورُفض 1" in card.text


def test_where_nothing_was_set_aside_there_is_no_such_card(django_assert_num_queries):
    topic, moderator = make_topic(), make_moderator()
    make_waiting(topic)
    quarantine_card(topic, moderator, DURING)
    with django_assert_num_queries(1):
        assert quarantine_card(topic, moderator, DURING) is None
    assert quarantine_card(topic, make_user(), DURING) is None
