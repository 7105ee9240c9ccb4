"""The homepage panel “Your consultations”: what is due next for this person."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import (
    closing_words,
    date_words,
    instant_words,
)
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.stages import Stage

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
    """At most two queries beside those for the user's permissions."""

    name = "eparticipation"
    order = 120
    template_name = "wagtail_eparticipation/consultations/desk/home_panel.html"

    def __init__(self, request):
        self.request = request

    @cached_property
    def rows(self) -> list[dict]:
        user, now = self.request.user, clock.now()
        duties = {duty for duty in access.DUTIES if access.has_duty(user, duty)}
        found = []
        for consultation in _candidates(user, duties, now):
            stage = consultation.stage(now)
            authorises = consultation.waiting and "authorise" in duties
            found.append(
                {
                    "consultation": consultation,
                    "url": reverse("eparticipation_admin:desk", args=[consultation.pk]),
                    "stage": stage.label,
                    "next": _("A request waits for a second person")
                    if authorises
                    else due_next(consultation, stage, now),
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


def _candidates(user, duties, now):
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
    if not wanted:
        return []
    of_topic = waiting.filter(consultation=OuterRef("pk"))
    return (
        reduce(or_, wanted)
        .annotate(waiting=Exists(of_topic))
        .select_related("window")
        .order_by("-waiting", F("window__closes_at").asc(nulls_last=True), "pk")[:SHOWN]
    )


def your_consultations(request):
    """The panel, or nothing for people without any duty of ours."""
    if not access.works_with_any(request.user):
        return None
    return YourConsultations(request)
