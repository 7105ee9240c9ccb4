"""Shared by all tests: a site in two languages that is made once per database."""

import pytest
from wagtail.models import Page, Site

from tests.factories_pages import make_hub


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Home and hub stand ready: most tests need them, and making them is slow.

    Tests of real transactions empty the database at their end; ``make_hub`` then makes
    the pages again for whoever asks.
    """
    with django_db_blocker.unblock():
        make_hub()


@pytest.fixture(autouse=True)
def fresh_addresses():
    """What one test's site has left in Wagtail's cache is not the next one's."""
    Site.clear_site_root_paths_cache()


@pytest.fixture
def without_pages(db):
    """The site before anybody made a page on it."""
    for page in Page.objects.filter(depth=2):
        page.specific.delete()
