import pytest

from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation.discussion import publish as publishing

pytestmark = pytest.mark.django_db

PURGED = []


class Remembering:
    """A front-end cache that remembers what it was asked to purge."""

    def __init__(self, params):
        pass

    def invalidates_hostname(self, hostname):
        return True

    def purge_batch(self, urls):
        PURGED.extend(urls)


@pytest.fixture(autouse=True)
def cache(settings):
    PURGED.clear()
    settings.WAGTAILFRONTENDCACHE = {
        "test": {"BACKEND": f"{__name__}.Remembering"},
    }


@pytest.mark.parametrize("act", ["publish", "take_down", "withdraw"])
def test_each_change_purges_the_topic_in_every_language(
    act, django_capture_on_commit_callbacks
):
    page = make_consultation_page()
    voice = make_voice(page.consultation)
    PURGED.clear()
    item = make_participation(page.consultation) if act == "publish" else None
    with django_capture_on_commit_callbacks(execute=True):
        getattr(publishing, act)(item or voice.participation, now=DURING)
    for each in (page, translation_of(page)):
        assert each.get_full_url() in PURGED
        assert f"{each.get_full_url()}discussion/" in PURGED
