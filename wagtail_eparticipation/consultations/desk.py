"""Consultations in the Wagtail admin: addresses, menu, homepage panel."""

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.act_views import ActView, RequestView
from wagtail_eparticipation.consultations.desk_listing import ConsultationListing
from wagtail_eparticipation.consultations.desk_views import Desk, Roles
from wagtail_eparticipation.consultations.history_views import History
from wagtail_eparticipation.consultations.home_panel import your_consultations
from wagtail_eparticipation.consultations.page_history import (
    log_actions as log_actions,
)
from wagtail_eparticipation.consultations.publication_views import (
    Proof,
    PublicationEdit,
)
from wagtail_eparticipation.consultations.publish_view import PublishView
from wagtail_eparticipation.consultations.scope_desk import viewsets as viewsets


class ConsultationsMenuItem(MenuItem):
    """Shown to whom the listing admits."""

    def is_shown(self, request):
        return access.works_with_any(request.user)


menu_items = [
    ConsultationsMenuItem(
        _("Consultations"),
        reverse_lazy("eparticipation_admin:consultations"),
        name="eparticipation-consultations",
        icon_name="list-ul",
        order=100,
    )
]

homepage_panels = [your_consultations]

_ONE = "consultations/<int:pk>/"

admin_urls = [
    path("consultations/", ConsultationListing.as_view(), name="consultations"),
    path(
        "consultations/results/",
        ConsultationListing.as_view(results_only=True),
        name="consultations_results",
    ),
    path(_ONE, Desk.as_view(), name="desk"),
    path(f"{_ONE}acts/<slug:name>/", ActView.as_view(), name="desk_act"),
    path(
        f"{_ONE}requests/<int:request_id>/", RequestView.as_view(), name="desk_request"
    ),
    path(f"{_ONE}publish/", PublishView.as_view(), name="desk_publish"),
    path(f"{_ONE}roles/", Roles.as_view(), name="desk_roles"),
    path(f"{_ONE}history/", History.as_view(), name="desk_history"),
    path(
        f"{_ONE}publications/add/",
        PublicationEdit.as_view(),
        name="desk_publication_add",
    ),
    path(
        f"{_ONE}publications/<int:publication_id>/",
        PublicationEdit.as_view(),
        name="desk_publication",
    ),
    path(
        f"{_ONE}publications/<int:publication_id>/proof/",
        Proof.as_view(),
        name="desk_proof",
    ),
]
