"""Public addresses of the policy, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.policy import views

urlpatterns = [
    path("<str:language>/policy/", views.current_policy, name="current_policy"),
    path(
        "<str:language>/policy/<slug:pack>/<str:version>/",
        views.policy_page,
        name="policy",
    ),
]
