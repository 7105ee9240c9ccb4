"""Texts taken down after sealing: the package keeps them, so it is handed out no more.

The law may oblige the municipality to take a text down at any time, while the sealed
package may never change (R-5.6.1c). It stays as it is, staff can verify it, and the
public is told what was taken down, when and under which rule.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from wagtail_eparticipation.archive.models import ArchivePackage
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation.models import Outcome


@dataclass(frozen=True)
class TakenDown:
    """One text that is in a sealed package and must not be read any more."""

    at: datetime
    clause: str


def taken_down_since(package: ArchivePackage) -> list[TakenDown]:
    """What was taken down after sealing, oldest first; one query.

    While this is not empty the package is not given to the public.
    """
    events = LedgerEvent.objects.filter(
        Q(sequence__isnull=True) | Q(sequence__gt=package.ledger_sequence),
        consultation_id=package.consultation_id,
        kind="moderation.taken_down",
    ).order_by("id")
    return [TakenDown(event.at, event.data.get("clause", "")) for event in events]


def purge_downloads(participation, decision, **kwargs) -> None:
    """Take kept copies of a sealed package out of the front-end cache."""
    if decision.outcome != Outcome.TAKE_DOWN or not getattr(
        settings, "WAGTAILFRONTENDCACHE", None
    ):
        return
    consultation = participation.consultation
    if ArchivePackage.objects.filter(consultation=consultation).exists():
        transaction.on_commit(lambda: _purge(consultation))


def _purge(consultation) -> None:
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    for page in consultation.pages.filter(live=True):
        batch.add_url(f"{page.get_full_url()}archive/package/")
        batch.add_url(f"{page.get_full_url()}report/")
    batch.purge()
