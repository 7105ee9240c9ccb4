"""The register and the late box in the Wagtail admin."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic.base import (
    BaseListingView,
    WagtailAdminTemplateMixin,
)
from wagtail.admin.widgets.button import HeaderButton

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.participations import (
    aggregate_views,
    assisted_views,
    attachment_desk,
    export_views,
    import_views,
    invitation_listing,
    invitation_views,
    late_box,
    listing,
    matching_views,
    reading_views,
)
from wagtail_eparticipation.participations.listing import (
    RegisterFilterSet,
    may_see_register,
)
from wagtail_eparticipation.participations.models import Participation, State


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
        return listing.scope(self.request.user)

    def search_queryset(self, queryset):
        return listing.searched(queryset, self.search_query)

    @cached_property
    def header_more_buttons(self):
        query = self.request.GET.urlencode()
        return [
            HeaderButton(
                label=label,
                url=f"{reverse(f'eparticipation_admin:{name}')}?{query}",
                icon_name="download",
            )
            for name, label in (
                ("register_export", _("Export as CSV")),
                ("register_export_xlsx", _("Export as XLSX")),
            )
        ]


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
    *export_views.admin_urls,
    path("consultations/<int:pk>/late/", LateBoxView.as_view(), name="late_box"),
    *import_views.admin_urls,
    *reading_views.admin_urls,
    *matching_views.admin_urls,
    *aggregate_views.admin_urls,
    *assisted_views.admin_urls,
    *invitation_views.admin_urls,
    *invitation_listing.admin_urls,
    *attachment_desk.admin_urls,
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
