"""The desk of one consultation: where it stands, what is missing, what can be done."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name

from wagtail_eparticipation.calendars.words import closing_words, instant_words
from wagtail_eparticipation.consultations import acts, roles, timeline
from wagtail_eparticipation.consultations.act_names import ACT_LABELS
from wagtail_eparticipation.consultations.act_views import ELSEWHERE
from wagtail_eparticipation.consultations.consultation_gates import unfilled_roles
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.desk_cards import cards_for
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.people import Role
from wagtail_eparticipation.consultations.publish_view import may_publish
from wagtail_eparticipation.consultations.role_forms import RoleForm
from wagtail_eparticipation.consultations.stages import (
    SETTLED,
    STANDARD_STAGES,
    TRANSITIONS,
    Stage,
)
from wagtail_eparticipation.sanitize import is_key

#: The act that leads to the next stage, for what is missing before it.
NEXT_ACT = {
    Stage.DRAFT: "approve",
    Stage.APPROVED: "publish",
    Stage.ANALYSING: "decide",
    Stage.DECIDED: "announce",
    Stage.ANNOUNCED: "close",
    Stage.WITHDRAWN: "close",
    Stage.CANCELLED: "close",
    Stage.CLOSED: "archive",
}

#: Views of other rooms on one consultation, by name, with the duties that they ask for.
_ROOMS = (
    ("analysis", gettext_lazy("Analysis"), ("analyse", "decide")),
    ("decision_file", gettext_lazy("Decision maker's file"), ("decide", "analyse")),
    ("report", gettext_lazy("Closing and archive"), ("close",)),
)


class Desk(DeskView):
    """Everything about one consultation on one page, with ways to the other rooms."""

    page_title = gettext_lazy("Desk")
    template_name = "wagtail_eparticipation/consultations/desk/desk.html"

    def get_breadcrumbs_items(self):
        return super().get_breadcrumbs_items()[:-1]

    def get_context_data(self, **kwargs):
        consultation, user, now = self.consultation, self.request.user, self.now
        stage = consultation.stage(now)
        name = NEXT_ACT.get(stage)
        pages = list(
            consultation.pages.filter(alias_of__isnull=True)
            .select_related("locale")
            .order_by("pk")
        )
        regular, rare = self.buttons(stage, pages)
        return super().get_context_data(
            stages=timeline.standard_steps(consultation, now),
            position=_position(stage),
            next_label=ACT_LABELS[name] if name else "",
            next_instant=self.next_instant(stage, pages),
            missing=missing_for(name, consultation, now) if name else [],
            regular=regular,
            rare=rare,
            requests=[
                {
                    "act": act,
                    "label": ACT_LABELS[act.name],
                    "by": _name_of(act.requested_by),
                }
                for act in consultation.acts.filter(state=Act.State.REQUESTED)
                .select_related("requested_by")
                .order_by("pk")
            ],
            cards=cards_for(consultation, user, now),
            pages=pages,
            unfilled=unfilled_roles(consultation),
            publications=list(consultation.publication_acts.order_by("pk")),
            may_record=self.may("request") and consultation.stored_stage not in SETTLED,
            links=self.links(),
            **kwargs,
        )

    def links(self) -> list[dict]:
        """Ways to the rooms that work on this topic, for those who work there."""
        found = []
        for name, label, duties in _ROOMS:
            if not any(self.may(duty) for duty in duties):
                continue
            try:
                url = reverse(
                    f"eparticipation_admin:{name}", args=[self.consultation.pk]
                )
            except NoReverseMatch:
                continue
            found.append({"url": url, "label": label})
        return found

    def next_instant(self, stage: Stage, pages) -> str:
        """What the clock will do next, in words."""
        window = getattr(self.consultation, "window", None)
        waits = stage == Stage.APPROVED and pages
        scheduled = pages[0].scheduled_revision if waits else None
        if scheduled:
            when = instant_words(scheduled.approved_go_live_at)
            return _("Goes live %(when)s") % {"when": when}
        if stage == Stage.FORTHCOMING and window:
            return _("Opens %(when)s") % {"when": instant_words(window.opens_at)}
        if stage == Stage.COLLECTING:
            return _("Open %(when)s") % {"when": closing_words(window.closes_at)}
        return ""

    def buttons(self, stage: Stage, pages) -> tuple[list[dict], list[dict]]:
        """The next act of this user, and those that depart from the course."""
        regular, rare = [], []
        for name in acts.possible(self.consultation, self.request.user, self.now):
            url = self.address_of(name, pages)
            if not url:
                continue
            step = TRANSITIONS[name]
            button = {
                "label": ACT_LABELS[name],
                "url": url,
                "two_people": step.two_people,
            }
            if name == NEXT_ACT.get(stage):
                regular.append(button)
            elif name not in ELSEWHERE:
                rare.append(button)
        waits = stage == Stage.APPROVED and pages
        if waits and may_publish(pages[0], self.request.user):
            # The page went live, yet a gate kept the topic from being published.
            url = reverse(
                "eparticipation_admin:desk_publish", args=[self.consultation.pk]
            )
            label = _("Publish the topic")
            regular.append({"label": label, "url": url, "two_people": False})
        return regular, rare

    def address_of(self, name: str, pages) -> str:
        if name == "approve":
            # Approval is the last task of the page's workflow.
            return (
                reverse("wagtailadmin_pages:edit", args=[pages[0].pk]) if pages else ""
            )
        if name in ELSEWHERE:
            return reverse("eparticipation_admin:report", args=[self.consultation.pk])
        return reverse(
            "eparticipation_admin:desk_act", args=[self.consultation.pk, name]
        )


def _position(stage: Stage) -> int:
    """Which of the six stages is current, counted from one."""
    for number, (_key, stages) in enumerate(STANDARD_STAGES, start=1):
        if stage in stages:
            return number
    return len(STANDARD_STAGES)


def _name_of(user) -> str:
    return get_user_display_name(user) if user else _("Not known any more")


class Roles(DeskView):
    """Who holds which role; the editors in charge give and take them."""

    page_title = gettext_lazy("Roles")
    header_icon = "group"
    template_name = "wagtail_eparticipation/consultations/desk/roles.html"

    def post(self, request, *args, **kwargs):
        if not self.may("request"):
            raise PermissionDenied
        form = RoleForm(request.POST)
        try:
            if taken := request.POST.get("take"):
                found = self.consultation.roles.filter(
                    pk=taken if is_key(taken) else None
                ).first()
                if found is not None:
                    roles.take(found, actor=request.user)
                    messages.success(request, _("The role was taken back."))
                return self.back()
            if form.is_valid():
                data = form.cleaned_data
                roles.give(
                    self.consultation, data["role"], data["holder"], actor=request.user
                )
                messages.success(request, _("The role was given."))
                return self.back()
        except roles.RolesAreSettled as error:
            messages.error(request, str(error))
            return self.back()
        messages.error(request, _("Nothing was done; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def back(self):
        return redirect("eparticipation_admin:desk_roles", self.consultation.pk)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", RoleForm())
        held = {role.value: [] for role in Role}
        assignments = self.consultation.roles.select_related("user", "group")
        for assignment in assignments.order_by("pk"):
            who = assignment.group or _name_of(assignment.user)
            held[assignment.role].append({"pk": assignment.pk, "name": who})
        return super().get_context_data(
            rows=[{"label": Role(key).label, "holders": held[key]} for key in held],
            may_change=self.may("request")
            and self.consultation.stored_stage not in SETTLED,
            **kwargs,
        )
