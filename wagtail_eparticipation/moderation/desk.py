"""The moderators' pages in the Wagtail admin: queue, proposals, review."""

from django.core.exceptions import PermissionDenied
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    StatusTagColumn,
    TitleColumn,
    UserColumn,
)
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation import queue, reports_desk
from wagtail_eparticipation.moderation.models import ModerationDecision, Outcome
from wagtail_eparticipation.moderation.review import ReviewView
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import Participation


class ModeratorsOnly:
    """Refuses everybody without the duty to moderate anything."""

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "moderate"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class WordsColumn(TitleColumn):
    """The number as a link, and the beginning of the text in its own direction."""

    cell_template_name = "wagtail_eparticipation/moderation/words_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        context["beginning"] = Truncator(instance.releasable_text).chars(160)
        return context

    def get_link_url(self, instance, parent_context):
        address = reverse(
            "eparticipation_admin:moderation_review", args=[instance.public_id]
        )
        request = parent_context.get("request")
        query = request.GET.copy() if request else None
        for name in ("p", "ordering", "_w_filter_fragment"):
            if query:
                query.pop(name, None)
        return f"{address}?{query.urlencode()}" if query else address


def tool_label(participation) -> str:
    """What the tool is called."""
    try:
        return tools.get(participation.tool).label
    except tools.UnknownTool:
        return participation.tool


class QueueView(ModeratorsOnly, BaseListingView):
    """What waits for a decision, the oldest first (R-5.3.1c)."""

    model = Participation
    page_title = _("Moderation")
    header_icon = "comment"
    template_name = "wagtail_eparticipation/moderation/queue.html"
    index_url_name = "eparticipation_admin:moderation"
    index_results_url_name = "eparticipation_admin:moderation_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = queue.QueueFilterSet
    is_searchable = True
    paginate_by = 50
    default_ordering = "id"
    verbose_name_plural = Participation._meta.verbose_name_plural
    columns = [
        BulkActionsCheckboxColumn("bulk_actions", obj_type="participation"),
        WordsColumn(
            "number",
            label=_("Participation"),
            get_title_id=lambda each: f"participation_{each.pk}_title",
        ),
        Column("consultation.title", label=_("Consultation")),
        Column(
            "received_at",
            label=_("Waiting for"),
            accessor=lambda each: timesince(each.received_at, clock.now(), depth=1),
            sort_key="id",
        ),
        Column("tool", label=_("Tool"), accessor=tool_label),
        Column("channel", label=_("Channel"), accessor="get_channel_display"),
        Column("language_name", label=_("Language")),
        StatusTagColumn("state", label=_("State"), accessor="get_state_display"),
    ]

    @cached_property
    def in_scope(self):
        return queue.scope(self.request).select_related("consultation")

    def get_base_queryset(self):
        return self.in_scope.all()

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}

    def filter_queryset(self, queryset):
        if self.filters and self.filters.is_valid():
            queryset = super().filter_queryset(queryset)
        else:
            queryset = queue.waiting(queryset)
        # `waiting` orders by age; the reader's own choice stands above it.
        return self.order_queryset(queryset)

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queue.search(queryset, self.search_query)

    def get_header_buttons(self):
        waiting = queue.proposals(self.request).count()
        return [
            *super().get_header_buttons(),
            HeaderButton(
                label=_("Second person needed: %(count)s") % {"count": waiting},
                url=reverse("eparticipation_admin:moderation_proposals"),
                icon_name="group",
            ),
        ]

    def get_context_data(self, *args, **kwargs):
        return super().get_context_data(*args, model_opts=Participation._meta, **kwargs)


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
