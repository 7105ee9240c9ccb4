"""Public addresses of moderation, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.moderation import objection_views

urlpatterns = [
    path(
        "<str:language>/receipt/<str:token>/object/",
        objection_views.object_to,
        name="object",
    ),
]
