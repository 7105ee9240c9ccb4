"""Shared by all tests: a site in two languages that is made once per database."""

import json

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from wagtail.models import Page, Site

from tests import as_it_was
from tests.factories_pages import make_hub, make_words
from wagtail_eparticipation.consultations.vocabulary import Department, Segment, Subject
from wagtail_eparticipation.moderation import lexicon
from wagtail_eparticipation.policy import install


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Home, hub and words stand ready: most tests need them, and making them is slow.

    Tests of real transactions empty other databases than SQLite at their end; the
    makers then make them again for whoever asks.
    """
    with django_db_blocker.unblock():
        make_hub()
        make_words()
    with as_it_was.kept():
        yield


@pytest.fixture(scope="session", autouse=True)
def packs_are_read_once():
    """Reading and checking a pack takes as long as a test; its file stays as it is."""
    read, known = install.read_pack, {}

    def once(path):
        stat = path.stat()
        key = (str(path), stat.st_mtime_ns, stat.st_size)
        if key not in known:
            known[key] = json.dumps(read(path))
        return json.loads(known[key])

    install.read_pack = once
    yield
    install.read_pack = read


@pytest.fixture(autouse=True)
def fresh_lexicon():
    """What one test's moderators wrote is not the next one's."""
    lexicon.forget()


@pytest.fixture(autouse=True)
def fresh_language():
    """The language that one test's last page was in is not the next one's."""
    translation.deactivate()


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


@pytest.fixture
def migrations_table(db):
    """wagtail-localize asks which migrations have run, also where none have."""
    if not MigrationRecorder(connection).has_table():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE django_migrations (id int, app varchar(255), "
                "name varchar(255), applied timestamp NULL)"
            )
