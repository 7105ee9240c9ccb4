from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from tests.factories import DURING, make_user
from tests.moderation.makers import (
    SIMPLE,
    make_department,
    make_limited_moderator,
    make_moderator,
    make_topic,
    make_waiting,
)
from tests.moderation.test_desk import decision_data, review_address
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation.claims import (
    HOLD_FOR,
    Claim,
    assign,
    hold,
    let_go,
    take_over,
)
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.models import State

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def claim_address(name, item, query=""):
    return reverse(f"eparticipation_admin:moderation_{name}", args=[item.public_id])


def test_the_second_who_opens_an_item_does_not_get_the_lock():
    item, first, second = make_waiting(), make_moderator(), make_moderator()
    assert hold(item, first, now=DURING)
    assert not hold(item, second, now=DURING)
    assert Claim.objects.get().held_by == first


@pytest.mark.parametrize(
    ("later", "free"),
    [
        (HOLD_FOR - timedelta(seconds=1), False),
        (HOLD_FOR, True),
        (HOLD_FOR + timedelta(seconds=1), True),
    ],
)
def test_a_lock_that_is_not_renewed_ends_by_itself(later, free):
    item = make_waiting()
    hold(item, make_moderator(), now=DURING)
    assert hold(item, make_moderator(), now=DURING + later) is free


def test_renewing_lengthens_ones_own_lock():
    item, user = make_waiting(), make_moderator()
    hold(item, user, now=DURING)
    hold(item, user, now=DURING + timedelta(minutes=4))
    assert not hold(item, make_moderator(), now=DURING + timedelta(minutes=6))


def test_letting_go_frees_ones_own_lock_alone():
    item, user = make_waiting(), make_moderator()
    hold(item, user, now=DURING)
    let_go(item, make_moderator())
    assert not hold(item, make_moderator(), now=DURING)
    let_go(item, user)
    assert hold(item, make_moderator(), now=DURING)


def test_taking_over_is_noted_by_ids_alone():
    item, first, second = make_waiting(), make_moderator(), make_moderator()
    hold(item, first, now=DURING)
    take_over(item, actor=second, now=DURING)
    event = LedgerEvent.objects.get(kind="moderation.taken_over")
    assert event.actor == f"user:{second.pk}"
    assert event.data["from"] == f"user:{first.pk}"
    assert Claim.objects.get().held_by == second


def test_taking_over_what_nobody_holds_is_no_event():
    take_over(make_waiting(), actor=make_moderator(), now=DURING)
    assert not LedgerEvent.objects.filter(kind="moderation.taken_over").exists()


def test_the_second_sees_who_reads_it_and_no_decision():
    item, first = make_waiting(), make_moderator()
    signed_in(first).get(review_address(item))
    page = signed_in(make_moderator()).get(review_address(item)).content.decode()
    assert first.get_username() in page
    assert 'value="publish"' not in page
    assert "take-over/" in page


def test_a_decision_against_a_lock_keeps_what_was_typed_and_offers_to_take_over():
    item, first = make_waiting(), make_moderator()
    second = make_moderator()
    hold(item, first)
    data = decision_data(
        item, "refuse", reason=SIMPLE, criticism="neither", ground="كتبته هنا"
    )
    response = signed_in(second).post(review_address(item), data)
    assert "كتبته هنا" in response.content.decode()
    assert 'name="take_over"' in response.content.decode()
    assert not ModerationDecision.objects.exists()
    signed_in(second).post(review_address(item), {**data, "take_over": "1"})
    assert ModerationDecision.objects.get().decided_by == second
    assert LedgerEvent.objects.filter(kind="moderation.taken_over").count() == 1


def test_a_refused_decision_takes_nothing_over():
    item, first, second = make_waiting(), make_moderator(), make_moderator()
    hold(item, first)
    data = {**decision_data(item, "publish"), "take_over": "1"}
    data["publish-revision"] = 7
    signed_in(second).post(review_address(item), data)
    assert Claim.objects.get().held_by == first


def test_a_decision_ends_lock_and_assignment():
    item, user = make_waiting(), make_moderator()
    hold(item, user)
    assign([item], user, actor=user)
    decide(item, "publish", actor=user, expected_state=State.RECEIVED)
    claim = Claim.objects.get()
    assert (claim.held_by, claim.assigned_to) == (None, None)


def test_the_next_item_is_one_that_nobody_holds():
    topic = make_topic()
    first, held, third = (make_waiting(topic) for _n in range(3))
    hold(held, make_moderator())
    client = signed_in(make_moderator())
    response = client.post(review_address(first), decision_data(first, "publish"))
    assert response.url == review_address(third)


def test_leaving_an_item_undecided_goes_to_the_next_and_frees_it():
    topic, user = make_topic(), make_moderator()
    first, second = make_waiting(topic), make_waiting(topic)
    hold(first, user)
    response = signed_in(user).get(claim_address("next", first))
    assert response.url == review_address(second)
    assert Claim.objects.get().held_by is None


def test_the_open_page_renews_its_lock_and_is_told_when_it_lost_it():
    item, first, second = make_waiting(), make_moderator(), make_moderator()
    client = signed_in(first)
    assert client.post(claim_address("hold", item)).json() == {"held": True}
    take_over(item, actor=second)
    answer = client.post(claim_address("hold", item)).json()
    assert answer["held"] is False
    assert second.get_username() in answer["message"]


def test_assigning_is_noted_and_what_is_theirs_already_is_passed_over():
    topic, user, other = make_topic(), make_moderator(), make_moderator()
    items = [make_waiting(topic) for _n in range(3)]
    assert assign(items[:1], other, actor=user) == 1
    assert assign(items, other, actor=user) == 2
    assert assign(items, None, actor=user) == 3
    kinds = list(LedgerEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["moderation.assigned"] * 3 + ["moderation.unassigned"] * 3


def test_nobody_gets_what_lies_outside_their_departments():
    department = make_department()
    item = make_waiting(make_topic(department=make_department()))
    stranger = make_limited_moderator(department)
    with pytest.raises(PermissionDenied):
        assign([item], stranger, actor=make_moderator())
    with pytest.raises(PermissionDenied):
        assign([item], make_moderator(), actor=stranger)
    assert not Claim.objects.exists()


def test_assigning_on_the_page_says_who_does_not_moderate_the_topic():
    stranger = make_limited_moderator(make_department())
    item = make_waiting(make_topic(department=make_department()))
    client = signed_in(make_moderator())
    response = client.post(
        claim_address("assign", item), {"person": stranger.pk}, follow=True
    )
    assert stranger.get_username() in str(list(response.context["messages"])[0])
    assert not Claim.objects.filter(assigned_to__isnull=False).exists()


def test_many_are_assigned_at_once():
    topic, other = make_topic(), make_moderator()
    items = [make_waiting(topic) for _n in range(3)]
    address = reverse(
        "wagtail_bulk_action",
        args=["wagtail_eparticipation", "participation", "eparticipation_assign"],
    )
    query = "&".join(f"id={item.pk}" for item in items)
    signed_in(make_moderator()).post(f"{address}?{query}", {"person": other.pk})
    assert Claim.objects.filter(assigned_to=other).count() == 3


def test_a_person_without_the_duty_is_no_choice():
    item = make_waiting()
    editor = make_user(permissions=["view_consultation"])
    signed_in(make_moderator()).post(
        claim_address("assign", item), {"person": editor.pk}
    )
    assert not Claim.objects.filter(assigned_to__isnull=False).exists()
