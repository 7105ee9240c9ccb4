import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from wagtail_eparticipation.consultations import gates


@pytest.fixture
def english():
    """Messages in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def passing_publish(monkeypatch):
    """Leave out the gates of publication, which ask pages, but for those to keep."""

    def leave_out(keep=""):
        kept = [check for check in gates._checks["publish"] if check.__name__ == keep]
        monkeypatch.setitem(gates._checks, "publish", kept)

    return leave_out


@pytest.fixture
def migrations_table(db):
    """wagtail-localize asks which migrations have run, also where none have."""
    if not MigrationRecorder(connection).has_table():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE django_migrations (id int, app varchar(255), "
                "name varchar(255), applied timestamp NULL)"
            )
