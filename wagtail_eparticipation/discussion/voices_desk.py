"""The discussion as the reply desk sees it: what may need an answer."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.voices import name_of


def topics_of(request):
    """The topics for which the user may speak."""
    if request is None:
        return Consultation.objects.none()
    return access.visible_to(request.user, "reply")


class VoicesFilterSet(WagtailFilterSet):
    """Cuts the discussion by topic and by who speaks."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=topics_of
    )
    is_official = django_filters.BooleanFilter(label=_("Official reply"))

    class Meta:
        model = PublishedComment
        fields = ["consultation", "is_official"]


class VoiceColumn(TitleColumn):
    """The number as a link, and the beginning of the text in its own direction."""

    cell_template_name = "wagtail_eparticipation/moderation/words_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        context["beginning"] = Truncator(instance.comment).chars(160)
        return context


def answer_url(comment: PublishedComment) -> str:
    """Where staff answer it; an official reply's own page is where it is taken back."""
    address = reverse(
        "eparticipation_admin:official_reply", args=[comment.consultation_id]
    )
    return f"{address}?to={comment.key}"


class VoicesView(BaseListingView):
    """Published voices, the newest first, for those who may answer officially."""

    model = PublishedComment
    page_title = _("Published comments")
    header_icon = "comment"
    index_url_name = "eparticipation_admin:discussion"
    index_results_url_name = "eparticipation_admin:discussion_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    template_name = "wagtail_eparticipation/discussion/voices_desk.html"
    filterset_class = VoicesFilterSet
    is_searchable = True
    search_fields = ["comment", "title"]
    search_backend_name = None
    paginate_by = 50
    default_ordering = ("-published_at", "-xtdcomment_ptr_id")
    verbose_name_plural = PublishedComment._meta.verbose_name_plural
    columns = [
        VoiceColumn("number", label=_("Participation"), get_url=answer_url),
        Column("name", label=_("Name"), accessor=name_of),
        Column("consultation.title", label=_("Consultation")),
        Column(
            "published_at",
            label=_("Shown for"),
            accessor=lambda each: timesince(each.published_at, clock.now(), depth=1),
        ),
        NumberColumn("reply_count", label=_("Replies")),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not access.has_duty(request.user, "reply"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def in_scope(self):
        rows = PublishedComment.objects.filter(hidden=False, removed_at__isnull=True)
        limited = access.departments_of(self.request.user)
        if limited is not None:
            rows = rows.filter(consultation__department_id__in=limited)
        return rows.select_related("consultation")

    def get_base_queryset(self):
        return self.in_scope.all()

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.get_base_queryset()}

    def get_valid_orderings(self):
        return [self.default_ordering]
