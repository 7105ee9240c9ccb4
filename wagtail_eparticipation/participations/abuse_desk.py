"""The abuse log in the Wagtail admin, for those who answer for personal data.

It holds no address and no words, but it says what somebody tried: the duty
"identity" opens it, within the departments of its holder. Moderators see the figures
on a topic's desk and the signs at each item that was set aside.
"""

import django_filters
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.reports import ReportView

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations.abuse_log import AbuseEvent, Kind
from wagtail_eparticipation.participations.models import number_of


def in_scope(user):
    """The entries of a user's departments; those of no topic for who has no limit."""
    if not access.has_duty(user, "identity"):
        return AbuseEvent.objects.none()
    if access.departments_of(user) is None:
        return AbuseEvent.objects.all()
    topics = access.visible_to(user, "identity")
    return AbuseEvent.objects.filter(consultation__in=topics)


def topics_for(request):
    """The topics that a user may choose in the filter."""
    if request is None:
        return Consultation.objects.none()
    return access.visible_to(request.user, "identity").order_by("-pk")


class AbuseLogFilterSet(WagtailFilterSet):
    """Topic, kind, and the days."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=topics_for
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    at = django_filters.DateFromToRangeFilter(
        label=_("Day"), widget=DateRangePickerWidget
    )

    class Meta:
        model = AbuseEvent
        fields = ["consultation", "kind", "at"]


def participation_number(event) -> str:
    """The short number of what was set aside."""
    return number_of(event.participation) if event.participation else ""


class AbuseLogView(ReportView):
    """What was tried, by how many networks, and how often; the latest first."""

    page_title = _("Abuse log")
    header_icon = "warning"
    index_url_name = "eparticipation_admin:abuse_log"
    index_results_url_name = "eparticipation_admin:abuse_log_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    verbose_name_plural = AbuseEvent._meta.verbose_name_plural
    filterset_class = AbuseLogFilterSet
    default_ordering = "-id"
    paginate_by = 50
    export_filename = "abuse-log"
    list_export = [
        "at",
        "last_at",
        "get_kind_display",
        "purpose",
        "count",
        "network",
        "reference",
        "participation",
    ]
    export_headings = {
        "at": _("First"),
        "last_at": _("Last"),
        "get_kind_display": _("Kind"),
        "purpose": _("What was tried"),
        "count": _("Times, at least"),
        "network": _("Network, as of that day"),
        "reference": _("Consultation"),
        "participation": _("Participation"),
    }
    columns = [
        Column("get_kind_display", label=_("Kind")),
        Column("purpose", label=_("What was tried")),
        NumberColumn("count", label=_("Times, at least"), sort_key="count"),
        Column(
            "network",
            label=_("Network, as of that day"),
            accessor=lambda event: event.network[:8],
        ),
        Column("reference", label=_("Consultation")),
        Column(
            "participation", label=_("Participation"), accessor=participation_number
        ),
        DateColumn("at", label=_("First"), sort_key="id"),
        DateColumn("last_at", label=_("Last")),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "identity"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return in_scope(self.request.user).select_related("consultation")


class AbuseLogMenuItem(MenuItem):
    """Shown to those whom the log admits."""

    def is_shown(self, request):
        return access.has_duty(request.user, "identity")


menu_items = [
    AbuseLogMenuItem(
        _("Abuse log"),
        reverse_lazy("eparticipation_admin:abuse_log"),
        name="eparticipation-abuse-log",
        icon_name="warning",
        order=330,
    )
]

admin_urls = [
    path("abuse-log/", AbuseLogView.as_view(), name="abuse_log"),
    path(
        "abuse-log/results/",
        AbuseLogView.as_view(results_only=True),
        name="abuse_log_results",
    ),
]
