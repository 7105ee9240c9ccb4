import pytest
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
