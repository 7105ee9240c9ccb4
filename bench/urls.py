"""Addresses of the web workers: the tests' own, and the plain peer's."""

from bench.bench_participations import urlpatterns as plain
from tests.urls import urlpatterns as site

urlpatterns = [*plain, *site]
