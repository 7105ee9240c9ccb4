"""The register and the late box in the Wagtail admin."""

import csv
import io
from collections.abc import Iterator

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic.base import (
    BaseListingView,
    WagtailAdminTemplateMixin,
)
from wagtail.admin.widgets.button import HeaderButton

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import (
    details,
    import_views,
    late_box,
    tools,
)
from wagtail_eparticipation.participations.cells import safe_cell
from wagtail_eparticipation.participations.models import (
    Channel,
    Participation,
    State,
)


def may_see_register(user) -> bool:
    """Whether a user has any business with the register."""
    return any(access.has_duty(user, duty) for duty in ("moderate", "analyse", "close"))


def scope(user):
    """The rows that a user may see, by the departments of the user's duties."""
    if not may_see_register(user):
        return Participation.objects.none()
    rows = Participation.objects.select_related("consultation")
    limited = access.departments_of(user)
    if limited is not None:
        rows = rows.filter(consultation__department_id__in=limited)
    return rows


def _topics(request):
    if request is None:
        return Consultation.objects.none()
    return Consultation.objects.filter(
        pk__in=scope(request.user).order_by().values("consultation").distinct()
    )


class RegisterFilterSet(WagtailFilterSet):
    """Cuts the register by topic, state, channel and tool."""

    consultation = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Consultation"), queryset=_topics
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices
    )
    channel = django_filters.ChoiceFilter(
        label=gettext_lazy("Channel"), choices=Channel.choices
    )
    tool = django_filters.ChoiceFilter(
        label=gettext_lazy("Tool"),
        choices=lambda: [(tool.code, tool.label) for tool in tools.registered()],
    )

    class Meta:
        model = Participation
        fields = ["consultation", "state", "channel", "tool"]


class RegisterView(BaseListingView):
    """Every participation of every channel, releasable text only (R-3.1a)."""

    model = Participation
    page_title = gettext_lazy("Register of participations")
    header_icon = "list-ul"
    index_url_name = "eparticipation_admin:register"
    index_results_url_name = "eparticipation_admin:register_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = RegisterFilterSet
    is_searchable = True
    paginate_by = 50
    default_ordering = "-id"
    verbose_name_plural = Participation._meta.verbose_name_plural
    columns = [
        Column("number", label=gettext_lazy("Number")),
        Column(
            "beginning",
            label=gettext_lazy("Text"),
            accessor=lambda row: Truncator(
                row.releasable_title or row.releasable_text
            ).chars(90),
        ),
        Column("consultation.reference", label=gettext_lazy("Consultation")),
        Column("get_channel_display", label=gettext_lazy("Channel")),
        Column("language_name", label=gettext_lazy("Language")),
        StatusTagColumn("get_state_display", label=gettext_lazy("State")),
        DateColumn("received_at", label=gettext_lazy("Received")),
    ]

    def dispatch(self, request, *args, **kwargs):
        if not may_see_register(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self):
        return scope(self.request.user)

    def search_queryset(self, queryset):
        if not self.search_query:
            return queryset
        return queryset.filter(text__icontains=self.search_query)

    @cached_property
    def header_more_buttons(self):
        query = self.request.GET.urlencode()
        return [
            HeaderButton(
                label=_("Export as CSV"),
                url=f"{reverse('eparticipation_admin:register_export')}?{query}",
                icon_name="download",
            )
        ]


COLUMNS = (
    "number",
    "reference",
    "day",
    "state",
    "channel",
    "tool",
    "language",
    "capacity",
    "publication",
    "title",
    "text",
    *details.COLUMNS,
)


def export_lines(rows) -> Iterator[bytes]:
    """CSV with a byte-order mark, no cell a formula, memory flat at any size."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    zone = municipal_zone()
    more = details.Details()
    for row in details.with_status(rows).order_by("id").iterator(chunk_size=2000):
        writer.writerow(
            safe_cell(value)
            for value in (
                row.number,
                row.consultation.reference,
                row.received_at.astimezone(zone).date().isoformat(),
                row.state,
                row.channel,
                row.tool,
                row.language,
                row.capacity,
                row.publication,
                row.releasable_title,
                row.releasable_text,
                *more.of(row).values(),
            )
        )
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def export(request):
    """The filtered register as a file; who exported is on the ledgers' record."""
    if not may_see_register(request.user):
        raise PermissionDenied
    filters = RegisterFilterSet(
        request.GET, queryset=scope(request.user), request=request
    )
    rows = filters.qs
    topics = Consultation.objects.filter(
        pk__in=rows.order_by().values("consultation").distinct()
    )
    for consultation in topics:
        record(consultation, "register.exported", actor=request.user)
    response = StreamingHttpResponse(export_lines(rows), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="participations.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class LateBoxView(WagtailAdminTemplateMixin, TemplateView):
    """What came late in one consultation, and its admission."""

    page_title = gettext_lazy("Late box")
    header_icon = "time"
    template_name = "wagtail_eparticipation/participations/late_box.html"

    @cached_property
    def consultation(self):
        return get_object_or_404(
            access.visible_to(self.request.user, "authorise"), pk=self.kwargs["pk"]
        )

    def get_breadcrumbs_items(self):
        label = {"url": "", "label": self.get_page_title()}
        return [*super().get_breadcrumbs_items(), label]

    def post(self, request, *args, **kwargs):
        row = get_object_or_404(
            self.consultation.participations.filter(state=State.LATE),
            public_id=request.POST.get("participation"),
        )
        try:
            late_box.admit(
                row, actor=request.user, ground=request.POST.get("ground", "")
            )
        except late_box.CannotAdmit as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The participation was admitted."))
        return redirect("eparticipation_admin:late_box", self.consultation.pk)

    def get_context_data(self, **kwargs):
        rows = self.consultation.participations.filter(state=State.LATE)
        stage = self.consultation.stage()
        return super().get_context_data(
            consultation=self.consultation,
            rows=rows.order_by("id")[:200],
            can_admit=stage in late_box.ADMITTING_STAGES,
            **kwargs,
        )


class RegisterMenuItem(MenuItem):
    """Shown to those whom the view admits."""

    def is_shown(self, request):
        return may_see_register(request.user)


admin_urls = [
    path("register/", RegisterView.as_view(), name="register"),
    path(
        "register/results/",
        RegisterView.as_view(results_only=True),
        name="register_results",
    ),
    path("register/export/", export, name="register_export"),
    path("consultations/<int:pk>/late/", LateBoxView.as_view(), name="late_box"),
    *import_views.admin_urls,
]
menu_items = [
    RegisterMenuItem(
        gettext_lazy("Register"),
        reverse_lazy("eparticipation_admin:register"),
        name="eparticipation-register",
        icon_name="list-ul",
        order=300,
    )
]
