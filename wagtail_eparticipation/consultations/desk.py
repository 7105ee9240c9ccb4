"""Consultations in the Wagtail admin: addresses, menu, homepage panel."""

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_listing import ConsultationListing
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.home_panel import your_consultations


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

admin_urls = [
    path("consultations/", ConsultationListing.as_view(), name="consultations"),
    path(
        "consultations/results/",
        ConsultationListing.as_view(results_only=True),
        name="consultations_results",
    ),
    path("consultations/<int:pk>/", DeskView.as_view(), name="desk"),
]
