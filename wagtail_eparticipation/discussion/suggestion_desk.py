"""Suggestions in the Wagtail admin: their list, and what becomes of each."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import LocalisedTextFormField
from wagtail_eparticipation.participations import suggestion_forms
from wagtail_eparticipation.participations.categories import categories_of
from wagtail_eparticipation.participations.models import COUNTED, Participation
from wagtail_eparticipation.participations.suggestion_status import (
    is_settled,
    may_set,
    set_status,
)
from wagtail_eparticipation.participations.suggestions import (
    TOOL,
    Status,
    SuggestionStatus,
)

_BEFORE = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING, Stage.CANCELLED})


def suggestions_of(consultation):
    """The counted suggestions, each with its ``status``; the newest first."""
    steps = SuggestionStatus.objects.filter(participation=OuterRef("pk"))
    return (
        Participation.objects.filter(
            consultation=consultation, tool=TOOL, state__in=COUNTED
        )
        .select_related("public_suggestion")
        .annotate(
            status=Coalesce(
                Subquery(steps.order_by("-id").values("status")[:1]),
                Value(Status.RECEIVED.value),
            )
        )
        .order_by("-id")
    )


class SuggestionFilterSet(WagtailFilterSet):
    """Cuts the list by status."""

    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"), choices=Status.choices
    )

    class Meta:
        model = Participation
        fields = ["status"]


def status_name(row) -> str:
    """The status of an annotated row in words."""
    return str(Status(row.status).label)


def supports_of(row) -> int | str:
    """How many support it, where it is in the public list."""
    public = getattr(row, "public_suggestion", None)
    return public.support_count if public and public.shown else "—"


class SuggestionsView(BaseListingView):
    """The suggestions of one consultation, for those who say what becomes of them."""

    model = Participation
    page_title = gettext_lazy("Suggestions")
    header_icon = "pick"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = SuggestionFilterSet
    paginate_by = 50
    default_ordering = "-id"
    verbose_name_plural = gettext_lazy("suggestions")

    @cached_property
    def consultation(self) -> Consultation:
        found = Consultation.objects.select_related("window")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def dispatch(self, request, *args, **kwargs):
        if not may_set(request.user, self.consultation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def categories(self) -> dict[str, str]:
        return categories_of(self.consultation, get_language())

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "title",
                label=gettext_lazy("Suggestion"),
                accessor=lambda row: Truncator(
                    row.releasable_title or row.releasable_text
                ).chars(90),
                get_url=lambda row: status_url(self.consultation, row),
            ),
            Column("number", label=gettext_lazy("Number")),
            Column(
                "category",
                label=gettext_lazy("Category"),
                accessor=lambda row: self.categories.get(row.data.get("category"), ""),
            ),
            Column("status", label=gettext_lazy("Status"), accessor=status_name),
            NumberColumn(
                "supports", label=gettext_lazy("Supports"), accessor=supports_of
            ),
            DateColumn("received_at", label=gettext_lazy("Received")),
        ]

    def get_base_queryset(self):
        return suggestions_of(self.consultation)

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}

    def get_index_url(self):
        return reverse("eparticipation_admin:suggestions", args=[self.consultation.pk])

    def get_index_results_url(self):
        return reverse(
            "eparticipation_admin:suggestions_results", args=[self.consultation.pk]
        )

    def get_page_subtitle(self):
        return self.consultation.title or self.consultation.reference

    def get_valid_orderings(self):
        return [self.default_ordering]


def status_url(consultation, row) -> str:
    """Where staff say what becomes of a suggestion."""
    return reverse(
        "eparticipation_admin:suggestion_status",
        args=[consultation.pk, row.public_id],
    )


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
        return {"status": self.suggestion.status}

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


def suggestions_card(consultation, user, now) -> Card | None:
    """How many suggestions count, with the way to them; one query."""
    if consultation.stage(now) in _BEFORE or not may_set(user, consultation):
        return None
    number = Participation.objects.filter(
        consultation=consultation, tool=TOOL, state__in=COUNTED
    ).count()
    if not number:
        return None
    return Card(
        title=_("Suggestions"),
        value=str(number),
        text=_("What becomes of each, said in public."),
        url=reverse("eparticipation_admin:suggestions", args=[consultation.pk]),
    )


admin_urls = [
    path(
        "consultations/<int:pk>/suggestions/",
        SuggestionsView.as_view(),
        name="suggestions",
    ),
    path(
        "consultations/<int:pk>/suggestions/results/",
        SuggestionsView.as_view(results_only=True),
        name="suggestions_results",
    ),
    path(
        "consultations/<int:pk>/suggestions/<uuid:public_id>/",
        SuggestionStatusView.as_view(),
        name="suggestion_status",
    ),
]
