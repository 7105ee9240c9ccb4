"""Public addresses that belong to no single page; each room has its own."""

from django.urls import include, path

app_name = "eparticipation"

urlpatterns = [
    path("", include("wagtail_eparticipation.policy.urls")),
    path("", include("wagtail_eparticipation.participations.urls")),
    path("", include("wagtail_eparticipation.discussion.urls")),
    path("", include("wagtail_eparticipation.surveys.urls")),
    path("", include("wagtail_eparticipation.moderation.urls")),
    path("", include("wagtail_eparticipation.replies.urls")),
]
