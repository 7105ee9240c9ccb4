"""Every consultation that a member of staff works with, one row per topic."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import closing_words
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Act, Consultation, Kind
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.consultations.vocabulary_names import (
    VocabularyFilter,
    names_of,
)


def departments_for(request):
    """The departments that a user may choose in the filter, once for all languages."""
    if request is None:
        return Department.objects.none()
    found = Department.objects.filter(consultations__isnull=False).distinct()
    limited = access.departments_of(request.user)
    return found if limited is None else found.filter(pk__in=limited)


class ConsultationFilterSet(WagtailFilterSet):
    """Stage at this instant, department, kind of topic, and waiting requests."""

    stage = django_filters.ChoiceFilter(
        label=_("Stage"), choices=Stage.choices, method="at_stage"
    )
    department = VocabularyFilter(label=_("Department"), queryset=departments_for)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    waiting = django_filters.BooleanFilter(
        label=_("With a request that waits for a second person"),
        method="with_request",
    )

    class Meta:
        model = Consultation
        fields = []

    def at_stage(self, queryset, name, value):
        return queryset.at_stage(value, clock.now())

    def with_request(self, queryset, name, value):
        waiting = Q(pk__in=waiting_requests())
        return queryset.filter(waiting if value else ~waiting)


def waiting_requests():
    """Ids of the consultations with a request for a second person."""
    waiting = Act.objects.filter(state=Act.State.REQUESTED).order_by()
    return waiting.values("consultation_id")


def with_figures(queryset):
    """Participations in the register, published ones, and waiting requests.

    Subqueries, because two joined counts would multiply each other.
    """
    register = Consultation._meta.get_field("participations").related_model
    taken_in = (
        register.objects.counted()
        .filter(consultation=OuterRef("pk"))
        .order_by()
        .values("consultation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    requests = (
        Act.objects.filter(consultation=OuterRef("pk"), state=Act.State.REQUESTED)
        .order_by()
        .values("consultation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    nothing = Value(0)
    return queryset.annotate(
        participation_count=Coalesce(
            Subquery(taken_in, output_field=IntegerField()), nothing
        ),
        request_count=Coalesce(
            Subquery(requests, output_field=IntegerField()), nothing
        ),
    )


class ConsultationListing(ReportView):
    """The listing behind the first item of our menu."""

    page_title = _("Consultations")
    header_icon = "comment"
    results_template_name = "wagtail_eparticipation/index_results.html"
    index_url_name = "eparticipation_admin:consultations"
    index_results_url_name = "eparticipation_admin:consultations_results"
    verbose_name_plural = _("consultations")
    filterset_class = ConsultationFilterSet
    default_ordering = "-created_at"
    is_searchable = True
    export_filename = "consultations"
    list_export = [
        "reference",
        "title",
        "stage_words",
        "department_name",
        "opens_at",
        "closes_at",
        "participation_count",
        "published_count",
        "request_count",
    ]
    export_headings = {
        "title": _("Title"),
        "stage_words": _("Stage"),
        "department_name": _("Department"),
        "opens_at": _("Opens at"),
        "closes_at": _("Closes at"),
        "participation_count": _("Participations"),
        "published_count": _("Published"),
        "request_count": _("Waiting requests"),
    }

    def dispatch(self, request, *args, **kwargs):
        if not access.works_with_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def now(self):
        return clock.now()

    @cached_property
    def departments(self) -> dict[int, str]:
        return names_of(Department)

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "title",
                label=_("Title"),
                accessor=lambda row: row.title or row.reference,
                get_url=lambda row: reverse("eparticipation_admin:desk", args=[row.pk]),
            ),
            Column("reference", label=_("Reference"), sort_key="reference"),
            Column("stage", label=_("Stage"), accessor=self.stage_of),
            Column(
                "closes",
                label=_("Closes"),
                accessor=lambda row: closing_words(self.closing_of(row)) or "–",
                sort_key="window__closes_at",
            ),
            Column(
                "department",
                label=_("Department"),
                accessor=lambda row: self.departments.get(row.department_id, "–"),
                sort_key="department__name",
            ),
            NumberColumn(
                "participation_count",
                label=_("Participations"),
                sort_key="participation_count",
            ),
            NumberColumn(
                "request_count", label=_("Waiting requests"), sort_key="request_count"
            ),
        ]

    def stage_of(self, consultation) -> str:
        return consultation.stage(self.now).label

    def closing_of(self, consultation):
        window = getattr(consultation, "window", None)
        return window and window.closes_at

    def get_base_queryset(self):
        rows = access.seen_by(self.request.user)
        return with_figures(rows).select_related("window")

    def get_valid_orderings(self):
        return [*super().get_valid_orderings(), "created_at", "-created_at"]

    def order_queryset(self, queryset):
        """Rows with equal values keep their order from page to page."""
        return queryset.order_by(self.ordering, "-pk")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(matching(self.search_query))

    def to_row_dict(self, item):
        item.stage_words = self.stage_of(item)
        window = getattr(item, "window", None)
        item.opens_at = window and window.opens_at
        item.closes_at = window and window.closes_at
        item.department_name = self.departments.get(item.department_id, "")
        return super().to_row_dict(item)


def matching(words: str) -> Q:
    """Topics whose reference or words contain what was typed, however it is spelt."""
    from wagtail_eparticipation.consultations.pages import ConsultationPage
    from wagtail_eparticipation.normalise import search_key

    found = Q(reference__icontains=words)
    if key := search_key(words):
        pages = ConsultationPage.objects.filter(search_text__contains=key)
        found |= Q(pk__in=pages.order_by().values("consultation_id"))
    return found
