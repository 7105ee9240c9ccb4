"""The reply desk in the Wagtail admin: enquiries due first, one enquiry, channels."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Case as Choose
from django.db.models import IntegerField, Value, When
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.replies import case_desk, complaint_desk
from wagtail_eparticipation.replies.models import OPEN, Case


def scope(user):
    """The cases that a user answers; those of no topic by who has no limits."""
    if not access.has_duty(user, "reply"):
        return Case.objects.none()
    limited = access.departments_of(user)
    if limited is None:
        return Case.objects.all()
    return Case.objects.filter(consultation__department_id__in=limited)


def _topics(request):
    if request is None:
        return Consultation.objects.none()
    return access.visible_to(request.user, "reply")


class CaseFilterSet(WagtailFilterSet):
    """Cuts the enquiries by topic and state."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=_topics
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=Case.State.choices)

    class Meta:
        model = Case
        fields = ["consultation", "state"]


class CasesView(BaseListingView):
    """Enquiries: the open ones first, the next due at the top (R-6.5.1b)."""

    model = Case
    page_title = _("Enquiries")
    header_icon = "mail"
    index_url_name = "eparticipation_admin:cases"
    index_results_url_name = "eparticipation_admin:cases_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = CaseFilterSet
    paginate_by = 50
    default_ordering = ("settled", "due_at", "id")
    verbose_name_plural = Case._meta.verbose_name_plural
    columns = [
        TitleColumn(
            "number",
            label=_("Number"),
            get_url=lambda each: reverse(
                "eparticipation_admin:case", args=[each.public_id]
            ),
        ),
        Column("subject", label=_("Subject of the enquiry")),
        Column(
            "topic",
            label=_("Consultation"),
            accessor=lambda each: each.consultation.title if each.consultation else "–",
        ),
        DateColumn("received_at", label=_("Received")),
        Column(
            "due",
            label=_("Answer due"),
            accessor=lambda each: instant_words(each.due_at) if each.is_open else "–",
        ),
        StatusTagColumn("state", label=_("State"), accessor="get_state_display"),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "reply"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        settled = Choose(
            When(state__in=OPEN, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        rows = scope(self.request.user).select_related("consultation")
        return rows.annotate(settled=settled)

    def order_queryset(self, queryset):
        return queryset.order_by(*self.default_ordering)


class CasesMenuItem(MenuItem):
    """Shown to those whom the list admits."""

    def is_shown(self, request):
        return access.has_duty(request.user, "reply")


admin_urls = [
    path("enquiries/", CasesView.as_view(), name="cases"),
    path(
        "enquiries/results/",
        CasesView.as_view(results_only=True),
        name="cases_results",
    ),
    *case_desk.admin_urls,
    *complaint_desk.admin_urls,
]
menu_items = [
    CasesMenuItem(
        _("Enquiries"),
        reverse_lazy("eparticipation_admin:cases"),
        name="eparticipation-cases",
        icon_name="mail",
        order=310,
    )
]
