"""One participation before its moderator: words, question, rules, decisions."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
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
from wagtail_eparticipation.moderation import (
    attachment_views,
    flags_shown,
    hiding_form,
    objecting,
    review_parts,
)
from wagtail_eparticipation.moderation import decide as acts
from wagtail_eparticipation.moderation.claim_views import lock_of
from wagtail_eparticipation.moderation.claims import RENEW_EVERY, take_over
from wagtail_eparticipation.moderation.early import EarlyPublication
from wagtail_eparticipation.moderation.errors import CannotDecide
from wagtail_eparticipation.moderation.flagged import covered
from wagtail_eparticipation.moderation.forms import DecisionForm, DismissalForm
from wagtail_eparticipation.moderation.models import ModerationDecision, Outcome
from wagtail_eparticipation.moderation.modes import leave_published
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.moderation.possible import only_hides, possible_outcomes
from wagtail_eparticipation.moderation.queue_filters import next_after
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.moderation.redaction import current, words_of
from wagtail_eparticipation.participations import abuse_log, tools
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.sanitize import as_safe, is_key

#: What a browser's access key sends, for moderators who use the keyboard.
ACCESS_KEYS = {
    Outcome.PUBLISH: "p",
    Outcome.PUBLISH_REDACTED: "h",
    Outcome.KEEP_UNPUBLISHED: "k",
    Outcome.REFUSE: "r",
    Outcome.REROUTE: "m",
    Outcome.TAKE_DOWN: "t",
}


#: What the page's own script says it is.
FETCH = "fetch"


def held_message(lock: dict) -> str:
    """Why nothing is saved while a colleague has the item open."""
    return _(
        "%(person)s is reading this participation until %(time)s. Tick “Take it over” "
        "to decide all the same."
    ) % {"person": lock["locked_by"], "time": lock["locked_until"]}


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
            .select_related("decided_by", "meets")
            .first()
        )

    @cached_property
    def objection(self) -> Objection | None:
        return (
            Objection.objects.filter(open_for=self.participation)
            .select_related("decision")
            .first()
        )

    @cached_property
    def lock(self) -> dict:
        """Who holds the item; opening the page takes it where it is free."""
        user = self.request.user
        return lock_of(self.participation, user, takes=not self.is_objected_to)

    @property
    def is_objected_to(self) -> bool:
        """Whether the objection that waits is against the user: another decides."""
        found = self.objection
        return found is not None and found.is_against(self.request.user)

    @cached_property
    def early(self) -> EarlyPublication | None:
        """That it was published before anybody had read it, where it was."""
        rows = EarlyPublication.objects.select_related("reviewed_by")
        return rows.filter(participation=self.participation).first()

    @property
    def is_unread(self) -> bool:
        """Whether it was published at once and is to be read now."""
        published = self.participation.state == State.PUBLISHED
        return published and self.early is not None and self.early.review_due

    def forms(self, bound: DecisionForm | None = None) -> list[DecisionForm]:
        stage = self.participation.consultation.stage()
        if self.proposal is not None:
            return []
        found = []
        for outcome in possible_outcomes(self.participation, stage):
            if self.is_objected_to and not only_hides(self.participation, outcome):
                continue
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
            found=self.found,
        )

    @cached_property
    def found(self):
        """What the advisers suggest to hide: asked once for all forms of the page."""
        return hiding_form.suggested(self.participation)

    def post(self, request, *args, **kwargs):
        if "proposal" in request.POST:
            return self.second_person(request.POST["proposal"])
        if "objection" in request.POST:
            return self.dismiss_objection()
        if "leave" in request.POST:
            return self.leave_published(request.POST["leave"])
        outcome = request.POST.get("decide", "")
        if outcome not in Outcome.values:
            raise PermissionDenied
        form = self.form_for(outcome, request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was saved; see below."))
            return self.render_to_response(self.get_context_data(bound=form))
        if self.lock["locked_by"] and "take_over" not in request.POST:
            form.add_error(None, held_message(self.lock))
            messages.error(request, _("Nothing was saved; see below."))
            return self.render_to_response(self.get_context_data(bound=form))
        try:
            decision = self.decide(form)
        except CannotDecide as error:
            messages.error(request, error.message)
            form.add_error(None, error.message)
            self.read_again()
            return self.render_to_response(self.get_context_data(bound=form))
        messages.success(request, done_message(decision))
        return self.to_next()

    @transaction.atomic
    def decide(self, form: DecisionForm) -> ModerationDecision:
        """Take the decision, and the lock with it where somebody else held it."""
        if self.lock["locked_by"]:
            take_over(self.participation, actor=self.request.user)
        return acts.decide(
            self.participation, actor=self.request.user, **form.decision()
        )

    def leave_published(self, revision: str):
        """It was published at once, and stays where it is."""
        try:
            leave_published(
                self.participation,
                actor=self.request.user,
                expected_revision=int(revision) if is_key(revision) else 0,
            )
        except CannotDecide as error:
            messages.error(self.request, error.message)
            return self.to(self.request.get_full_path())
        messages.success(
            self.request,
            _("Participation %(number)s: reviewed, it stays published.")
            % {"number": self.participation.number},
        )
        return self.to_next()

    def second_person(self, answer: str):
        if self.proposal is None:
            messages.error(
                self.request, _("This proposal has been dealt with already.")
            )
            return self.to(self.request.get_full_path())
        act = {"confirm": acts.confirm, "decline": acts.decline}.get(answer)
        if act is None:
            raise PermissionDenied
        try:
            decision = act(self.proposal, actor=self.request.user)
        except CannotDecide as error:
            messages.error(self.request, error.message)
            return self.to(self.request.get_full_path())
        messages.success(self.request, done_message(decision))
        return self.to(reverse("eparticipation_admin:moderation_proposals"))

    def dismiss_objection(self):
        if self.objection is None:
            messages.error(self.request, _("This objection has been decided already."))
            return self.to(self.request.get_full_path())
        form = DismissalForm(self.request.POST, prefix="dismiss")
        if not form.is_valid():
            messages.error(self.request, _("Nothing was saved; see below."))
            return self.render_to_response(self.get_context_data(dismissal=form))
        held = self.lock["locked_by"]
        if held and "take_over" not in self.request.POST:
            messages.error(self.request, held_message(self.lock))
            return self.render_to_response(self.get_context_data(dismissal=form))
        answer, actor = form.cleaned_data["answer"], self.request.user
        try:
            with transaction.atomic():
                if held:
                    take_over(self.participation, actor=actor)
                objecting.dismiss(self.objection, answer, actor=actor)
        except CannotDecide as error:
            messages.error(self.request, error.message)
            return self.to(self.request.get_full_path())
        messages.success(
            self.request, _("The objection was dismissed; its author is told.")
        )
        return self.to(reverse("eparticipation_admin:objections"))

    def read_again(self) -> None:
        """What is there now; the typed form keeps what the moderator saw."""
        for name in (
            "participation",
            "found",
            "proposal",
            "objection",
            "lock",
            "early",
        ):
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
        return self.to(f"{address}?{query}" if query else address)

    def to(self, address: str):
        """A redirect; to the page's own script an address, which it goes to itself."""
        if self.request.headers.get("X-Requested-With") == FETCH:
            return JsonResponse({"next": address})
        return redirect(address)

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
        both = (participation, participation.parent)
        hidden = covered(row for row in both if row is not None)
        return super().get_context_data(
            participation=participation,
            html=as_safe(participation.text_html),
            attachments=attachment_views.for_review(participation, self.policy, user),
            parent_html=as_safe(participation.parent.text_html)
            if participation.parent
            else "",
            consultation=consultation,
            topic_page=consultation.page_in(),
            details=tools.describe(participation, get_language(), words=False),
            policy=self.policy,
            is_covered=participation.pk in hidden,
            parent_is_covered=participation.parent_id in hidden,
            lock=self.lock,
            is_unread=self.is_unread,
            early=self.early,
            cut=self.request.GET.urlencode(),
            renew_seconds=int(RENEW_EVERY.total_seconds()),
            bound_form="bound" in kwargs,
            flagged=flags_shown.flagged(participation, self.policy),
            forms=self.forms(kwargs.pop("bound", None)),
            proposal=self.proposal,
            proposal_label=self.label_of(self.proposal),
            proposal_places=hiding_form.shown_places(self.proposal, participation),
            own_proposal=self.proposal is not None
            and self.proposal.decided_by_id == user.pk,
            decisions=[
                (decision, self.label_of(decision))
                for decision in participation.decisions.select_related(
                    "decided_by", "second_person"
                )
            ],
            objection=self.objection,
            objection_is_mine=self.is_objected_to,
            dismiss_form=kwargs.pop("dismissal", None)
            or DismissalForm(prefix="dismiss"),
            texts=words_of(participation),
            places=current(participation),
            sealed_url=reverse(
                "eparticipation_admin:sealed", args=[participation.public_id]
            ),
            set_aside_for=abuse_log.signs_of(participation)
            if participation.suspicious
            else [],
            comment=comment,
            parts=review_parts.parts_for(self.request, participation=participation),
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
    if only_hides(participation, outcome):
        return _("Hide places")
    restoring = ModerationDecision(outcome=outcome, state_from=participation.state)
    if restoring.is_restoration:
        if outcome == Outcome.PUBLISH_REDACTED:
            return _("Restore it with places hidden")
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
