"""The decision makers approve in Wagtail's workflow; the embargo holds all the same."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Workflow, WorkflowTask

from tests.decisions.makers import make_decision, make_topic
from tests.factories import make_user
from tests.factories_pages import make_hub
from wagtail_eparticipation.consultations.tasks import DecisionApprovalTask
from wagtail_eparticipation.decisions.models import DecisionApproval
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.decisions.record import is_approved

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    workflow = Workflow.objects.create(name="Decision", active=True)
    task = DecisionApprovalTask.objects.create(name="Approval", active=True)
    group = Group.objects.create(name="Decision makers")
    # As eparticipation_setup does: Wagtail lets the last approver publish.
    codenames = ["change_page", "publish_page"]
    for permission in Permission.objects.filter(codename__in=codenames):
        GroupPagePermission.objects.create(
            group=group, page=make_hub(), permission=permission
        )
    task.groups.add(group)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    return task


def start(page):
    workflow = Workflow.objects.get(name="Decision")
    return workflow.start(page, make_user())


def test_approval_by_the_decision_makers_waits_for_the_announcement(task):
    page = make_decision(make_topic(), approved=False)
    decider = make_user(groups=["Decision makers"])
    state = start(page)
    task.on_action(state.current_task_state, decider, "approve")
    page = DecisionPage.objects.get(pk=page.pk)
    assert not page.live
    assert is_approved(page)
    assert DecisionApproval.objects.get().approved_by == decider
    event = page.consultation.ledger_events.get(kind="decision_approved")
    assert event.actor == f"user:{decider.pk}"


def test_a_rejected_decision_is_not_approved(task):
    page = make_decision(make_topic(), approved=False)
    state = start(page)
    decider = make_user(groups=["Decision makers"])
    task.on_action(state.current_task_state, decider, "reject")
    assert not is_approved(DecisionPage.objects.get(pk=page.pk))


def test_the_admins_publish_button_does_not_end_the_embargo(client):
    page = make_decision(make_topic(), approved=False)
    client.force_login(make_user(superuser=True))
    form = client.get(f"/admin/pages/{page.pk}/edit/").context["form"]
    data = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in ("said", "decision", "next_steps", "comments")
    }
    rich = '{"blocks":[{"text":"نص","type":"unstyled","depth":0,"key":"a",'
    rich += '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}'
    data |= dict.fromkeys(("said", "decision", "next_steps"), rich)
    data |= {
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": "",
        "action-publish": "1",
    }
    response = client.post(f"/admin/pages/{page.pk}/edit/", data)
    assert response.status_code == 302, response.context["form"].errors
    page = DecisionPage.objects.get(pk=page.pk)
    assert not page.live
    assert is_approved(page)
