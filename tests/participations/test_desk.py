"""The register and the late box show what their user may see, and nothing else."""

import pytest
from django.urls import reverse

from tests.factories import AFTER, DURING, make_consultation, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import desk_cards
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.models import Participation, State

pytestmark = pytest.mark.django_db
REGISTER = "eparticipation_admin:register"


def send(consultation, text="نص", at=DURING):
    with clock.rehearse(at):
        submission = Submission(tool="comment", language="ar", text=text)
        return submit(consultation, submission).participation


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ((), 302),
        (("moderate_participation",), 200),
        (("analyse_participation",), 200),
        (("close_consultation",), 200),
        (("request_act",), 302),
    ],
)
@pytest.mark.parametrize(
    "name", ["register", "register_export", "register_export_xlsx"]
)
def test_only_those_with_a_duty_see_the_register(client, permissions, status, name):
    client.force_login(make_user(permissions=permissions))
    response = client.get(reverse(f"eparticipation_admin:{name}"))
    assert response.status_code == status


def test_somebody_of_another_department_sees_no_row(client):
    send(make_consultation(), "نص إدارة أخرى")
    user = make_user(permissions=["moderate_participation"])
    StaffScope.objects.create(user=user)
    client.force_login(user)
    assert "نص إدارة أخرى" not in client.get(reverse(REGISTER)).content.decode()


@pytest.mark.parametrize("rows", [20, 45])
def test_the_listing_costs_the_same_with_more_rows(
    client, rows, django_assert_max_num_queries
):
    consultation = make_consultation()
    for number in range(rows):
        send(consultation, f"نص {number}")
    client.force_login(make_user(permissions=["moderate_participation"]))
    client.get(reverse(REGISTER))
    with django_assert_max_num_queries(16):
        client.get(reverse(REGISTER))


def late_url(consultation):
    return reverse("eparticipation_admin:late_box", args=[consultation.pk])


def test_a_late_item_is_admitted_with_a_ground_on_record(client):
    consultation = make_consultation()
    row = send(consultation, "متأخر", at=AFTER)
    client.force_login(make_user(permissions=["authorise_act"]))
    with clock.rehearse(AFTER):
        page = client.get(late_url(consultation))
        assert "متأخر" in page.content.decode()
        data = {"participation": row.public_id, "ground": "عطل في الخدمة"}
        client.post(late_url(consultation), data)
    row.refresh_from_db()
    assert row.state == State.RECEIVED
    event = consultation.ledger_events.get(kind="participation.admitted")
    assert event.data["ground"] == "عطل في الخدمة"


@pytest.mark.parametrize("ground", ["", "   "])
def test_without_a_ground_nothing_is_admitted(client, ground):
    consultation = make_consultation()
    row = send(consultation, at=AFTER)
    client.force_login(make_user(permissions=["authorise_act"]))
    with clock.rehearse(AFTER):
        data = {"participation": row.public_id, "ground": ground}
        client.post(late_url(consultation), data)
    assert Participation.objects.get(pk=row.pk).state == State.LATE


def test_after_the_decision_nothing_is_admitted(client):
    consultation = make_consultation()
    row = send(consultation, at=AFTER)
    consultation.stored_stage = "decided"
    consultation.save()
    client.force_login(make_user(permissions=["authorise_act"]))
    with clock.rehearse(AFTER):
        data = {"participation": row.public_id, "ground": "سبب"}
        client.post(late_url(consultation), data)
    assert Participation.objects.get(pk=row.pk).state == State.LATE


def test_a_moderator_alone_cannot_admit(client):
    consultation = make_consultation()
    client.force_login(make_user(permissions=["moderate_participation"]))
    response = client.get(late_url(consultation), follow=True)
    assert response.status_code == 404


def shown_cards(consultation, user, at=AFTER):
    cards = desk_cards.cards_for(consultation, user, at)
    return {card.url: card.value for card in cards if "/register/" in card.url} | {
        card.url: card.value for card in cards if card.url == late_url(consultation)
    }


@pytest.mark.parametrize(
    ("permissions", "register", "late"),
    [
        ((), False, False),
        (("moderate_participation",), True, False),
        (("authorise_act",), False, True),
        (("close_consultation", "authorise_act"), True, True),
    ],
)
def test_the_desk_leads_to_register_and_late_box(permissions, register, late):
    consultation = make_consultation()
    send(consultation)
    send(consultation, at=AFTER)
    cards = shown_cards(consultation, make_user(permissions=permissions))
    address = f"{reverse(REGISTER)}?consultation={consultation.pk}"
    assert cards.get(address) == ("1" if register else None)
    assert cards.get(late_url(consultation)) == ("1" if late else None)


def test_an_empty_late_box_takes_no_room_on_the_desk():
    consultation = make_consultation()
    user = make_user(permissions=["authorise_act"])
    assert late_url(consultation) not in shown_cards(consultation, user)
