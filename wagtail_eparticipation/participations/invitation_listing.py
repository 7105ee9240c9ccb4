"""The invitations of a topic one by one: numbers and instants, never whom."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.reports import ReportView

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.consultations.vocabulary_names import (
    VocabularyFilter,
    names_of,
)
from wagtail_eparticipation.participations.invitations import Invitation

_STATES = {
    "revoked": (gettext_lazy("Revoked"), Q(revoked_at__isnull=False)),
    "undelivered": (
        gettext_lazy("Could not be delivered"),
        Q(undelivered_at__isnull=False, revoked_at=None),
    ),
    "sent": (
        gettext_lazy("Sent"),
        Q(sent_at__isnull=False, undelivered_at=None, revoked_at=None),
    ),
    "waiting": (
        gettext_lazy("Not sent yet"),
        Q(sent_at=None, undelivered_at=None, revoked_at=None),
    ),
}


def state_of(row: Invitation) -> str:
    """In a word, where an invitation stands; never whether it was used."""
    if row.revoked_at is not None:
        return str(_STATES["revoked"][0])
    if row.undelivered_at is not None:
        return str(_STATES["undelivered"][0])
    return str(_STATES["sent" if row.sent_at is not None else "waiting"][0])


def way_of(row: Invitation) -> str:
    """How it reaches people."""
    if row.is_group:
        return _("Code of a group")
    return _("E-mail") if row.has_contact else _("Letter or address destroyed")


def _segments(request):
    return Segment.objects.filter(
        pk__in=Invitation.objects.exclude(segment=None)
        .order_by()
        .values("segment")
        .distinct()
    )


class InvitationFilterSet(WagtailFilterSet):
    """Cuts the listing by state and segment."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[(name, label) for name, (label, _q) in _STATES.items()],
        method="in_state",
    )
    segment = VocabularyFilter(
        label=gettext_lazy("Segment of the public"), queryset=_segments
    )

    class Meta:
        model = Invitation
        fields = []

    def in_state(self, queryset, name, value):
        return queryset.filter(_STATES[value][1])


class InvitationListing(ReportView):
    """Found by number only; an address is looked up on the page before."""

    model = Invitation
    page_title = gettext_lazy("Invitations one by one")
    header_icon = "mail"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = InvitationFilterSet
    verbose_name_plural = Invitation._meta.verbose_name_plural
    default_ordering = "pk"
    paginate_by = 50
    list_export = ["number", "segment_name", "sent_at", "reminded_at"]
    list_export += ["undelivered_at", "revoked_at"]
    export_headings = {"segment_name": gettext_lazy("Segment of the public")}
    export_filename = "invitations"

    @cached_property
    def consultation(self) -> Consultation:
        found = Consultation.objects.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def dispatch(self, request, *args, **kwargs):
        if not access.may(request.user, "request", self.consultation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def segments(self) -> dict[int, str]:
        return names_of(Segment)

    @cached_property
    def columns(self):
        return [
            Column("number", label=_("Number")),
            Column("way", label=_("By"), accessor=way_of),
            Column("label", label=_("Group")),
            Column(
                "segment",
                label=_("Segment of the public"),
                accessor=lambda row: self.segments.get(row.segment_id),
            ),
            StatusTagColumn("state", label=_("State"), accessor=state_of),
            DateColumn("sent_at", label=_("Sent")),
            DateColumn("reminded_at", label=_("Reminded")),
            DateColumn("revoked_at", label=_("Revoked")),
        ]

    def get_base_queryset(self):
        return self.consultation.invitations.all()

    def to_row_dict(self, item):
        item.segment_name = self.segments.get(item.segment_id, "")
        return super().to_row_dict(item)

    def get_index_url(self):
        return reverse(
            "eparticipation_admin:invitation_rows", args=[self.consultation.pk]
        )

    def get_index_results_url(self):
        return reverse(
            "eparticipation_admin:invitation_rows_results", args=[self.consultation.pk]
        )

    def get_page_subtitle(self):
        return self.consultation.title

    def get_breadcrumbs_items(self):
        topic = self.consultation
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse("eparticipation_admin:desk", args=[topic.pk]),
                "label": topic.title or topic.reference,
            },
            {
                "url": reverse("eparticipation_admin:invitations", args=[topic.pk]),
                "label": _("Invitations"),
            },
            {"url": "", "label": self.get_page_title()},
        ]


_ONE = "consultations/<int:pk>/invitations/rows/"

admin_urls = [
    path(_ONE, InvitationListing.as_view(), name="invitation_rows"),
    path(
        f"{_ONE}results/",
        InvitationListing.as_view(results_only=True),
        name="invitation_rows_results",
    ),
]
