"""One participation before its moderator: words, question, rules, decisions."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.voices import name_of
from wagtail_eparticipation.moderation import decide as acts
from wagtail_eparticipation.moderation.errors import CannotDecide
from wagtail_eparticipation.moderation.forms import DecisionForm
from wagtail_eparticipation.moderation.models import ModerationDecision, Outcome
from wagtail_eparticipation.moderation.queue import next_after
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.sanitize import as_safe

#: What a browser's access key sends, for moderators who use the keyboard.
ACCESS_KEYS = {
    Outcome.PUBLISH: "p",
    Outcome.KEEP_UNPUBLISHED: "k",
    Outcome.REFUSE: "r",
    Outcome.REROUTE: "m",
    Outcome.TAKE_DOWN: "t",
}


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Shows one item and takes the decision about it; then goes to the next."""

    page_title = gettext_lazy("Review a participation")
    header_icon = "comment"
    template_name = "wagtail_eparticipation/moderation/review.html"

    def dispatch(self, request, *args, **kwargs):
        access.require(request.user, "moderate", self.participation.consultation)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def participation(self) -> Participation:
        found = get_object_or_404(
            Participation.objects.select_related(
                "consultation__window", "consultation__policy_version", "parent"
            ),
            public_id=self.kwargs["public_id"],
        )
        return found

    @cached_property
    def policy(self):
        return policy_for(self.participation.consultation, clock.now())

    @cached_property
    def proposal(self) -> ModerationDecision | None:
        return (
            ModerationDecision.objects.filter(open_for=self.participation)
            .select_related("decided_by")
            .first()
        )

    def forms(self, bound: DecisionForm | None = None) -> list[DecisionForm]:
        stage = self.participation.consultation.stage()
        if self.proposal is not None:
            return []
        found = []
        for outcome in acts.possible_outcomes(self.participation, stage):
            if bound is not None and bound.chosen == outcome:
                form = bound
            else:
                form = self.form_for(outcome)
            form.access_key = ACCESS_KEYS[outcome]
            form.button = button_text(self.participation, outcome)
            found.append(form)
        return found

    def form_for(self, outcome: str, data=None) -> DecisionForm:
        return DecisionForm(
            data,
            participation=self.participation,
            outcome=outcome,
            policy=self.policy,
        )

    def post(self, request, *args, **kwargs):
        if "proposal" in request.POST:
            return self.second_person(request.POST["proposal"])
        outcome = request.POST.get("decide", "")
        if outcome not in Outcome.values:
            raise PermissionDenied
        form = self.form_for(outcome, request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was saved; see below."))
            return self.render_to_response(self.get_context_data(bound=form))
        try:
            decision = acts.decide(
                self.participation, actor=request.user, **form.decision()
            )
        except CannotDecide as error:
            messages.error(request, error.message)
            form.add_error(None, error.message)
            self.read_again()
            return self.render_to_response(self.get_context_data(bound=form))
        messages.success(request, done_message(decision))
        return self.to_next()

    def second_person(self, answer: str):
        if self.proposal is None:
            messages.error(
                self.request, _("This proposal has been dealt with already.")
            )
            return redirect(self.request.get_full_path())
        act = acts.confirm if answer == "confirm" else acts.decline
        try:
            decision = act(self.proposal, actor=self.request.user)
        except CannotDecide as error:
            messages.error(self.request, error.message)
            return redirect(self.request.get_full_path())
        messages.success(self.request, done_message(decision))
        return redirect("eparticipation_admin:moderation_proposals")

    def read_again(self) -> None:
        """What is there now; the typed form keeps what the moderator saw."""
        for name in ("participation", "proposal"):
            self.__dict__.pop(name, None)

    def to_next(self):
        following = next_after(self.request, self.participation)
        query = self.request.GET.urlencode()
        if following is None:
            address = reverse("eparticipation_admin:moderation")
        else:
            address = reverse(
                "eparticipation_admin:moderation_review", args=[following.public_id]
            )
        return redirect(f"{address}?{query}" if query else address)

    def get_breadcrumbs_items(self):
        query = self.request.GET.urlencode()
        queue = reverse("eparticipation_admin:moderation")
        return [
            *super().get_breadcrumbs_items(),
            {"url": f"{queue}?{query}" if query else queue, "label": _("Moderation")},
            {"url": "", "label": self.participation.number},
        ]

    def get_context_data(self, **kwargs):
        participation = self.participation
        consultation = participation.consultation
        comment = PublishedComment.objects.filter(participation=participation).first()
        user = self.request.user
        return super().get_context_data(
            participation=participation,
            html=as_safe(participation.text_html),
            parent_html=as_safe(participation.parent.text_html)
            if participation.parent
            else "",
            consultation=consultation,
            topic_page=consultation.page_in(),
            details=tools.describe(participation, get_language()),
            policy=self.policy,
            forms=self.forms(kwargs.pop("bound", None)),
            proposal=self.proposal,
            proposal_label=self.label_of(self.proposal),
            own_proposal=self.proposal is not None
            and self.proposal.decided_by_id == user.pk,
            decisions=[
                (decision, self.label_of(decision))
                for decision in participation.decisions.select_related(
                    "decided_by", "second_person"
                )
            ],
            comment=comment,
            comment_name=name_of(comment) if comment else "",
            may_reply=comment is not None and access.may(user, "reply", consultation),
            **kwargs,
        )

    def label_of(self, decision: ModerationDecision | None) -> str:
        """The reason of a decision in the policy's own words."""
        if decision is None or not decision.full_code:
            return ""
        try:
            return str(self.policy.reason(decision.full_code).label)
        except LookupError:
            return decision.full_code


def button_text(participation: Participation, outcome: str) -> str:
    """What the button says; bringing something back is called so."""
    restoring = ModerationDecision(outcome=outcome, state_from=participation.state)
    if restoring.is_restoration:
        return _("Restore: publish it")
    return Outcome(outcome).label


def done_message(decision: ModerationDecision) -> str:
    """What happened, for the message at the top of the next page."""
    values = {
        "number": decision.participation.number,
        "outcome": Outcome(decision.outcome).label,
    }
    if decision.is_in_effect:
        return (
            _(
                "Participation %(number)s has been taken down; a second person must "
                "confirm this."
            )
            % values
        )
    if decision.state == ModerationDecision.State.PROPOSED:
        return (
            _("Participation %(number)s: “%(outcome)s” waits for a second person.")
            % values
        )
    if decision.state == ModerationDecision.State.DECLINED:
        if decision.participation.state == State.PUBLISHED:
            return _("Participation %(number)s is shown again.") % values
        return _("Participation %(number)s is back in the queue.") % values
    return _("Participation %(number)s: %(outcome)s. Saved.") % values
