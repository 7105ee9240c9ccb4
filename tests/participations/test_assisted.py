"""Counter and telephone: written down by a clerk, ended by a receipt (AC-S3-I7)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import AFTER, CLOSES, DURING, OPENS, make_user
from tests.participations.batches_made import make_moderator
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import receipts
from wagtail_eparticipation.participations.identity import open_identity
from wagtail_eparticipation.participations.models import Consent, Participation, State

pytestmark = pytest.mark.django_db

CODE = re.compile(r'id="ep-receipt-code">([^<]+)<')


@pytest.fixture
def clerk(client):
    user = make_moderator()
    client.force_login(user)
    return user


def address(page, tool=""):
    name = "assisted_tool" if tool else "assisted"
    args = [page.consultation_id, *([tool] if tool else [])]
    return reverse(f"eparticipation_admin:{name}", args=args)


def opened(client, page, tool="comment", at=DURING):
    with clock.rehearse(at):
        return client.get(address(page, tool))


def typed(client, page, *, tool="comment", at=DURING, **changes):
    html = opened(client, page, tool, at).content.decode()
    return {
        "token": re.search(r'name="token" value="([^"]+)"', html)[1],
        "channel": "telephone",
        "made_at": "2026-04-12 10:30",
        "text": "أريد مقاعد قرب الألعاب",
        "language": "ar",
        "publication": "without_name",
        "spoken": "ar",
        "accept": "on",
        **changes,
    }


def enter(client, page, *, tool="comment", at=DURING, **changes):
    data = typed(client, page, tool=tool, at=at, **changes)
    with clock.rehearse(at):
        return client.post(address(page, tool), data)


def test_a_call_comes_into_the_register_on_oral_acceptance(client, page, clerk):
    answer = enter(client, page, name="سارة", email="sara@example.org")
    assert answer.status_code == 302
    row = Participation.objects.get()
    assert (row.channel, row.consent, row.state) == (
        "telephone",
        Consent.ORAL,
        State.RECEIVED,
    )
    assert row.consent_language == "ar"
    assert row.consent_version.startswith("qassim/")
    assert row.made_at.isoformat() == "2026-04-12T07:30:00+00:00"
    assert row.received_at == DURING
    event = LedgerEvent.objects.get(kind="participation.received")
    assert event.actor == f"user:{clerk.pk}"
    assert "مقاعد" not in str(event.data)
    person = open_identity(row, actor=make_user(superuser=True), reason="test")
    assert (person.name, person.email) == ("سارة", "sara@example.org")


def test_the_receipt_shows_its_code_once(client, page, clerk):
    url = enter(client, page)["Location"]
    with clock.rehearse(DURING):
        first = client.get(url)
        again = client.get(url)
    code = CODE.search(first.content.decode())[1]
    row = Participation.objects.get()
    assert receipts.hash_of(code) == row.receipt_hash
    assert code not in url
    assert "no-store" in first["Cache-Control"]
    assert CODE.search(again.content.decode()) is None


def test_the_receipt_speaks_the_language_that_was_spoken(client, page, clerk):
    url = enter(client, page, spoken="en")["Location"]
    with clock.rehearse(DURING):
        html = client.get(url).content.decode()
    assert 'lang="en" dir="ltr"' in html
    assert "Receipt code" in html
    assert "/eparticipation/en/receipt/" in html


def test_nobody_else_sees_the_code(client, page, clerk):
    url = enter(client, page)["Location"]
    client.force_login(make_moderator())
    with clock.rehearse(DURING):
        assert CODE.search(client.get(url).content.decode()) is None


def test_a_suggestion_is_entered_with_its_own_fields(client, page, clerk):
    type(page).objects.update(tools=["comment", "suggestion"])
    enter(client, page, tool="suggestion", title="مقاعد", place="البوابة")
    row = Participation.objects.get()
    assert (row.tool, row.title, row.data["place"]) == (
        "suggestion",
        "مقاعد",
        "البوابة",
    )


def test_a_tool_that_the_topic_does_not_offer_is_not_found(client, page, clerk):
    type(page).objects.update(tools=["comment"])
    answer = opened(client, page, "suggestion")
    assert answer.status_code in (302, 404)
    assert "token" not in answer.content.decode()


def test_the_acceptance_text_of_the_policy_stands_there_to_be_read(client, page, clerk):
    html = opened(client, page).content.decode()
    assert "I have read the rules of participation" in html
    assert "قُرئ عليّ نص القبول" in html
    assert 'lang="ar"' in html


@pytest.mark.parametrize(
    "changes",
    [
        {"accept": ""},
        {"channel": "portal"},
        {"channel": "paper"},
        {"text": " "},
        {"text": "ن" * 20_000},
        {"made_at": "32/13/2026"},
        {"made_at": "0001-01-01 00:00"},
        {"made_at": "9999-12-31 23:59"},
        {"made_at": "2026-04-12 23:00"},
        {"spoken": "xx"},
        {"publication": "with_name"},
        {"publication": ""},
        {"token": "forged"},
        {"email": "no address"},
        {"language": "klingon"},
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(client, page, clerk, changes):
    data = typed(client, page, sources="مصدر لا يضيع") | changes
    with clock.rehearse(DURING):
        answer = client.post(address(page, "comment"), data)
    assert answer.status_code == 200
    assert "مصدر لا يضيع" in answer.content.decode()
    assert not Participation.objects.exists()


def test_sending_the_same_form_twice_is_one_participation(client, page, clerk):
    data = typed(client, page)
    with clock.rehearse(DURING):
        first = client.post(address(page, "comment"), data)
        second = client.post(address(page, "comment"), data)
    assert first["Location"] == second["Location"]
    assert Participation.objects.count() == 1
    with clock.rehearse(DURING):
        other = client.post(address(page, "comment"), data | {"text": "نص آخر"})
    assert "نص آخر" in other.content.decode()
    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    ("made_at", "evidence", "state", "reason"),
    [
        (CLOSES - timedelta(minutes=1), "مكالمة 77", State.RECEIVED, ""),
        (CLOSES - timedelta(minutes=1), "", State.LATE, "no_evidence"),
        (CLOSES, "مكالمة 77", State.LATE, "made_after_closing"),
        (OPENS - timedelta(minutes=1), "مكالمة 77", State.LATE, "made_before_opening"),
    ],
)
def test_after_closing_it_counts_with_evidence_only_and_this_is_told(
    client, page, clerk, made_at, evidence, state, reason
):
    assert "ep-admin-note--warning" in opened(client, page, at=AFTER).content.decode()
    local = (made_at + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M")
    answer = enter(client, page, at=AFTER, made_at=local, evidence=evidence)
    row = Participation.objects.get()
    assert (row.state, row.late_reason) == (state, reason)
    assert row.data.get("evidence", "") == evidence
    with clock.rehearse(AFTER):
        html = client.get(answer["Location"]).content.decode()
    assert ("ep-admin-note--warning" in html) == (state == State.LATE)


@pytest.mark.parametrize("at", [OPENS - timedelta(seconds=1)])
def test_before_the_opening_there_is_no_form(client, page, clerk, at):
    answer = opened(client, page, at=at)
    assert answer["Location"] == reverse(
        "eparticipation_admin:desk", args=[page.consultation_id]
    )


@pytest.mark.parametrize("stored", ["draft", "decided", "closed", "withdrawn"])
def test_nothing_is_entered_in_other_stages(client, page, clerk, stored):
    data = typed(client, page)
    Consultation.objects.update(stored_stage=stored)
    with clock.rehearse(DURING):
        client.post(address(page, "comment"), data)
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    "permission", ["analyse_participation", "take_decision", "reply_officially", ""]
)
def test_only_moderators_enter(client, page, clerk, permission):
    data = typed(client, page)
    client.force_login(make_user(permissions=[permission] if permission else []))
    with clock.rehearse(DURING):
        assert client.get(address(page)).status_code == 302
        client.post(address(page, "comment"), data)
    assert not Participation.objects.exists()


def test_a_moderator_of_another_department_enters_nothing(client, page, clerk):
    data = typed(client, page)
    StaffScope.objects.create(user=clerk)
    with clock.rehearse(DURING):
        client.post(address(page, "comment"), data)
    assert not Participation.objects.exists()


def test_the_desk_leads_to_the_form(client, page, clerk):
    url = reverse("eparticipation_admin:desk", args=[page.consultation_id])
    with clock.rehearse(DURING):
        assert address(page) in client.get(url).content.decode()
