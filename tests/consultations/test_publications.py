"""Publications outside the portal: proof, reason, timeline, and the closing's gate."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from tests.consultations.makers import make_requester, make_topic
from tests.factories import DURING, make_user
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations import timeline
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.consultations.models import PublicationAct
from wagtail_eparticipation.consultations.stages import Stored

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nscreenshot"


@pytest.fixture(autouse=True)
def during(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with rehearse(DURING):
        yield


@pytest.fixture
def owner(client):
    user = make_requester()
    client.force_login(user)
    return user


def address(name, *args):
    return reverse(f"eparticipation_admin:{name}", args=args)


def form_data(**fields):
    return {
        "medium": "Platform X",
        "account": "@municipality",
        "state": "done",
        "happened_at": "",
        "url": "https://x.example/1",
        "text": "شاركونا",
        "reason_ar": "",
        "reason_en": "",
        **fields,
    }


def proof(content=PDF, name="proof.pdf"):
    return SimpleUploadedFile(name, content)


def add(client, topic, **fields):
    return client.post(address("desk_publication_add", topic.pk), form_data(**fields))


def test_a_publication_with_proof_keeps_its_checksum_and_the_ledger_names_it(
    client, owner
):
    topic = make_topic()
    add(client, topic, proof=proof())
    kept = PublicationAct.objects.get()
    assert kept.proof_sha256 == hashlib.sha256(PDF).hexdigest()
    assert kept.recorded_by == owner
    assert kept.happened_at == DURING
    event = topic.ledger_events.get(kind="publication_recorded")
    assert event.data["proof_sha256"] == kept.proof_sha256


def test_the_proof_is_handed_out_as_it_came(client, owner):
    topic = make_topic()
    add(client, topic, proof=proof())
    url = address("desk_proof", topic.pk, PublicationAct.objects.get().pk)
    response = client.get(url)
    assert b"".join(response.streaming_content) == PDF
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_proof_that_was_exchanged_is_not_handed_out(client, owner):
    topic = make_topic()
    add(client, topic, proof=proof())
    kept = PublicationAct.objects.get()
    with kept.proof.open("wb") as stored:
        stored.write(b"%PDF-another")
    response = client.get(address("desk_proof", topic.pk, kept.pk))
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<script>alert(1)</script>", "proof.pdf"),
        (PDF, "proof.html"),
        (b"<svg onload=alert(1)>", "proof.svg"),
        (PDF, "proof.png"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(client, owner, content, name):
    topic = make_topic()
    response = add(client, topic, proof=proof(content, name))
    assert response.context["form"].errors["proof"]
    assert not PublicationAct.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"medium": ""}, "medium"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": ""}, "proof"),
        ({"state": "not_used"}, "reason"),
        ({"state": "not_used", "reason_ar": "لا حساب"}, "reason"),
        ({"happened_at": "2026-04-12 12:00:01"}, "happened_at"),
        ({"happened_at": "0001-01-01 00:00"}, "happened_at"),
        ({"happened_at": "9999-12-31 23:59"}, "happened_at"),
    ],
)
def test_what_is_missing_is_said_at_its_field(client, owner, fields, field):
    response = add(client, make_topic(), **fields)
    assert field in response.context["form"].errors
    assert "شاركونا" in response.content.decode()


def test_the_time_is_the_municipalitys_and_survives_an_edit(client, owner, settings):
    settings.TIME_ZONE = "Europe/Paris"
    topic = make_topic()
    add(client, topic, happened_at="2026-04-12 09:30")
    kept = PublicationAct.objects.get()
    assert kept.happened_at.isoformat() == "2026-04-12T06:30:00+00:00"
    page = client.get(address("desk_publication", topic.pk, kept.pk))
    assert "2026-04-12 09:30" in page.content.decode()


def test_a_planned_publication_stands_in_the_way_of_closing(client, owner):
    topic = make_topic(stored=Stored.ANNOUNCED)
    add(client, topic, state="planned", url="")
    planned = PublicationAct.objects.get()
    url = address("desk_publication", topic.pk, planned.pk)
    assert url in [item.url for item in missing_for("close", topic, DURING)]
    reason = {"reason_ar": "لا حساب لنا هناك.", "reason_en": "We have no account."}
    client.post(url, form_data(state="not_used", url="", **reason))
    assert url not in [item.url for item in missing_for("close", topic, DURING)]


def test_the_public_timeline_says_what_was_skipped_and_why(client, owner):
    topic = make_topic()
    reason = {"reason_ar": "لا حساب لنا هناك.", "reason_en": "We have no account."}
    add(client, topic, state="planned", medium="Radio", url="")
    add(client, topic, state="not_used", url="", **reason)
    with translation.override("en"):
        notes = list(timeline.notes(topic, "en", DURING))
    assert [note.text for note in notes] == ["We have no account."]
    assert notes[0].tone == "warning"
    assert "Platform X" in notes[0].title


def test_nothing_is_recorded_after_the_formal_closing(client, owner):
    topic = make_topic(stored=Stored.CLOSED)
    add(client, topic)
    assert not PublicationAct.objects.exists()


@pytest.mark.parametrize("permission", ["view_consultation", "moderate_participation"])
def test_others_record_nothing_but_may_read_the_proof(client, permission):
    topic = make_topic()
    client.force_login(make_requester())
    add(client, topic, proof=proof())
    kept = PublicationAct.objects.get()
    client.force_login(make_user(permissions=[permission]))
    add(client, topic)
    client.post(address("desk_publication", topic.pk, kept.pk), form_data(medium="Y"))
    assert [act.medium for act in PublicationAct.objects.all()] == ["Platform X"]
    assert client.get(address("desk_proof", topic.pk, kept.pk)).status_code == 200


def test_an_edit_with_another_file_keeps_the_new_checksum(client, owner):
    topic = make_topic()
    add(client, topic, proof=proof())
    kept = PublicationAct.objects.get()
    with rehearse(DURING + timedelta(hours=1)):
        url = address("desk_publication", topic.pk, kept.pk)
        client.post(url, form_data(proof=proof(PDF + b"2")))
    kept.refresh_from_db()
    assert kept.proof_sha256 == hashlib.sha256(PDF + b"2").hexdigest()
    assert topic.ledger_events.filter(kind="publication_recorded").count() == 2
