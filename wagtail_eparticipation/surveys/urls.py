"""Where the forms of surveys are sent, in the namespace ``eparticipation``."""

from django.urls import path

from wagtail_eparticipation.surveys import poll_views, views

urlpatterns = [
    path("<str:language>/survey/<int:page_id>/", views.answer, name="answer"),
    path(
        "<str:language>/survey/<int:page_id>/save/",
        views.save_answers,
        name="save_answers",
    ),
    path(
        "<str:language>/poll/<uuid:public_id>/<uuid:poll_id>/",
        poll_views.send,
        name="vote",
    ),
]
