"""Taking outdated copies of a topic's pages out of the front-end cache."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from wagtail_eparticipation.consultations.models import Consultation


def purge_later(
    consultation_id: int, article: str = "", *, files: Iterable[str] = ()
) -> None:
    """Purge the topic's live pages after commit, where a cache is configured.

    ``article`` is the one that the changed comment is about, if any; ``files`` are the
    keys of those that stood beside it.
    """
    if getattr(settings, "WAGTAILFRONTENDCACHE", None):
        transaction.on_commit(lambda: purge(consultation_id, article, files))


def purge(consultation_id: int, article: str = "", files: Iterable[str] = ()) -> None:
    """Purge each language's page, its draft and its discussion at once."""
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    consultation = Consultation.objects.get(pk=consultation_id)
    for page in consultation.pages.filter(live=True):
        batch.add_page(page)
        batch.add_url(f"{page.get_full_url()}discussion/")
        if article:
            batch.add_url(f"{page.get_full_url()}discussion/?article={article}")
        batch.add_url(f"{page.get_full_url()}suggestions/")
        for key in files:
            batch.add_url(f"{page.get_full_url()}files/{key}/")
    batch.purge()
