"""Deciding about many items at once, each under its own lock and permission."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation.decide_many import Result, decide_many
from wagtail_eparticipation.moderation.forms import reason_choices
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.moderation.picked import Picked
from wagtail_eparticipation.moderation.possible import needs_reason, possible_outcomes
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.participations.models import Participation

#: Left out ones that are named one by one in the message; the rest is counted.
NAMED = 20


class DecideMany(Picked, BulkAction):
    """Base: one outcome for the ticked items, or for all that the filters let by."""

    models = [Participation]
    template_name = "wagtail_eparticipation/moderation/bulk.html"
    outcome = Outcome.PUBLISH

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "moderate"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def check_perm(self, obj):
        if not super().check_perm(obj):
            return False
        return self.outcome in possible_outcomes(obj, obj.consultation.stage())

    def chosen_reason(self) -> str:
        """The reason's code for those that need one."""
        return ""

    @classmethod
    def execute_action(cls, objects, view=None, **kwargs):
        mine = [each for each in view.seen if each.pk in view.allowed]
        view.result = decide_many(
            mine,
            cls.outcome,
            actor=view.request.user,
            reason_code=view.chosen_reason(),
        )
        return view.result.done, 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        self.tell_skipped(self.result)
        if not num_parent_objects:
            return None
        return ngettext(
            "%(count)s participation: %(outcome)s. Saved.",
            "%(count)s participations: %(outcome)s. Saved.",
            num_parent_objects,
        ) % {"count": num_parent_objects, "outcome": self.outcome.label}

    def tell_skipped(self, result: Result) -> None:
        """Say which were left out and why; beyond some, how many more."""
        for number, problem in result.skipped[:NAMED]:
            messages.warning(
                self.request,
                _("Participation %(number)s: %(problem)s")
                % {"number": number, "problem": problem},
            )
        more = len(result.skipped) - NAMED
        if more > 0:
            words = ngettext(
                "%(count)s more participation was left out.",
                "%(count)s more participations were left out.",
                more,
            )
            messages.warning(self.request, words % {"count": more})


class PublishMany(DecideMany):
    """Publishes the ticked items."""

    display_name = gettext_lazy("Publish")
    aria_label = gettext_lazy("Publish the selected participations")
    action_type = "eparticipation_publish"
    action_priority = 10
    outcome = Outcome.PUBLISH


class ReasonForm(forms.Form):
    """Asks for one reason for all, where any item needs one.

    What takes two people (R-7.3a, R-7.4b) is decided one by one.
    """

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "What needs a second person is decided on the page of each participation."
        ),
    )
    no_criticism = forms.BooleanField(
        label=gettext_lazy("I have read them, and none of them criticises work")
    )

    def __init__(self, *args, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        if choices:
            self.fields["reason"].choices = choices
        else:
            self.fields.clear()


class KeepMany(DecideMany):
    """Keeps the ticked items unpublished, but counted."""

    display_name = gettext_lazy("Keep unpublished")
    aria_label = gettext_lazy("Keep the selected participations unpublished")
    action_type = "eparticipation_keep_unpublished"
    action_priority = 20
    outcome = Outcome.KEEP_UNPUBLISHED
    form_class = ReasonForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "choices": self.choices}

    @cached_property
    def choices(self) -> list:
        """Reasons that every topic concerned has; empty when none is needed."""
        objects, _others = self.get_actionable_objects()
        needing = [each for each in objects if needs_reason(each, self.outcome)]
        policies = {
            id(policy): policy
            for policy in (
                policy_for(each.consultation, clock.now()) for each in needing
            )
        }
        if not policies:
            return []
        first, *others = (
            reason_choices(policy, self.outcome, alone=True)
            for policy in policies.values()
        )
        return [group for group in first if all(group in other for other in others)]

    def chosen_reason(self):
        return self.cleaned_form.cleaned_data.get("reason", "")
