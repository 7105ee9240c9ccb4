"""Suggestions in the Wagtail admin: their list, and what becomes of each."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations.categories import categories_of
from wagtail_eparticipation.participations.details import with_status
from wagtail_eparticipation.participations.models import COUNTED, Participation
from wagtail_eparticipation.participations.suggestion_status import (
    may_set,
)
from wagtail_eparticipation.participations.suggestions import (
    TOOL,
    Status,
)

_BEFORE = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING, Stage.CANCELLED})


def suggestions_of(consultation):
    """The counted suggestions with their ``suggestion_status``, the newest first."""
    rows = Participation.objects.filter(
        consultation=consultation, tool=TOOL, state__in=COUNTED
    )
    return with_status(rows.select_related("public_suggestion")).order_by("-id")


class SuggestionFilterSet(WagtailFilterSet):
    """Cuts the list by status."""

    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=Status.choices,
        field_name="suggestion_status",
    )

    class Meta:
        model = Participation
        fields = ["status"]


def status_name(row) -> str:
    """The status of an annotated row in words."""
    return str(Status(row.suggestion_status).label)


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
]
