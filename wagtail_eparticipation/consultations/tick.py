"""Writing down what the clock has done: idempotent, and right however late it runs.

Whether a topic is open follows from its dates at every request; this job only notes
the change in the ledger, tells the other rooms, chains the ledgers and lets requests
lapse that cannot be carried out any more (R-5.0d).
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.models import (
    Act,
    CollectionWindow,
    Consultation,
)
from wagtail_eparticipation.consultations.noting import note_due
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.windows import hold_process
from wagtail_eparticipation.ledger.chain import chain
from wagtail_eparticipation.ledger.models import LedgerEvent

logger = logging.getLogger(__name__)


class TickFailed(RuntimeError):
    """Some topics could not be noted; all others were. The log has the causes."""


def tick(now: datetime | None = None) -> list[str]:
    """Note every opening and closing that is due; returns what was done, in words.

    Several may run at once: a topic that another one is at work on is left to it.
    One topic's fault does not stop the others; :class:`TickFailed` names it at the
    end.
    """
    now = now or clock.database_now()
    done, failed = [], []
    for consultation in due(now):
        try:
            done += _note(consultation, now)
        except Exception:
            logger.exception("Topic %s could not be noted", consultation.reference)
            failed.append(consultation.reference)
    for act in Act.objects.filter(state=Act.State.REQUESTED).order_by("pk"):
        if acts.lapse_if_impossible(act):
            done.append(f"{act.consultation.reference} lapsed {act.name}")
    done += _chain_all()
    if failed:
        raise TickFailed(", ".join(failed))
    return done


def due(now: datetime) -> list[Consultation]:
    """Topics with an opening or closing that nobody has written down yet."""
    opening = Q(opens_at__lte=now) & (
        Q(noted_opening__isnull=True) | ~Q(noted_opening=F("opens_at"))
    )
    closing = Q(closes_at__lte=now) & (
        Q(noted_closing__isnull=True) | ~Q(noted_closing=F("closes_at"))
    )
    windows = CollectionWindow.objects.filter(
        opening | closing, consultation__stored_stage=Stored.PUBLISHED
    )
    return list(Consultation.objects.filter(window__in=windows).order_by("pk"))


@transaction.atomic
def _note(consultation: Consultation, now: datetime) -> list[str]:
    held, _window = hold_process(consultation.pk, skip_locked=True)
    return note_due(held, now) if held else []


def _chain_all() -> list[str]:
    unchained = (
        LedgerEvent.objects.filter(sequence__isnull=True)
        .order_by()
        .values_list("consultation", flat=True)
        .distinct()
    )
    found = Consultation.objects.filter(pk__in=list(unchained)).order_by("pk")
    return [f"{each.reference} chained {chain(each)}" for each in found]
