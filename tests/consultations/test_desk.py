"""The desk in the admin: who may, what is shown, what is done, how much it costs."""

import re
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import WorkflowState

import wagtail_eparticipation
from tests.consultations.makers import make_authoriser, make_requester, make_topic
from tests.consultations.makers_pages import drafted, people, prepared_site
from tests.factories import DURING, make_consultation, make_user
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.home_panel import tasks_under_way
from wagtail_eparticipation.consultations.ledger_words import words_for
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.ledger.models import LedgerEvent

pytestmark = pytest.mark.django_db

LISTING = "eparticipation_admin:consultations"


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


def make_department(name="Parks"):
    from tests.factories_pages import make_locales

    return Department.objects.create(name=name, locale=make_locales()[0])


def limited_to(department, **kwargs):
    user = make_requester(**kwargs)
    StaffScope.objects.create(user=user).departments.add(department)
    return user


def test_the_listing_shows_one_row_per_topic_whatever_its_languages(client):
    make_consultation(titles={"ar": "الحديقة", "en": "The park"})
    client.force_login(make_requester())
    response = client.get(reverse(LISTING))
    assert "الحديقة" in response.content.decode()
    assert len(response.context["object_list"]) == 1


def test_another_departments_topics_are_not_listed(client):
    mine, theirs = make_department("Parks"), make_department("Roads")
    make_consultation(department=mine, reference="2026-001")
    make_consultation(department=theirs, reference="2026-002")
    client.force_login(limited_to(mine))
    rows = client.get(reverse(LISTING)).context["object_list"]
    assert [row.reference for row in rows] == ["2026-001"]


@pytest.mark.parametrize("permissions", [[], ["view_workingcalendar"]])
def test_who_has_no_duty_sees_no_listing(client, permissions):
    client.force_login(make_user(permissions=permissions))
    response = client.get(reverse(LISTING))
    assert response.status_code == 302


def test_a_visitor_is_sent_to_the_login(client):
    response = client.get(reverse(LISTING))
    assert "login" in response["Location"]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("collecting", ["open"]), ("draft", ["drafted"]), ("archived", [])],
)
def test_the_stage_filter_asks_the_clock(client, stage, expected):
    make_consultation(reference="open")
    make_consultation(reference="drafted", stored=Stored.DRAFT)
    client.force_login(make_requester())
    rows = client.get(reverse(LISTING), {"stage": stage}).context["object_list"]
    assert [row.reference for row in rows] == expected


@pytest.mark.parametrize("words", ["2026-007", "2026"])
def test_a_reference_is_found(client, words):
    make_consultation(reference="2026-007")
    make_consultation(reference="other")
    client.force_login(make_requester())
    rows = client.get(reverse(LISTING), {"q": words}).context["object_list"]
    assert [row.reference for row in rows] == ["2026-007"]


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_the_listing_is_exported(client, format_):
    make_consultation(reference="2026-007", department=make_department())
    client.force_login(make_requester())
    response = client.get(reverse(LISTING), {"export": format_})
    content = b"".join(response.streaming_content)
    assert response.status_code == 200
    if format_ == "csv":
        assert b"2026-007" in content
        assert b"Parks" in content


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_listing_costs_the_same_for_many_topics(client):
    department = make_department()
    client.force_login(make_requester())
    for _number in range(20):
        make_consultation(department=department)
    few = queries_of(client, reverse(LISTING))
    for _number in range(180):
        make_consultation(department=department)
    assert queries_of(client, reverse(LISTING)) == few


def panel_of(client):
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_homepage_says_what_is_due_next(client):
    make_consultation(titles={"ar": "الحديقة"})
    client.force_login(make_requester())
    assert "الحديقة" in panel_of(client)


def test_the_homepage_says_nothing_to_people_without_a_duty(client):
    make_consultation(titles={"ar": "الحديقة"})
    client.force_login(make_user())
    assert "الحديقة" not in panel_of(client)


def test_a_decision_maker_is_not_troubled_with_drafts(client):
    make_consultation(titles={"ar": "الحديقة"}, stored=Stored.DRAFT)
    client.force_login(make_user(permissions=["take_decision"]))
    assert "الحديقة" not in panel_of(client)


def waiting_request(consultation, requester, name="close_early"):
    return Act.objects.create(
        consultation=consultation,
        name=name,
        state=Act.State.REQUESTED,
        reason_code="close_early.project_cancelled",
        reason={"ar": "ألغي المشروع", "en": "The project was cancelled"},
        parameters={"closes_at": None, "asked_closing": None, "urgent": True},
        requested_by=requester,
        requested_at=DURING,
    )


def test_an_authoriser_sees_the_topic_with_a_request_first(client):
    make_topic(titles={"ar": "الأولى"})
    topic = make_topic(titles={"ar": "الثانية"})
    waiting_request(topic, make_requester())
    client.force_login(make_authoriser())
    content = panel_of(client)
    assert "الثانية" in content
    assert "الأولى" not in content


def test_the_panel_costs_three_queries(rf):
    from wagtail_eparticipation.consultations.home_panel import your_consultations

    for _number in range(10):
        make_topic()
    request = rf.get("/")
    request.user = make_requester()
    request.user.has_perm("anything")
    with CaptureQueriesContext(connection) as captured:
        assert your_consultations(request).rows
    assert len(captured) <= 3, captured.captured_queries


def test_the_homepage_names_the_task_and_whose_it_is(client):
    prepared_site()
    staff = people()
    page = drafted()
    page.get_workflow().start(page, staff["editor"])
    task = page.current_workflow_task.name
    for name, words in (("reviewer", "بانتظارك"), ("editor", "في سير العمل")):
        client.force_login(staff[name])
        assert f"{words}: {task}" in panel_of(client)
    client.force_login(staff["decider"])
    assert "بانتظارك" not in panel_of(client)


def test_a_snippet_under_moderation_is_not_taken_for_a_page():
    prepared_site()
    reviewer = people()["reviewer"]
    page = drafted()
    page.get_workflow().start(page, reviewer)
    assert list(tasks_under_way(reviewer)) == [page.consultation_id]
    WorkflowState.objects.update(
        base_content_type=ContentType.objects.get_for_model(Department)
    )
    assert tasks_under_way(reviewer) == {}


def test_every_kind_of_event_has_words():
    source = Path(wagtail_eparticipation.__file__).parent
    kinds = {
        kind
        for path in source.rglob("*.py")
        for kind in re.findall(
            r'\brecord\(\s*[\w.]+,\s*"([a-z_.]+)"', path.read_text(encoding="utf-8")
        )
    }
    kinds |= {f"moderation.{state}" for state in ("published", "refused", "restored")}
    unnamed = {kind for kind in kinds if str(words_for(LedgerEvent(kind=kind))) == kind}
    assert unnamed == set()
