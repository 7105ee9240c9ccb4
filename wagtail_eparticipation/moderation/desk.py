"""The moderators' pages in the Wagtail admin: queue, proposals, addresses."""

from django.urls import path, reverse, reverse_lazy
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn, UserColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation import (
    attachment_views,
    claim_views,
    export,
    queue,
    reports_desk,
)
from wagtail_eparticipation.moderation.models import ModerationDecision, Outcome
from wagtail_eparticipation.moderation.queue_desk import ModeratorsOnly, QueueView
from wagtail_eparticipation.moderation.review import ReviewView


class ProposalsView(ModeratorsOnly, BaseListingView):
    """Decisions that wait for a second person (P-5.3.1c)."""

    model = ModerationDecision
    page_title = _("Decisions that need a second person")
    header_icon = "group"
    index_url_name = "eparticipation_admin:moderation_proposals"
    paginate_by = 50
    default_ordering = "id"
    verbose_name_plural = ModerationDecision._meta.verbose_name_plural
    breadcrumbs_items = [
        *BaseListingView.breadcrumbs_items,
        {
            "url": reverse_lazy("eparticipation_admin:moderation"),
            "label": _("Moderation"),
        },
    ]
    columns = [
        TitleColumn(
            "participation.number",
            label=_("Participation"),
            get_url=lambda each: reverse(
                "eparticipation_admin:moderation_review",
                args=[each.participation.public_id],
            ),
        ),
        Column("participation.consultation.title", label=_("Consultation")),
        Column(
            "outcome",
            label=_("Proposed"),
            accessor=lambda each: Outcome(each.outcome).label,
        ),
        Column("full_code", label=_("Reason code")),
        UserColumn("decided_by", label=_("Proposed by")),
        Column(
            "decided_at",
            label=_("Waiting for"),
            accessor=lambda each: timesince(each.decided_at, clock.now(), depth=1),
            sort_key="id",
        ),
    ]

    def get_base_queryset(self):
        return queue.proposals(self.request).select_related(
            "participation__consultation", "decided_by__wagtail_userprofile"
        )


class ModerationMenuItem(MenuItem):
    """Shown to those whom the queue admits."""

    def is_shown(self, request):
        return access.has_duty(request.user, "moderate")


menu_items = [
    ModerationMenuItem(
        _("Moderation"),
        reverse_lazy("eparticipation_admin:moderation"),
        name="eparticipation-moderation",
        icon_name="comment",
        order=300,
    ),
    ModerationMenuItem(
        _("Content reports"),
        reverse_lazy("eparticipation_admin:reports"),
        name="eparticipation-reports",
        icon_name="warning",
        order=305,
    ),
]

admin_urls = [
    *reports_desk.admin_urls,
    *attachment_views.admin_urls,
    *export.admin_urls,
    *claim_views.admin_urls,
    path("moderation/", QueueView.as_view(), name="moderation"),
    path(
        "moderation/results/",
        QueueView.as_view(results_only=True),
        name="moderation_results",
    ),
    path(
        "moderation/second-person/",
        ProposalsView.as_view(),
        name="moderation_proposals",
    ),
    path(
        "moderation/<uuid:public_id>/", ReviewView.as_view(), name="moderation_review"
    ),
]
