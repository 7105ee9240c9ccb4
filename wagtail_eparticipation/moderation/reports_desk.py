"""The moderators' list of reports of published voices (R-8.2b)."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.urls import path, reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.report_reasons import label_of
from wagtail_eparticipation.moderation.queue import limits_of, topics_of
from wagtail_eparticipation.moderation.report_view import ReportView
from wagtail_eparticipation.moderation.report_words import target_words


def reports_in_scope(request):
    """The reports about which the request's user may decide."""
    rows = ContentReport.objects.all()
    limited = limits_of(request)
    if limited is not None:
        rows = rows.filter(consultation__department_id__in=limited)
    return rows


class ReportsFilterSet(WagtailFilterSet):
    """Cuts the reports by topic, state, and whether the target has passed."""

    consultation = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Consultation"), queryset=topics_of
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=ContentReport.State.choices
    )
    overdue = django_filters.BooleanFilter(
        label=gettext_lazy("Overdue"), method="by_target"
    )

    class Meta:
        model = ContentReport
        fields = ["consultation", "state", "overdue"]

    def by_target(self, rows, name, value):
        late = Q(due_at__lt=clock.now(), state=ContentReport.State.OPEN) | Q(
            due_at__lt=F("decided_at")
        )
        return rows.filter(late) if value else rows.exclude(late)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state"):
            return rows
        if self.form.cleaned_data.get("overdue") is not None:
            return rows
        return rows.filter(state=ContentReport.State.OPEN)


class ReportsView(BaseListingView):
    """What people reported, the oldest first; without a choice, what waits."""

    model = ContentReport
    page_title = gettext_lazy("Content reports")
    header_icon = "warning"
    index_url_name = "eparticipation_admin:reports"
    index_results_url_name = "eparticipation_admin:reports_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = ReportsFilterSet
    is_searchable = False
    paginate_by = 50
    default_ordering = "id"
    verbose_name_plural = ContentReport._meta.verbose_name_plural
    columns = [
        TitleColumn(
            "number",
            label=gettext_lazy("Reference"),
            get_url=lambda each: reverse(
                "eparticipation_admin:report", args=[each.public_id]
            ),
        ),
        Column("reason", label=gettext_lazy("Reason"), accessor=label_of),
        Column("comment.number", label=gettext_lazy("Participation")),
        Column("consultation.title", label=gettext_lazy("Consultation")),
        Column(
            "received_at",
            label=gettext_lazy("Age"),
            accessor=lambda each: timesince(
                each.received_at, each.decided_at or clock.now(), depth=1
            ),
            sort_key="id",
        ),
        Column("due_at", label=gettext_lazy("Decide by"), accessor=target_words),
        StatusTagColumn(
            "state", label=gettext_lazy("State"), accessor="get_state_display"
        ),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "moderate"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return reports_in_scope(self.request).select_related(
            "consultation__policy_version", "comment"
        )

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}

    def filter_queryset(self, queryset):
        if self.filters and self.filters.is_valid():
            queryset = super().filter_queryset(queryset)
        else:
            queryset = queryset.filter(state=ContentReport.State.OPEN)
        return self.order_queryset(queryset)


admin_urls = [
    path("reports/", ReportsView.as_view(), name="reports"),
    path(
        "reports/results/",
        ReportsView.as_view(results_only=True),
        name="reports_results",
    ),
    path("reports/<uuid:public_id>/", ReportView.as_view(), name="report"),
]
