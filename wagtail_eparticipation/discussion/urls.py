"""Where readers act on published voices, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.discussion import (
    agree_views,
    follow_views,
    report_views,
    support_views,
)

urlpatterns = [
    path("<str:language>/agree/<uuid:key>/", agree_views.agree, name="agree"),
    path("<str:language>/report/<uuid:key>/", report_views.report, name="report"),
    path(
        "<str:language>/reported/<str:token>/", report_views.reported, name="reported"
    ),
    path("<str:language>/follow/<uuid:key>/", follow_views.follow, name="follow"),
    path(
        "<str:language>/follow/<uuid:key>/sent/",
        follow_views.asked,
        name="follow_asked",
    ),
    path(
        "<str:language>/follow/confirm/<str:token>/",
        follow_views.confirm,
        name="follow_confirm",
    ),
    path(
        "<str:language>/follow/mute/<str:token>/",
        follow_views.mute,
        name="follow_mute",
    ),
    path(
        "<str:language>/support/<uuid:public_id>/<uuid:key>/",
        support_views.send,
        name="support",
    ),
]
