"""The list from which hidden places, originals and certificates are reached."""

import re

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.moderation import sealed_desk
from wagtail_eparticipation.moderation.sealed import (
    Destruction,
    Redaction,
    SealedOriginal,
)
from wagtail_eparticipation.participations.models import Participation

_NUMBER = re.compile("[0-9a-f]{8}")


def admitted(user) -> bool:
    """Whether the list is for this user: privacy, records, moderators."""
    return any(access.has_duty(user, duty) for duty in sealed_desk.DUTIES)


def in_scope(user):
    """The participations of the departments that a user works for."""
    rows = Participation.objects.all()
    limited = access.departments_of(user)
    if limited is not None:
        rows = rows.filter(consultation__department_id__in=limited)
    return rows


def _topics(request):
    if request is None or not admitted(request.user):
        return Consultation.objects.none()
    return access.seen_by(request.user)


_WAITS = Q(Exists(Redaction.objects.filter(open_for=OuterRef("pk")))) | Q(
    Exists(Destruction.objects.filter(open_for=OuterRef("pk")))
)


class SealedFilterSet(WagtailFilterSet):
    """Cuts the list by topic, and to what a second person must answer."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=_topics
    )
    waits = django_filters.BooleanFilter(
        label=_("Waits for a second person"), method="by_waiting"
    )

    class Meta:
        model = Participation
        fields = ["consultation", "waits"]

    def by_waiting(self, rows, name, value):
        return rows.filter(_WAITS) if value else rows.exclude(_WAITS)


class SealedListView(BaseListingView):
    """What has hidden places or a certificate; any other by its number."""

    model = Participation
    page_title = _("Hidden places and originals")
    header_icon = "lock"
    index_url_name = "eparticipation_admin:sealed_list"
    index_results_url_name = "eparticipation_admin:sealed_list_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = SealedFilterSet
    is_searchable = True
    paginate_by = 50
    default_ordering = "-id"
    verbose_name_plural = Participation._meta.verbose_name_plural
    columns = [
        TitleColumn(
            "number",
            label=_("Participation"),
            get_url=lambda each: reverse(
                "eparticipation_admin:sealed", args=[each.public_id]
            ),
        ),
        Column("consultation.title", label=_("Consultation")),
        BooleanColumn("is_waiting", label=_("Waits for a second person")),
        StatusTagColumn("state", label=_("State"), accessor="get_state_display"),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not admitted(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        rows = in_scope(self.request.user).select_related("consultation")
        return rows.annotate(is_waiting=_WAITS)

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}

    def filter_queryset(self, queryset):
        if not self.is_searching:
            queryset = queryset.filter(
                Exists(SealedOriginal.objects.filter(participation=OuterRef("pk")))
                | Exists(Destruction.objects.filter(participation=OuterRef("pk")))
            )
        return super().filter_queryset(queryset)

    def search_queryset(self, queryset):
        return by_number(queryset, self.search_query) if self.is_searching else queryset


def by_number(rows, number: str):
    """Those with this short number: the beginning of an id, read as text.

    Databases disagree about the order of ids, so no range of them will do.
    """
    wanted = number.strip().lower()
    if not _NUMBER.fullmatch(wanted):
        return rows.none()
    return rows.alias(id_as_text=Cast("public_id", CharField())).filter(
        id_as_text__startswith=wanted
    )


class SealedMenuItem(MenuItem):
    """Shown to privacy and records officers; moderators come from the review."""

    def is_shown(self, request):
        return any(
            access.has_duty(request.user, duty) for duty in ("identity", "close")
        )


menu_items = [
    SealedMenuItem(
        _("Hidden places"),
        reverse_lazy("eparticipation_admin:sealed_list"),
        name="eparticipation-sealed",
        icon_name="lock",
        order=320,
    )
]

admin_urls = [
    path("hidden/", SealedListView.as_view(), name="sealed_list"),
    path(
        "hidden/results/",
        SealedListView.as_view(results_only=True),
        name="sealed_list_results",
    ),
    *sealed_desk.admin_urls,
]
