"""The homepage panel “Your consultations”: what is due next for this person."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page, WorkflowState

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import (
    closing_words,
    date_words,
    instant_words,
)
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.tasks import (
    DecisionApprovalTask,
    RequestReviewTask,
)

#: Topics shown at most; the listing has all.
SHOWN = 8

#: Stages in which something is to be done, and the duties that see it as theirs.
_DUE = {
    Stage.DRAFT: ("request",),
    Stage.APPROVED: ("request", "decide"),
    Stage.FORTHCOMING: ("request",),
    Stage.COLLECTING: ("request", "moderate", "reply"),
    Stage.ANALYSING: ("analyse", "moderate", "decide", "reply"),
    Stage.DECIDED: ("decide",),
    Stage.ANNOUNCED: ("close",),
    Stage.WITHDRAWN: ("close",),
    Stage.CANCELLED: ("close",),
    Stage.CLOSED: ("close",),
}


def due_next(consultation, stage: Stage, now: datetime) -> str:
    """What happens or is to be done next with a topic, in a few words."""
    window = getattr(consultation, "window", None)
    if stage == Stage.FORTHCOMING and window:
        return _("Opens %(when)s") % {"when": instant_words(window.opens_at)}
    if stage == Stage.COLLECTING:
        return _("Open %(when)s") % {"when": closing_words(window.closes_at)}
    if stage == Stage.ANALYSING and consultation.planned_decision_on:
        day = date_words(consultation.planned_decision_on)
        return _("Analyse; the decision is planned for %(day)s") % {"day": day}
    return {
        Stage.DRAFT: _("Complete the request and submit it for approval"),
        Stage.APPROVED: _("Publish"),
        Stage.FORTHCOMING: _("Set the period"),
        Stage.ANALYSING: _("Analyse and record the decision"),
        Stage.DECIDED: _("Announce the decision"),
        Stage.ANNOUNCED: _("Write the closing report and close formally"),
        Stage.WITHDRAWN: _("Write the closing report and close formally"),
        Stage.CANCELLED: _("Write the closing report and close formally"),
        Stage.CLOSED: _("Seal and archive"),
    }[stage]


class YourConsultations(Component):
    """Three queries, six with pages in the workflow, beside those for permissions."""

    name = "eparticipation"
    order = 120
    template_name = "wagtail_eparticipation/consultations/desk/home_panel.html"

    def __init__(self, request):
        self.request = request

    @cached_property
    def rows(self) -> list[dict]:
        user, now = self.request.user, clock.now()
        duties = {duty for duty in access.DUTIES if access.has_duty(user, duty)}
        under_way = tasks_under_way(user)
        found = []
        for consultation in _candidates(user, duties, now, under_way):
            stage = consultation.stage(now)
            task = under_way.get(consultation.pk)
            if consultation.waiting and "authorise" in duties:
                following = _("A request waits for a second person")
            elif task:
                following = task.words
            else:
                following = due_next(consultation, stage, now)
            found.append(
                {
                    "consultation": consultation,
                    "url": reverse("eparticipation_admin:desk", args=[consultation.pk]),
                    "stage": stage.label,
                    "next": following,
                }
            )
        return found

    def get_context_data(self, parent_context):
        return {
            "rows": self.rows,
            "listing": reverse("eparticipation_admin:consultations"),
        }

    def render_html(self, parent_context=None):
        return super().render_html(parent_context) if self.rows else ""


@dataclass(frozen=True)
class UnderWay:
    """The task at which a topic's page is in the workflow, and if it is the user's."""

    name: str
    mine: bool

    @property
    def words(self) -> str:
        if self.mine:
            return _("Waits for you: %(task)s") % {"task": self.name}
        return _("In the workflow: %(task)s") % {"task": self.name}


def tasks_under_way(user) -> dict[int, UnderWay]:
    """By consultation, where its pages are in the workflow; the user's tasks first."""
    states = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS,
        # A snippet under moderation may have the key of a page.
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    at_task = {
        state.object_id: state.current_task_state.task
        for state in states.select_related("current_task_state__task")
        if state.current_task_state
    }
    if not at_task:
        return {}
    groups = user.groups.all()
    mine = {
        task
        for kind in (RequestReviewTask, DecisionApprovalTask)
        for task in kind.objects.filter(groups__in=groups).values_list("pk", flat=True)
    }
    pages = Consultation._meta.get_field("pages").related_model.objects
    found: dict[int, UnderWay] = {}
    for page in pages.filter(pk__in=list(at_task)).only("pk", "consultation"):
        task = at_task[str(page.pk)]
        known = found.get(page.consultation_id)
        if known is None or not known.mine:
            found[page.consultation_id] = UnderWay(task.name, task.pk in mine)
    return found


def _candidates(user, duties, now, under_way):
    """Topics at a stage that concerns the user, the earliest closing first."""
    seen = access.seen_by(user)
    wanted = [
        seen.at_stage(stage, now)
        for stage, whose in _DUE.items()
        if duties.intersection(whose)
    ]
    waiting = Act.objects.filter(state=Act.State.REQUESTED).exclude(requested_by=user)
    if "authorise" in duties:
        wanted.append(seen.filter(pk__in=waiting.order_by().values("consultation_id")))
    mine = [pk for pk, task in under_way.items() if task.mine]
    if mine:
        wanted.append(seen.filter(pk__in=mine))
    if not wanted:
        return []
    of_topic = waiting.filter(consultation=OuterRef("pk"))
    return (
        reduce(or_, wanted)
        .annotate(
            waiting=Exists(of_topic),
            mine=Case(When(pk__in=mine, then=Value(1)), default=Value(0)),
        )
        .select_related("window")
        .order_by(
            "-waiting", "-mine", F("window__closes_at").asc(nulls_last=True), "pk"
        )[:SHOWN]
    )


def your_consultations(request):
    """The panel, or nothing for people without any duty of ours."""
    if not access.works_with_any(request.user):
        return None
    return YourConsultations(request)
