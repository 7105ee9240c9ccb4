"""Taking outdated copies of the questions and answers out of the front-end cache."""

from django.conf import settings
from django.db import transaction

from wagtail_eparticipation.consultations.models import Consultation


def purge_later(consultation_id: int, key: str = "") -> None:
    """Purge the topic's pages after commit, where a cache is configured.

    ``key`` names the clarification that changed.
    """
    if getattr(settings, "WAGTAILFRONTENDCACHE", None):
        transaction.on_commit(lambda: purge(consultation_id, key), robust=True)


def purge(consultation_id: int, key: str = "") -> None:
    """Purge each language's page, its questions and one of them, at once."""
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    consultation = Consultation.objects.get(pk=consultation_id)
    for page in consultation.pages.filter(live=True):
        batch.add_page(page)
        address = f"{page.get_full_url()}questions/"
        batch.add_url(address)
        batch.add_url(f"{address}feed/")
        if key:
            batch.add_url(f"{address}{key}/")
    batch.purge()
