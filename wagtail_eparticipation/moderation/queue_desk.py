"""The queue in the Wagtail admin: its columns, its pages, its counts (R-5.3.1c)."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation import flagged, queue, queue_filters
from wagtail_eparticipation.moderation.key_pages import KeyPage, page_of
from wagtail_eparticipation.moderation.targets import Targets
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import Participation, State

#: Parameters of a listing's address that belong to the listing alone.
OWN_PARAMETERS = ("p", "ordering", "_w_filter_fragment")
_WAITING = frozenset({State.RECEIVED, State.QUARANTINED})


class ModeratorsOnly:
    """Refuses everybody without the duty to moderate anything."""

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "moderate"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def cut_of(request) -> str:
    """The cut of a listing as the query of an address, without the page's place."""
    query = request.GET.copy()
    for name in OWN_PARAMETERS:
        query.pop(name, None)
    return query.urlencode()


class WordsColumn(TitleColumn):
    """The number as a link, and the beginning of the text in its own direction."""

    cell_template_name = "wagtail_eparticipation/moderation/words_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        context["beginning"] = Truncator(instance.releasable_text).chars(160)
        context["is_covered"] = getattr(instance, "is_covered", False)
        return context

    def get_link_url(self, instance, parent_context):
        address = reverse(
            "eparticipation_admin:moderation_review", args=[instance.public_id]
        )
        request = parent_context.get("request")
        query = cut_of(request) if request else ""
        return f"{address}?{query}" if query else address


class AgeColumn(Column):
    """How long it has waited, and in words whether that is too long (R-6.3.1a)."""

    cell_template_name = "wagtail_eparticipation/moderation/age_cell.html"


class AssigneeColumn(Column):
    """Whose task it is, and who reads it just now."""

    cell_template_name = "wagtail_eparticipation/moderation/assignee_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        claim = getattr(instance, "claim", None)
        now = clock.now()
        if claim is not None:
            if claim.assigned_to_id:
                context["assigned_to"] = queue_filters.person_name(claim.assigned_to)
            if claim.is_held(now):
                context["held_by"] = queue_filters.person_name(claim.held_by)
        return context


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
    results_template_name = "wagtail_eparticipation/moderation/queue_results.html"
    filterset_class = queue_filters.QueueFilterSet
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
        AgeColumn(
            "received_at",
            label=_("Waiting for"),
            accessor=lambda each: timesince(each.received_at, clock.now(), depth=1),
            sort_key="id",
        ),
        AssigneeColumn("claim", label=_("Assigned to"), accessor=lambda each: ""),
        Column("tool", label=_("Tool"), accessor=tool_label),
        Column("channel", label=_("Channel"), accessor="get_channel_display"),
        Column("language_name", label=_("Language")),
        StatusTagColumn("state", label=_("State"), accessor="get_state_display"),
    ]

    @cached_property
    def in_scope(self):
        return queue.scope(self.request)

    def get_base_queryset(self):
        return self.in_scope.select_related(
            "consultation__policy_version",
            "consultation__department__calendar",
            "claim__held_by",
            "claim__assigned_to",
        ).defer("consultation__policy_version__content")

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.in_scope.all()}

    def filter_queryset(self, queryset):
        if self.filters and self.filters.is_valid():
            queryset = super().filter_queryset(queryset)
        elif self.filters:
            # The message names what is wrong; all of the queue is not what was asked.
            queryset = queryset.none()
        else:
            queryset = queue.waiting(queryset)
        # `waiting` orders by age; the reader's own choice stands above it.
        return self.order_queryset(queryset)

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queue.search(queryset, self.search_query.replace("\x00", ""))

    def paginate_queryset(self, queryset, page_size):
        """By key, and counted to a bound: the register may hold a million."""
        self.found = queue.counted(queryset)
        queryset = flagged.with_covered(queryset).annotate(
            proposed=queue.number_proposed(self.request)
        )
        page = page_of(queryset, self.request.GET.get(self.page_kwarg, ""), page_size)
        self.key_page = self.prepared(page)
        return None, None, page.rows, False

    def prepared(self, page: KeyPage) -> KeyPage:
        """Add to each row what its cells say; the same queries for every page."""
        targets = Targets(clock.now())
        for row in page.rows:
            row.is_overdue = row.state in _WAITING and targets.is_overdue(row)
        return page

    @property
    def number(self) -> str:
        """How many match, as far as they are counted."""
        return queue.number_words(*self.found)

    def page_address(self, place: str) -> str:
        """The address of a neighbouring page under the same cut and order."""
        query = self.request.GET.copy()
        query.pop("_w_filter_fragment", None)
        query[self.page_kwarg] = place
        return f"{self.index_url}?{query.urlencode()}"

    def get_header_buttons(self):
        rows = self.key_page.rows
        # Counted with the rows, where there are any.
        proposed = (
            rows[0].proposed or 0 if rows else queue.proposals(self.request).count()
        )
        return [
            *super().get_header_buttons(),
            HeaderButton(
                label=gettext("Second person needed: %(count)s")
                % {"count": queue.number_words(proposed, False)},
                url=reverse("eparticipation_admin:moderation_proposals"),
                icon_name="group",
            ),
        ]

    @cached_property
    def header_more_buttons(self):
        query = cut_of(self.request)
        return [
            HeaderButton(
                label=gettext("Published, to be reviewed"),
                url=f"{reverse(self.index_url_name)}?state={queue_filters.UNREAD}",
                icon_name="view",
            ),
            *(
                HeaderButton(
                    label=label,
                    url=f"{reverse(f'eparticipation_admin:{name}')}?{query}",
                    icon_name="download",
                )
                for name, label in (
                    ("moderation_export", gettext("Export as CSV")),
                    ("moderation_export_xlsx", gettext("Export as XLSX")),
                )
            ),
        ]

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(
            *args, model_opts=Participation._meta, **kwargs
        )
        page = self.key_page
        context["number_found"] = self.number
        context["found"] = self.found
        context["earlier"] = page.earlier and self.page_address(page.earlier)
        context["later"] = page.later and self.page_address(page.later)
        context["bulk_limit"] = queue.COUNTED_TO
        # What the footer of the bulk acts asks of Wagtail's own pages.
        context["neighbours"] = {"has_other_pages": bool(page.earlier or page.later)}
        return context
