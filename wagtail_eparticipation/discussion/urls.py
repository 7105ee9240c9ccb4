"""Where readers report and follow voices, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.discussion import report_views

urlpatterns = [
    path("<str:language>/report/<uuid:key>/", report_views.report, name="report"),
    path(
        "<str:language>/reported/<str:token>/", report_views.reported, name="reported"
    ),
]
