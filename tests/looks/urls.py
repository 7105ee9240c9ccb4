from django.urls import path

from tests.looks import guide

urlpatterns = [
    path("favicon.ico", guide.icon),
    path("<str:language>/<str:page>/", guide.show),
]
