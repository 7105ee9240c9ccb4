"""Shared by all tests: a site in two languages that is made once per database."""

import pytest
from wagtail.models import Page, Site

from tests.factories_pages import make_hub, make_words
from wagtail_eparticipation.consultations.vocabulary import Department, Segment, Subject


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Home, hub and words stand ready: most tests need them, and making them is slow.

    Tests of real transactions empty the database at their end; the makers then make
    them again for whoever asks.
    """
    with django_db_blocker.unblock():
        make_hub()
        make_words()


@pytest.fixture(autouse=True)
def fresh_addresses():
    """What one test's site has left in Wagtail's cache is not the next one's."""
    Site.clear_site_root_paths_cache()


@pytest.fixture
def without_pages(db):
    """The site before anybody made a page or a word on it."""
    for page in Page.objects.filter(depth=2):
        page.specific.delete()
    for kind in (Department, Segment, Subject):
        kind.objects.all().delete()
