"""The moderators' list of objections, due first (R-7.0.2d)."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import (
    BooleanColumn,
    Column,
    DateColumn,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.moderation.queue import limits_of, topics_of


def in_scope(request):
    """The objections about which the request's user may decide, or see the decision."""
    rows = Objection.objects.all()
    limited = limits_of(request)
    if limited is not None:
        rows = rows.filter(participation__consultation__department_id__in=limited)
    return rows


class ObjectionsFilterSet(WagtailFilterSet):
    """Cuts the objections by topic and state; without a choice, those that wait."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"),
        queryset=topics_of,
        field_name="participation__consultation",
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Objection.State.choices
    )

    class Meta:
        model = Objection
        fields = ["consultation", "state"]

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state"):
            return rows
        return rows.filter(state=Objection.State.OPEN)


class ObjectionsView(BaseListingView):
    """Objections with the item that each is about; none is for who decided it."""

    model = Objection
    page_title = _("Objections")
    header_icon = "comment"
    index_url_name = "eparticipation_admin:objections"
    index_results_url_name = "eparticipation_admin:objections_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = ObjectionsFilterSet
    is_searchable = False
    paginate_by = 50
    default_ordering = "id"
    verbose_name_plural = Objection._meta.verbose_name_plural

    @property
    def columns(self):
        user = self.request.user
        return [
            TitleColumn(
                "number",
                label=_("Participation"),
                accessor="participation.number",
                get_url=lambda each: reverse(
                    "eparticipation_admin:moderation_review",
                    args=[each.participation.public_id],
                ),
            ),
            Column(
                "consultation",
                label=_("Consultation"),
                accessor="participation.consultation.title",
            ),
            Column(
                "decision",
                label=_("Decision"),
                accessor="decision.get_outcome_display",
            ),
            BooleanColumn(
                "own",
                label=_("Against your decision"),
                accessor=lambda each: each.is_against(user),
            ),
            DateColumn("made_at", label=_("Received")),
            Column(
                "due_at",
                label=_("Decide by"),
                accessor=lambda each: (
                    instant_words(each.due_at) if each.is_open and each.due_at else "–"
                ),
            ),
            StatusTagColumn("state", label=_("State"), accessor="get_state_display"),
        ]

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "moderate"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return in_scope(self.request).select_related(
            "participation__consultation", "decision"
        )

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}

    def filter_queryset(self, queryset):
        if self.filters and self.filters.is_valid():
            queryset = super().filter_queryset(queryset)
        else:
            queryset = queryset.filter(state=Objection.State.OPEN)
        return self.order_queryset(queryset)


class ObjectionsMenuItem(MenuItem):
    """Shown to those whom the list admits."""

    def is_shown(self, request):
        return access.has_duty(request.user, "moderate")


menu_items = [
    ObjectionsMenuItem(
        _("Objections"),
        reverse_lazy("eparticipation_admin:objections"),
        name="eparticipation-objections",
        icon_name="openquote",
        order=306,
    )
]

admin_urls = [
    path("objections/", ObjectionsView.as_view(), name="objections"),
    path(
        "objections/results/",
        ObjectionsView.as_view(results_only=True),
        name="objections_results",
    ),
]
