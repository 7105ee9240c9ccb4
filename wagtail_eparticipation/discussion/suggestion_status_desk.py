"""What becomes of one suggestion, said by staff (R-4.1b)."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.discussion.suggestion_desk import (
    status_name,
    status_url,
    suggestions_of,
    supports_of,
)
from wagtail_eparticipation.languages import LocalisedTextFormField
from wagtail_eparticipation.participations import suggestion_forms
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.participations.suggestion_status import (
    is_settled,
    may_set,
    set_status,
)
from wagtail_eparticipation.participations.suggestions import Status


class StatusForm(forms.Form):
    """The next step and its public reason."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=Status.choices, widget=forms.RadioSelect
    )
    reason = LocalisedTextFormField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Public, in every language. Needed where a suggestion is not taken up."
        ),
    )

    def clean(self):
        cleaned = super().clean()
        refused = cleaned.get("status") == Status.NOT_TAKEN_UP
        if refused and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error(
                "reason", _("Say in public why the suggestion is not taken up.")
            )
        return cleaned


class SuggestionStatusView(DeskView, FormView):
    """One suggestion with its history, and the form for the next step."""

    page_title = gettext_lazy("Status of a suggestion")
    header_icon = "pick"
    template_name = "wagtail_eparticipation/discussion/suggestion_status.html"
    form_class = StatusForm

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        if not may_set(request.user, self.consultation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def suggestion(self) -> Participation:
        rows = suggestions_of(self.consultation)
        return get_object_or_404(rows, public_id=self.kwargs["public_id"])

    def get_initial(self):
        return {"status": self.suggestion.suggestion_status}

    def form_valid(self, form):
        try:
            set_status(
                self.suggestion,
                form.cleaned_data["status"],
                reason=form.cleaned_data["reason"],
                actor=self.request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("The status was changed."))
        return redirect(status_url(self.consultation, self.suggestion))

    def get_context_data(self, **kwargs):
        row = self.suggestion
        steps = row.suggestion_statuses.select_related("by").order_by("id")
        return super().get_context_data(
            suggestion=row,
            status=status_name(row),
            supports=supports_of(row),
            details=suggestion_forms.describe(row, get_language()),
            steps=steps,
            is_settled=is_settled(self.consultation, self.now),
            list_url=reverse(
                "eparticipation_admin:suggestions", args=[self.consultation.pk]
            ),
            **kwargs,
        )


admin_urls = [
    path(
        "consultations/<int:pk>/suggestions/<uuid:public_id>/",
        SuggestionStatusView.as_view(),
        name="suggestion_status",
    ),
]
