"""Public addresses of the reply desk, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.replies import views

urlpatterns = [
    path("<str:language>/contact/", views.contact_desk, name="contact"),
    path(
        "<str:language>/contact/<uuid:public_id>/",
        views.contact_send,
        name="contact_send",
    ),
    path("<str:language>/enquiry/<str:token>/", views.case, name="case"),
]
