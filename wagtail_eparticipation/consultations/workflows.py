"""The two workflows of the process, and the pages that use them (P-5.1.1, P-5.5.1)."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

from wagtail_eparticipation.consultations.tasks import (
    DecisionApprovalTask,
    RequestReviewTask,
)

REVIEWERS = "Reviewers"
DECISION_MAKERS = "Decision makers"


def request_workflow() -> Workflow | None:
    """Review by the reviewers, then approval by the decision makers."""
    return (
        Workflow.objects.active()
        .filter(workflow_tasks__task__in=RequestReviewTask.objects.all())
        .order_by("pk")
        .first()
    )


def decision_workflow() -> Workflow | None:
    """Approval by the decision makers alone."""
    return (
        Workflow.objects.active()
        .filter(workflow_tasks__task__in=DecisionApprovalTask.objects.all())
        .exclude(workflow_tasks__task__in=RequestReviewTask.objects.all())
        .order_by("pk")
        .first()
    )


def ensure_tasks() -> tuple[RequestReviewTask, DecisionApprovalTask, list[str]]:
    """The two tasks, made if absent; editors may rename them and add groups."""
    made = []
    review = RequestReviewTask.objects.order_by("pk").first()
    approval = DecisionApprovalTask.objects.order_by("pk").first()
    with override(settings.LANGUAGE_CODE):
        if review is None:
            review = RequestReviewTask.objects.create(name=_("Review of the request"))
            review.groups.add(Group.objects.get(name=REVIEWERS))
            made.append(review.name)
        if approval is None:
            approval = DecisionApprovalTask.objects.create(
                name=_("Approval by the decision makers")
            )
            approval.groups.add(Group.objects.get(name=DECISION_MAKERS))
            made.append(approval.name)
    return review, approval, made


def ensure_workflows() -> list[str]:
    """Make what is absent of the two workflows; returns the names of what was made."""
    review, approval, made = ensure_tasks()
    with override(settings.LANGUAGE_CODE):
        if request_workflow() is None:
            name = _("Request for participation")
            _make(name, [review, approval])
            made.append(name)
        if decision_workflow() is None:
            name = _("Decision")
            _make(name, [approval])
            made.append(name)
    return made


def _make(name: str, tasks) -> None:
    workflow = Workflow.objects.create(name=name)
    for position, task in enumerate(tasks):
        WorkflowTask.objects.create(
            workflow=workflow, task=task.task_ptr, sort_order=position
        )


def assign_to_hub(hub) -> bool:
    """Let all topics below a hub pass the request's workflow; false if it has one."""
    workflow = request_workflow()
    if workflow is None or WorkflowPage.objects.filter(page_id=hub.pk).exists():
        return False
    WorkflowPage.objects.create(page_id=hub.pk, workflow=workflow)
    return True
