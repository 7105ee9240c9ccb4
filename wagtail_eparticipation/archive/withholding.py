"""Texts taken from view after sealing: the package keeps them, so nobody is given it.

The law may oblige the municipality to take a text down, or a place in it, at any time,
while the sealed package may never change (R-5.6.1c). It stays as it is, staff can
verify it, and the public is told what was taken down, when and under which rule.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from wagtail_eparticipation.archive.models import ArchivePackage
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.moderation.models import Outcome

#: Events after which words that were published must not be read any more.
_TAKES_AWAY = (
    "moderation.taken_down",
    "moderation.redacted",
    "moderation.destroyed",
    "clarification.withdrawn",
)
_OUTCOMES = frozenset({Outcome.TAKE_DOWN, Outcome.PUBLISH_REDACTED})


@dataclass(frozen=True)
class TakenDown:
    """One text that is in a sealed package and must not be read any more."""

    at: datetime
    clause: str


def taken_down_since(package: ArchivePackage) -> list[TakenDown]:
    """What was taken down, hidden or destroyed after sealing, oldest first; one query.

    While this is not empty the package is not given to the public.
    """
    events = LedgerEvent.objects.filter(
        Q(sequence__isnull=True) | Q(sequence__gt=package.ledger_sequence),
        consultation_id=package.consultation_id,
        kind__in=_TAKES_AWAY,
    ).order_by("id")
    return [
        TakenDown(event.at, event.data.get("clause", ""))
        for event in events
        if event.data.get("published", True)
    ]


def purge_downloads(participation, decision=None, **kwargs) -> None:
    """Take kept copies of a sealed package out of the front-end cache.

    ``decision`` is ``None`` where the content was destroyed.
    """
    if decision is not None and decision.outcome not in _OUTCOMES:
        return
    _purge_of(participation.consultation)


def purge_after_withdrawal(clarification, **kwargs) -> None:
    """The same for a clarification that was withdrawn."""
    _purge_of(clarification.consultation)


def _purge_of(consultation) -> None:
    if not getattr(settings, "WAGTAILFRONTENDCACHE", None):
        return
    if ArchivePackage.objects.filter(consultation=consultation).exists():
        transaction.on_commit(lambda: _purge(consultation))


def _purge(consultation) -> None:
    from wagtail.contrib.frontend_cache.utils import PurgeBatch

    batch = PurgeBatch()
    for page in consultation.pages.filter(live=True):
        batch.add_url(f"{page.get_full_url()}archive/package/")
        batch.add_url(f"{page.get_full_url()}report/")
    batch.purge()
