"""The reply desk in the Wagtail admin: enquiries due first, one enquiry, channels."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Case as Choose
from django.db.models import F, IntegerField, Q, Value, When
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.replies import (
    case_desk,
    complaint_desk,
    dashboard,
    referral_desk,
    reply_wanted,
)
from wagtail_eparticipation.replies.models import OURS, Case


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


#: Where cases come from, and how they are told apart.
SOURCES = {
    "enquiry": (_("Contact form"), Q(about=None, report=None)),
    "participation": (_("Participation"), Q(about__isnull=False)),
    "report": (_("Report of a voice"), Q(report__isnull=False)),
}


class CaseFilterSet(WagtailFilterSet):
    """Cuts the enquiries by topic, state and source."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=_topics
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=Case.State.choices)
    source = django_filters.ChoiceFilter(
        label=_("Source"),
        choices=[(name, label) for name, (label, _q) in SOURCES.items()],
        method="from_source",
    )

    class Meta:
        model = Case
        fields = ["consultation", "state"]

    def from_source(self, rows, name, value):
        return rows.filter(SOURCES[value][1])


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
    default_ordering = ("settled", "owed_at", "id")
    verbose_name_plural = Case._meta.verbose_name_plural
    columns = [
        TitleColumn(
            "number",
            label=_("Number"),
            get_url=lambda each: reverse(
                "eparticipation_admin:case", args=[each.public_id]
            ),
        ),
        Column("heading", label=_("Subject of the enquiry")),
        Column(
            "topic",
            label=_("Consultation"),
            accessor=lambda each: each.consultation.title if each.consultation else "–",
        ),
        DateColumn("received_at", label=_("Received")),
        Column(
            "due",
            label=_("Answer due"),
            accessor=lambda each: instant_words(each.next_due) or "–",
        ),
        StatusTagColumn("state", label=_("State"), accessor="get_state_display"),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "reply"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        settled = Choose(
            When(state__in=OURS, then=Value(0)),
            When(state=Case.State.DEFERRED, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        owed = Choose(
            When(first_answered_at=None, then=F("due_at")), default=F("resolve_due_at")
        )
        rows = scope(self.request.user).annotate(settled=settled, owed_at=owed)
        return rows.select_related("consultation", "about", "report")

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
    *referral_desk.admin_urls,
    *reply_wanted.admin_urls,
    *dashboard.admin_urls,
]
menu_items = [
    CasesMenuItem(
        _("Enquiries"),
        reverse_lazy("eparticipation_admin:cases"),
        name="eparticipation-cases",
        icon_name="mail",
        order=310,
    ),
    *referral_desk.menu_items,
]
