"""Asking for an act, doing it, authorising or declining what another person asked."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_eparticipation.consultations import access, acts, effects
from wagtail_eparticipation.consultations.act_checks import Held
from wagtail_eparticipation.consultations.act_forms import form_for, initial_from
from wagtail_eparticipation.consultations.act_names import DUTIES, SYSTEM_ACTS
from wagtail_eparticipation.consultations.act_words import consequences
from wagtail_eparticipation.consultations.acts import (
    ACT_LABELS,
    ActRefused,
    IllegalTransition,
    SamePerson,
)
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.gates import missing_for
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.stages import TRANSITIONS, is_allowed
from wagtail_eparticipation.policy.reading import NotInPolicy, policy_of

#: Acts with a place of their own: the page's workflow, the closing report.
ELSEWHERE = frozenset({"approve", "close", "archive"})


class ActView(DeskView):
    """The form of one act; done at once, or requested when it needs two people."""

    template_name = "wagtail_eparticipation/consultations/desk/act.html"
    header_icon = "warning"

    @cached_property
    def name(self) -> str:
        name = self.kwargs["name"]
        if name not in TRANSITIONS or name in SYSTEM_ACTS or name in ELSEWHERE:
            raise Http404
        return name

    @property
    def two_people(self) -> bool:
        return TRANSITIONS[self.name].two_people

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        duty = "request" if self.two_people else DUTIES[self.name]
        if not access.may(request.user, duty, self.consultation):
            raise PermissionDenied
        if not is_allowed(self.name, self.consultation.stage(self.now)):
            messages.error(
                request,
                _("“%(act)s” is not possible at the stage “%(stage)s”.")
                % {
                    "act": ACT_LABELS[self.name],
                    "stage": self.consultation.stage(self.now).label,
                },
            )
            return self.desk()
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self):
        return str(ACT_LABELS[self.name])

    def post(self, request, *args, **kwargs):
        form = form_for(self.name, self.consultation, request.POST)
        if form.is_valid():
            try:
                self.carry_out(form)
            except ActRefused as refusal:
                for item in refusal.missing:
                    form.add_error(None, str(item))
            except IllegalTransition as error:
                messages.error(request, str(error))
                return self.desk()
            else:
                return self.desk()
        messages.error(request, _("Nothing was done; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def carry_out(self, form) -> None:
        do = acts.request if self.two_people else acts.perform
        do(
            self.consultation,
            self.name,
            actor=self.request.user,
            reason=form.given_reason(),
            **form.parameters(),
        )
        if self.two_people:
            text = _("Requested. Another person has to authorise it.")
        else:
            text = _("Done: %(act)s.") % {"act": ACT_LABELS[self.name]}
        messages.success(self.request, text)

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            initial = initial_from(self.request.GET)
            kwargs["form"] = form_for(self.name, self.consultation, initial=initial)
        return super().get_context_data(
            act_label=ACT_LABELS[self.name],
            two_people=self.two_people,
            consequences=consequences(self.name, self.consultation, {}),
            missing=missing_for(self.name, self.consultation, self.now),
            media=kwargs["form"].media,
            **kwargs,
        )


class RequestView(DeskView):
    """A request with its reason and what will happen, to authorise or to decline."""

    template_name = "wagtail_eparticipation/consultations/desk/request.html"
    header_icon = "warning"

    @cached_property
    def act(self) -> Act:
        acts_here = self.consultation.acts.select_related("requested_by")
        found = get_object_or_404(acts_here, pk=self.kwargs["request_id"])
        found.consultation = self.consultation
        return found

    @property
    def own(self) -> bool:
        return self.act.requested_by_id == self.request.user.pk

    def get_page_title(self):
        return _("Request: %(act)s") % {"act": ACT_LABELS[self.act.name]}

    def post(self, request, *args, **kwargs):
        action = request.POST.get("action")
        try:
            if action == "authorise":
                acts.authorise(self.act, actor=request.user)
                done = _("Authorised and done: %(act)s.")
            elif action == "decline":
                note = request.POST.get("note", "")[:2000]
                acts.decline(self.act, actor=request.user, note=note)
                done = (
                    _("Taken back: %(act)s.") if self.own else _("Declined: %(act)s.")
                )
            else:
                raise Http404
        except (SamePerson, IllegalTransition, ActRefused) as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data())
        messages.success(request, done % {"act": ACT_LABELS[self.act.name]})
        return self.desk()

    def get_context_data(self, **kwargs):
        waiting = self.act.state == Act.State.REQUESTED
        will, hindered = self.foreseen() if waiting else ([], [])
        return super().get_context_data(
            act=self.act,
            act_label=ACT_LABELS[self.act.name],
            own=self.own,
            waiting=waiting,
            may_authorise=waiting and not self.own and self.may("authorise"),
            may_decline=waiting and self.may("request" if self.own else "authorise"),
            consequences=will,
            missing=hindered,
            reason_label=reason_label(self.consultation, self.act),
            **kwargs,
        )

    def foreseen(self):
        """What would happen now, and what would stand in the way."""
        consultation, act = self.consultation, self.act
        stage = consultation.stage(self.now)
        if not is_allowed(act.name, stage):
            return [], [_("It is not possible any more at this stage.")]
        window = getattr(consultation, "window", None)
        held = Held(consultation, window, self.now, stage)
        try:
            parameters = effects.clean_again(act, held)
        except ActRefused as refusal:
            return [], refusal.missing
        missing = missing_for(act.name, consultation, self.now)
        return consequences(act.name, consultation, parameters), missing


def reason_label(consultation, act: Act) -> str:
    """What the pinned policy calls the act's reason; its code when it knows none."""
    if not act.reason_code or consultation.policy_version is None:
        return act.reason_code
    try:
        return str(policy_of(consultation.policy_version).reason(act.reason_code).label)
    except NotInPolicy:
        return act.reason_code
