"""Where supports are sent, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.discussion import support_views

urlpatterns = [
    path(
        "<str:language>/support/<uuid:public_id>/<uuid:key>/",
        support_views.send,
        name="support",
    ),
]
