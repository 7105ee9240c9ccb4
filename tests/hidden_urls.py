"""Addresses of ours that nobody reaches: Wagtail's own pattern stands before them."""

from django.urls import include, path
from wagtail import urls as wagtail_urls

urlpatterns = [
    path("", include(wagtail_urls)),
    path("eparticipation/", include("wagtail_eparticipation.urls")),
]
