"""Deciding about many items at once, each under its own lock and permission."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from wagtail_eparticipation import clock
from wagtail_eparticipation.moderation.decide import (
    decide,
    needs_reason,
    possible_outcomes,
)
from wagtail_eparticipation.moderation.errors import CannotDecide
from wagtail_eparticipation.moderation.forms import reason_choices
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.moderation.queue import scope
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.sanitize import is_key

#: More than a browser's address holds; nobody reads so many at once either.
AT_MOST = 500


class DecideMany(BulkAction):
    """Base: one outcome for the ticked items. All of a listing is never offered."""

    models = [Participation]
    template_name = "wagtail_eparticipation/moderation/bulk.html"
    outcome = Outcome.PUBLISH

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("wagtail_eparticipation.moderate_participation"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model, object_ids):
        ids = [each for each in object_ids if is_key(each)][:AT_MOST]
        found = list(
            Participation.objects.filter(pk__in=ids)
            .select_related("consultation__window", "consultation__policy_version")
            .order_by("pk")
        )
        if not found:
            raise Http404
        return found

    def get_all_objects_in_listing_query(self, parent_id):
        return []

    @cached_property
    def allowed(self) -> set[int]:
        """Ids among the asked ones that are in the user's scope: one query."""
        ids = [each for each in self.request.GET.getlist("id") if is_key(each)]
        rows = scope(self.request).filter(pk__in=ids[:AT_MOST])
        return set(rows.values_list("pk", flat=True))

    def check_perm(self, obj):
        if obj.pk not in self.allowed:
            return False
        return self.outcome in possible_outcomes(obj, obj.consultation.stage())

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "display_name": self.display_name,
            "media": self.get_form().media,
        }

    def get_execution_context(self):
        return {**super().get_execution_context(), "view": self}

    def reason_for(self, participation) -> str:
        """The reason's code for one item; empty where none is needed."""
        return ""

    @classmethod
    def execute_action(cls, objects, view=None, **kwargs):
        done = 0
        view.skipped = []
        for participation in objects:
            try:
                decide(
                    participation,
                    cls.outcome,
                    actor=view.request.user,
                    expected_state=participation.state,
                    expected_revision=participation.revision,
                    reason_code=view.reason_for(participation),
                )
            except CannotDecide as error:
                view.skipped.append((participation.number, error.message))
            else:
                done += 1
        return done, 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        for number, problem in self.skipped:
            messages.warning(
                self.request,
                _("Participation %(number)s: %(problem)s")
                % {"number": number, "problem": problem},
            )
        if not num_parent_objects:
            return None
        return ngettext(
            "%(count)s participation: %(outcome)s. Saved.",
            "%(count)s participations: %(outcome)s. Saved.",
            num_parent_objects,
        ) % {"count": num_parent_objects, "outcome": self.outcome.label}


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

    def reason_for(self, participation):
        if not needs_reason(participation, self.outcome):
            return ""
        return self.cleaned_form.cleaned_data.get("reason", "")
