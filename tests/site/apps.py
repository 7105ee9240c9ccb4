from django.apps import AppConfig


class TestSiteConfig(AppConfig):
    name = "tests.site"
    label = "test_site"
