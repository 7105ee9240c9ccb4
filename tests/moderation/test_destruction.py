"""Destroying content: a legal ground, two people, a certificate (R-8.1a)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.factories import DURING, make_user
from tests.moderation.makers import make_moderator
from tests.moderation.test_objections import objected
from tests.moderation.test_redaction import NUMBER, hidden_item, make_privacy_officer
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation import destruction, errors
from wagtail_eparticipation.moderation.decide import take_down
from wagtail_eparticipation.moderation.figures import other_figures
from wagtail_eparticipation.participations.identity import Person, seal
from wagtail_eparticipation.participations.models import (
    Participation,
    PersonKey,
    State,
)

pytestmark = pytest.mark.django_db

GROUND = "destroy.court_order"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def make_records_officer():
    return make_user(permissions=["close_consultation", "view_consultation"])


def propose(item, actor=None, **more):
    given = {"reason_code": GROUND, "document": "أمر رقم 12", **more}
    return destruction.propose(item, actor=actor or make_privacy_officer(), **given)


def destroyed(item):
    made = propose(item)
    return destruction.confirm(made, actor=make_records_officer())


def test_nothing_is_gone_before_another_person_confirms():
    item = hidden_item()
    officer = make_privacy_officer()
    made = propose(item, officer)
    with pytest.raises(errors.SamePerson):
        destruction.confirm(made, actor=officer)
    item.refresh_from_db()
    assert item.text


def test_words_wordings_originals_and_identity_are_gone():
    item = hidden_item()
    seal(item, Person(name="سالم", email="salem@example.org"), "ar")
    destroyed(item)
    item.refresh_from_db()
    assert (item.title, item.text, item.text_html, item.data) == ("", "", "", {})
    assert item.words_key == "" and item.public_name == ""
    assert bytes(item.sealed_originals.get().sealed) == b""
    assert not PersonKey.objects.exists()
    comment = PublishedComment.objects.get(participation=item)
    assert comment.is_removed and comment.comment == ""


def test_words_beside_a_tombstone_are_destroyed_too():
    item = hidden_item()
    take_down(item, actor=make_moderator(), reason_code="take_down.rule_breach")
    PublishedComment.objects.update(comment="كلام", html="<p>كلام</p>", title="عنوان")
    destroyed(item)
    comment = PublishedComment.objects.get(participation=item)
    assert (comment.comment, comment.html, comment.title) == ("", "", "")


def test_it_is_counted_as_before():
    item = hidden_item()
    before = Participation.objects.counted().count()
    destroyed(item)
    item.refresh_from_db()
    assert item.state == State.TAKEN_DOWN
    assert Participation.objects.counted().count() == before
    assert other_figures(item.consultation)["destroyed"] == 1


def test_the_certificate_and_the_ledger_keep_the_fact_and_no_word():
    item = hidden_item()
    made = destroyed(item)
    assert made.destroyed["sealed_originals"] == 1
    assert len(made.digest) == 64
    event = LedgerEvent.objects.get(kind="moderation.destroyed")
    assert event.data["certificate"] == str(made.public_id)
    assert "الممشى" not in str(event.data)


@pytest.mark.parametrize("code", ["rule-4.racism", "extend.technical_outage", "x"])
def test_only_a_legal_ground_of_the_policy_will_do(code):
    with pytest.raises(errors.ReasonNotAllowed):
        propose(hidden_item(), reason_code=code)


def test_the_document_that_requires_it_is_named():
    with pytest.raises(errors.GroundNeeded):
        propose(hidden_item(), document=" ")


@pytest.mark.parametrize(
    "maker", [make_moderator, lambda: make_user(permissions=["reply_officially"])]
)
def test_others_neither_propose_nor_confirm(maker):
    item = hidden_item()
    with pytest.raises(PermissionDenied):
        propose(item, maker())
    made = propose(item)
    with pytest.raises(PermissionDenied):
        destruction.confirm(made, actor=maker())
    with pytest.raises(PermissionDenied):
        destruction.decline(made, actor=maker())


def test_nobody_of_another_department_destroys_it():
    item, officer = hidden_item(), make_privacy_officer()
    StaffScope.objects.create(user=officer)
    with pytest.raises(PermissionDenied):
        propose(item, officer)


def test_two_proposals_at_once_are_one():
    item = hidden_item()
    propose(item)
    with pytest.raises(errors.AwaitingSecondPerson):
        propose(item)


def test_a_declined_one_leaves_everything_and_can_be_proposed_anew():
    item = hidden_item()
    made = propose(item)
    destruction.decline(made, actor=make_records_officer())
    item.refresh_from_db()
    assert item.text
    assert propose(item).pk != made.pk


def test_what_is_destroyed_is_not_destroyed_again():
    item = hidden_item()
    destroyed(item)
    with pytest.raises(errors.NotOpen):
        propose(item)


def test_an_open_objection_is_settled_with_it():
    item, objection = objected()
    destroyed(item)
    objection.refresh_from_db()
    assert (objection.state, objection.text) == ("superseded", "")


# The desk ----------------------------------------------------------------------


def desk(item):
    return reverse("eparticipation_admin:sealed", args=[item.public_id])


def test_the_officer_opens_the_original_on_the_desk_with_a_reason(client):
    item = hidden_item()
    client.force_login(make_privacy_officer())
    page = client.get(desk(item)).content.decode()
    assert NUMBER not in page
    form = {"act": "open", "open-revision": "1", "open-reason": ""}
    assert NUMBER not in client.post(desk(item), form).content.decode()
    response = client.post(desk(item), {**form, "open-reason": "طلب صاحبها"})
    assert NUMBER in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert LedgerEvent.objects.filter(kind="moderation.original_opened").count() == 1


def test_the_moderator_sees_the_history_there_and_opens_nothing(client):
    item = hidden_item()
    client.force_login(make_moderator())
    response = client.get(desk(item))
    assert response.status_code == 200
    form = {"act": "open", "open-revision": "1", "open-reason": "فضول"}
    assert client.post(desk(item), form).status_code in (302, 403)
    assert not LedgerEvent.objects.filter(kind="moderation.original_opened").exists()


def test_asking_confirming_and_destroying_work_on_the_desk(client):
    item = hidden_item()
    client.force_login(make_moderator())
    form = {"act": "ask", "ask-places": ["0"], "ask-ground": "ليس رقماً"}
    assert client.post(desk(item), form).status_code == 302
    officer, records = make_privacy_officer(), make_records_officer()
    client.force_login(officer)
    assert client.post(desk(item), {"act": "show"}).status_code == 302
    item.refresh_from_db()
    assert NUMBER in item.text
    form = {
        "act": "destroy",
        "destroy-ground": GROUND,
        "destroy-document": "أمر رقم 12",
    }
    assert client.post(desk(item), form).status_code == 302
    client.force_login(records)
    assert client.post(desk(item), {"act": "confirm"}).status_code == 302
    item.refresh_from_db()
    assert item.text == ""
    assert "أمر رقم 12" in client.get(desk(item)).content.decode()


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ((), 302),
        (("reply_officially",), 302),
        (("analyse_participation",), 302),
        (("take_decision",), 302),
        (("view_consultation",), 302),
        (("moderate_participation",), 200),
        (("view_identity",), 200),
        (("close_consultation",), 200),
    ],
)
@pytest.mark.parametrize("name", ["sealed", "sealed_list"])
def test_who_gets_in(client, permissions, status, name):
    item = hidden_item()
    client.force_login(make_user(permissions=permissions))
    args = [item.public_id] if name == "sealed" else []
    response = client.get(reverse(f"eparticipation_admin:{name}", args=args))
    assert response.status_code == status


def test_the_list_finds_by_number_what_has_nothing_hidden(client):
    from tests.moderation.makers import make_waiting

    item = make_waiting()
    client.force_login(make_privacy_officer())
    address = reverse("eparticipation_admin:sealed_list")
    assert item.number not in client.get(address).content.decode()
    found = client.get(address, {"q": item.number}).content.decode()
    assert desk(item) in found
