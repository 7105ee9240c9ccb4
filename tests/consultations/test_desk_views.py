"""One consultation's desk: the permission matrix, the acts, the costs."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.consultations.makers import (
    because,
    make_authoriser,
    make_requester,
    make_topic,
)
from tests.consultations.test_desk import make_department
from tests.factories import CLOSES, DURING, make_user
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.ledger.record import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def address(name, *args):
    return reverse(f"eparticipation_admin:{name}", args=args)


def person(kind, department):
    """One of the people of the matrix."""
    if kind == "visitor":
        return None
    if kind == "superuser":
        return make_user(superuser=True)
    permissions = {
        "citizen": [],
        "viewer": ["view_consultation"],
        "owner": ["view_consultation", "request_act"],
        "elsewhere": ["view_consultation", "request_act", "authorise_act"],
        "moderator": ["moderate_participation"],
        "authoriser": ["authorise_act"],
        "decider": ["take_decision"],
    }[kind]
    user = make_user(permissions=permissions)
    if kind == "citizen":
        user.user_permissions.clear()
    if kind == "elsewhere":
        scope = StaffScope.objects.create(user=user)
        scope.departments.add(make_department("Elsewhere"))
    return user


KINDS = [
    "visitor",
    "citizen",
    "viewer",
    "owner",
    "elsewhere",
    "moderator",
    "authoriser",
    "decider",
    "superuser",
]
WORKING = {"viewer", "owner", "moderator", "authoriser", "decider", "superuser"}
ASKING = {"owner", "superuser"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "further", "admitted"),
    [
        ("desk", [], WORKING),
        ("desk_roles", [], WORKING),
        ("desk_history", [], WORKING),
        ("desk_act", ["extend"], ASKING),
        ("desk_act", ["close_early"], ASKING),
        ("desk_publication_add", [], ASKING),
    ],
)
def test_who_may_open_what(client, kind, name, further, admitted):
    department = make_department()
    topic = make_topic(department=department)
    user = person(kind, department)
    if user is not None:
        client.force_login(user)
    response = client.get(address(name, topic.pk, *further))
    expected = 200 if kind in admitted else 302
    assert response.status_code == expected


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_extend_through_the_form(client, kind):
    topic = make_topic(department=make_department())
    user = person(kind, topic.department)
    if user is not None:
        client.force_login(user)
    client.post(address("desk_act", topic.pk, "extend"), extension())
    assert topic.acts.exists() == (kind in ASKING)


def reasons(code="extend.technical_outage"):
    return {
        "reason_code": code,
        "reason_ar": "تعطل الموقع ساعتين.",
        "reason_en": "The site was down for two hours.",
    }


def extension(**fields):
    return {
        "closes_on": "2026-05-03",
        "closes_time": "14:00",
        **reasons(),
        **fields,
    }


def test_an_unknown_topic_is_not_found(client):
    client.force_login(make_requester())
    assert client.get(address("desk", 99), follow=True).status_code == 404


@pytest.mark.parametrize("name", ["archive", "close", "approve", "lapse", "nonsense"])
def test_acts_with_another_place_have_no_form_here(client, name):
    client.force_login(make_user(superuser=True))
    topic = make_topic()
    response = client.get(address("desk_act", topic.pk, name), follow=True)
    assert response.status_code == 404


def extend(client, topic, data):
    """Requested by who is signed in, authorised by another person on the desk."""
    client.post(address("desk_act", topic.pk, "extend"), data)
    act = Act.objects.get(name="extend")
    client.force_login(make_authoriser())
    url = address("desk_request", topic.pk, act.pk)
    client.post(url, {"action": "authorise"})
    topic.refresh_from_db()


def test_an_extension_sets_the_municipal_clock(client):
    topic = make_topic()
    client.force_login(make_requester())
    extend(client, topic, extension())
    assert topic.window.closes_at.isoformat() == "2026-05-03T11:00:00+00:00"


def test_without_a_time_the_last_day_counts_in_full(client):
    topic = make_topic()
    client.force_login(make_requester())
    data = extension(closes_time="")
    extend(client, topic, data)
    assert topic.window.closes_at.isoformat() == "2026-05-03T21:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"closes_on": "2026-04-20"}, "2026-04-20"),
        ({"closes_on": "yesterday"}, "yesterday"),
        ({"reason_code": ""}, "The site was down"),
        ({"reason_en": ""}, "تعطل الموقع ساعتين."),
        ({"reason_code": "reopen.new_facts"}, "The site was down"),
    ],
)
def test_a_refused_extension_says_why_and_keeps_what_was_typed(client, fields, kept):
    topic = make_topic()
    client.force_login(make_requester())
    data = extension(**fields)
    response = client.post(address("desk_act", topic.pk, "extend"), data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert kept in response.content.decode()
    topic.refresh_from_db()
    assert topic.window.closes_at == CLOSES


@pytest.mark.parametrize("checked", [True, False])
def test_a_text_that_no_server_reads_is_said_to_be_too_long(checked):
    topic = make_topic()
    client = Client(enforce_csrf_checks=checked)
    client.force_login(make_requester())
    url = address("desk_act", topic.pk, "extend")
    answer = client.post(url, extension(reason_en="a" * 10_000_000))
    assert answer.status_code == 413
    assert "wagtail_eparticipation/participations/too_big_admin.html" in {
        template.name for template in answer.templates
    }
    # In the browser's title and as the page's heading.
    assert answer.content.decode().count("تعذّرت قراءة ما أُرسل") >= 2
    assert not topic.acts.exists()


def test_a_forged_form_is_refused():
    topic = make_topic()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_requester())
    answer = client.post(address("desk_act", topic.pk, "extend"), extension())
    assert answer.status_code == 403
    assert not topic.acts.exists()


def test_the_second_person_hears_that_the_decision_would_come_too_early(client):
    topic = make_topic(planned_decision_on=date(2026, 5, 2))
    client.force_login(make_requester())
    client.post(address("desk_act", topic.pk, "extend"), extension())
    client.force_login(make_authoriser())
    url = address("desk_request", topic.pk, Act.objects.get().pk)
    page = client.get(url, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The planned decision (Saturday 2 May 2026" in page


def test_an_act_that_the_stage_forbids_leads_back_with_a_message(client):
    topic = make_topic(stored=Stored.DRAFT)
    client.force_login(make_user(superuser=True))
    response = client.get(address("desk_act", topic.pk, "extend"))
    assert response["Location"] == address("desk", topic.pk)


def test_two_people_close_early_and_the_second_sees_what_will_happen(client):
    topic = make_topic()
    client.force_login(make_requester())
    data = {**reasons("close_early.project_cancelled"), "urgent": "on"}
    client.post(address("desk_act", topic.pk, "close_early"), data)
    act = Act.objects.get()
    assert act.state == Act.State.REQUESTED

    client.force_login(make_authoriser())
    assert address("desk_request", topic.pk, act.pk) in (
        client.get(address("desk", topic.pk)).content.decode()
    )
    page = client.get(address("desk_request", topic.pk, act.pk))
    assert any(
        "15:" in line or "12:00" in line for line in page.context["consequences"]
    )
    client.post(address("desk_request", topic.pk, act.pk), {"action": "authorise"})
    topic.refresh_from_db()
    assert topic.window.closes_at == DURING
    assert topic.stage(DURING) == "analysing"


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_authorises_an_own_request(client, superuser):
    user = make_user(permissions=["request_act", "authorise_act"], superuser=superuser)
    topic = make_topic()
    act = acts.request(
        topic, "close_early", actor=user, reason=because("close_early"), urgent=True
    )
    client.force_login(user)
    page = client.get(address("desk_request", topic.pk, act.pk))
    assert not page.context["may_authorise"]
    client.post(address("desk_request", topic.pk, act.pk), {"action": "authorise"})
    act.refresh_from_db()
    assert act.state == Act.State.REQUESTED


def test_a_request_is_declined_with_a_note(client):
    topic = make_topic()
    act = acts.request(
        topic,
        "close_early",
        actor=make_requester(),
        reason=because("close_early"),
        urgent=True,
    )
    client.force_login(make_authoriser())
    url = address("desk_request", topic.pk, act.pk)
    client.post(url, {"action": "decline", "note": "Not yet"})
    act.refresh_from_db()
    assert act.state == Act.State.DECLINED
    assert "Not yet" in client.get(url).content.decode()


def test_another_topics_request_is_not_found(client):
    topic = make_topic()
    act = acts.request(
        topic,
        "close_early",
        actor=make_requester(),
        reason=because("close_early"),
        urgent=True,
    )
    client.force_login(make_authoriser())
    url = address("desk_request", make_topic().pk, act.pk)
    assert client.get(url, follow=True).status_code == 404


def test_the_desk_names_what_is_missing_before_the_next_stage(client):
    topic = make_topic(stored=Stored.DRAFT)
    topic.roles.filter(role="privacy").delete()
    client.force_login(make_requester())
    response = client.get(address("desk", topic.pk))
    urls = [item.url for item in response.context["missing"]]
    assert address("desk_roles", topic.pk) in urls


def test_a_role_is_given_and_taken_back_and_the_ledger_knows(client):
    topic = make_topic()
    other = make_user("colleague")
    client.force_login(make_requester())
    url = address("desk_roles", topic.pk)
    client.post(url, {"role": "analyst", "holder": f"user:{other.pk}"})
    given = topic.roles.get(user=other)
    client.post(url, {"take": given.pk})
    assert not topic.roles.filter(user=other).exists()
    kinds = set(topic.ledger_events.values_list("kind", flat=True))
    assert {"role_given", "role_taken"} <= kinds


@pytest.mark.parametrize("kind", ["viewer", "moderator", "elsewhere", "citizen"])
def test_roles_are_not_given_by_others(client, kind):
    topic = make_topic(department=make_department())
    before = topic.roles.count()
    user = person(kind, None)
    client.force_login(user)
    data = {"role": "analyst", "holder": f"user:{user.pk}"}
    client.post(address("desk_roles", topic.pk), data)
    client.post(address("desk_roles", topic.pk), {"take": topic.roles.first().pk})
    assert topic.roles.count() == before


def test_roles_of_a_closed_topic_stay(client):
    topic = make_topic(stored=Stored.CLOSED)
    client.force_login(make_user(superuser=True))
    client.post(address("desk_roles", topic.pk), {"take": topic.roles.first().pk})
    assert topic.roles.count() == 8


@pytest.mark.parametrize("stored", [Stored.CLOSED, Stored.ARCHIVED])
def test_a_closed_topic_offers_neither_roles_nor_publications(client, stored):
    topic = make_topic(stored=stored)
    client.force_login(make_user(superuser=True))
    page = client.get(address("desk_roles", topic.pk))
    assert not page.context["may_change"]
    add = address("desk_publication_add", topic.pk)
    assert add not in client.get(address("desk", topic.pk)).content.decode()
    assert client.get(add).url == address("desk", topic.pk)


def test_the_history_finds_a_changed_event(client):
    topic = make_topic()
    for number in range(3):
        record(topic, "theme_saved", data={"theme": number})
    from wagtail_eparticipation.ledger.chain import chain

    chain(topic)
    client.force_login(make_requester())
    assert client.get(address("desk_history", topic.pk)).context["problems"] == []
    event = topic.ledger_events.get(sequence=2)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {event._meta.db_table} SET kind = 'x' WHERE id = %s",
            [event.pk],
        )
    assert client.get(address("desk_history", topic.pk)).context["problems"]


def test_the_history_is_paged_by_key(client):
    topic = make_topic()
    for _number in range(60):
        record(topic, "theme_saved")
    client.force_login(make_requester())
    first = client.get(address("desk_history", topic.pk))
    assert len(first.context["events"]) == 50
    older = client.get(first.context["older"])
    assert len(older.context["events"]) == 10


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_desk_and_history_cost_the_same_for_many_rows(client):
    topic = make_topic()
    client.force_login(make_requester())
    record(topic, "theme_saved")
    urls = [address("desk", topic.pk), address("desk_history", topic.pk)]
    few = [cost(client, url) for url in urls]
    asker = make_requester()
    for number in range(30):
        record(topic, "theme_saved", actor=asker)
        topic.publication_acts.create(medium=f"Medium {number}")
    many = [cost(client, url) for url in urls]
    assert many[0] == few[0]
    assert many[1] <= few[1] + 1
