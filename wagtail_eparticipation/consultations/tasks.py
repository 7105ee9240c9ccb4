"""Workflow tasks that carry the gates: an incomplete request cannot pass (R-5.1.2f)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask

from wagtail_eparticipation.consultations.access import departments_of
from wagtail_eparticipation.consultations.approval import (
    RequestIncomplete,
    approve_request,
    missing_for_approval,
)
from wagtail_eparticipation.consultations.approving import approving
from wagtail_eparticipation.consultations.gates import Missing
from wagtail_eparticipation.consultations.locks import may_work_on
from wagtail_eparticipation.consultations.topic_page import is_topic_page


def _submitted(task_state):
    """What was submitted, in its own class: the state itself knows the base Page."""
    return task_state.revision.as_object()


def _is_theirs(obj, user) -> bool:
    return may_work_on(user, getattr(obj, "specific", obj))


class GatedApprovalTask(AbstractGroupApprovalTask):
    """A group's approval that is refused, with reasons, while something is missing."""

    class Meta:
        abstract = True

    def missing_for(self, obj) -> list[Missing]:
        """What stops the approval; other pages than topics are let through."""
        if not is_topic_page(obj):
            return []
        return missing_for_approval(obj.get_latest_revision_as_object())

    def user_can_access_editor(self, obj, user):
        return _is_theirs(obj, user) and super().user_can_access_editor(obj, user)

    def locked_for_user(self, obj, user):
        return not _is_theirs(obj, user) or super().locked_for_user(obj, user)

    def user_can_lock(self, obj, user):
        return _is_theirs(obj, user) and super().user_can_lock(obj, user)

    def get_task_states_user_can_moderate(self, user, **kwargs):
        """Of the departments that the user is limited to, like everything else."""
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        if departments_of(user) is None:
            return states
        mine = [each.pk for each in states if _is_theirs(_submitted(each), user)]
        return states.filter(pk__in=mine)

    def get_actions(self, obj, user):
        """Without the quick button while something is missing: the form says what."""
        if not _is_theirs(obj, user):
            return []
        actions = super().get_actions(obj, user)
        if not actions or not is_topic_page(getattr(obj, "specific", obj)):
            return actions
        # The form is made before the object is known; it asks here when shown.
        self._asked_about = getattr(obj, "specific", obj)
        if self.missing_for(self._asked_about):
            return [action for action in actions if action[0] != "approve" or action[2]]
        return actions

    def get_form_for_action(self, action):
        base = super().get_form_for_action(action)
        if action != "approve":
            return base
        return type("ApprovalForm", (GatedForm, base), {"gate": self})

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        obj = _submitted(task_state)
        if not _is_theirs(obj, user):
            raise PermissionDenied
        if action_name == "approve":
            missing = self.missing_for(obj)
            if missing:
                raise RequestIncomplete(missing)
        # Wagtail publishes inside, and asks whether this user may.
        with approving(user):
            return super().on_action(task_state, user, action_name, **kwargs)


class GatedForm(TaskStateCommentForm):
    """The comment form of an approval; names what is missing instead of approving."""

    gate: GatedApprovalTask

    def clean(self):
        cleaned = super().clean()
        obj = getattr(self.gate, "_asked_about", None)
        missing = self.gate.missing_for(obj) if obj is not None else []
        if missing:
            raise ValidationError([_as_link(item) for item in missing])
        return cleaned


def _as_link(item: Missing) -> str:
    if not item.url:
        return str(item)
    # In a page of its own: the form of the approval lies over the editor.
    return format_html(
        '<a class="w-text-current w-underline" href="{}" target="_blank">{}</a>',
        item.url,
        item,
    )


class RequestReviewTask(GatedApprovalTask):
    """Review of a request by the reviewers, who find nothing incomplete before them."""

    class Meta:
        verbose_name = gettext_lazy("review of a request for participation")
        verbose_name_plural = gettext_lazy("reviews of requests for participation")

    @classmethod
    def get_description(cls):
        return _(
            "Members of the chosen groups review the request; an incomplete request "
            "cannot be approved, and they are told what is missing."
        )


class DecisionApprovalTask(GatedApprovalTask):
    """Approval by the decision makers; what they approve is frozen as a version."""

    class Meta:
        verbose_name = gettext_lazy("approval by the decision makers")
        verbose_name_plural = gettext_lazy("approvals by the decision makers")

    @classmethod
    def get_description(cls):
        return _(
            "Members of the chosen groups approve the request or the decision; "
            "approval freezes a request as a numbered version."
        )

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        obj = _submitted(task_state)
        if action_name != "approve" or not is_topic_page(obj):
            return super().on_action(task_state, user, action_name, **kwargs)
        approve_request(task_state.revision.as_object(), user)
        return super().on_action(task_state, user, action_name, **kwargs)
