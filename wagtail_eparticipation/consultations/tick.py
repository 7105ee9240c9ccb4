"""Writing down what the clock has done: idempotent, and right however late it runs.

Whether a topic is open follows from its dates at every request; this job only notes
the change in the ledger, tells the other rooms, chains the ledgers and lets requests
lapse that cannot be carried out any more (R-5.0d).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.models import (
    Act,
    CollectionWindow,
    Consultation,
)
from wagtail_eparticipation.consultations.stages import Stage, Stored, is_allowed
from wagtail_eparticipation.consultations.windows import hold_exclusive
from wagtail_eparticipation.ledger.chain import chain
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.ledger.record import record


def tick(now: datetime | None = None) -> list[str]:
    """Note every opening and closing that is due; returns what was done, in words."""
    now = now or clock.database_now()
    done = []
    for pk in _due(now):
        done += note_transitions(pk, now)
    done += _lapse_requests(now)
    unchained = (
        LedgerEvent.objects.filter(sequence__isnull=True)
        .order_by()
        .values_list("consultation", flat=True)
        .distinct()
    )
    for consultation in Consultation.objects.filter(pk__in=list(unchained)):
        done.append(f"{consultation.reference} chained {chain(consultation)}")
    return done


def _due(now: datetime) -> list[int]:
    opening = Q(opens_at__lte=now) & (
        Q(noted_opening__isnull=True) | ~Q(noted_opening=F("opens_at"))
    )
    closing = Q(closes_at__lte=now) & (
        Q(noted_closing__isnull=True) | ~Q(noted_closing=F("closes_at"))
    )
    return list(
        CollectionWindow.objects.filter(
            opening | closing, consultation__stored_stage=Stored.PUBLISHED
        ).values_list("pk", flat=True)
    )


@transaction.atomic
def note_transitions(pk: int, now: datetime) -> list[str]:
    """Note the opening and closing of one consultation, each once a date."""
    consultation = Consultation.objects.select_for_update().get(pk=pk)
    window = hold_exclusive(consultation)
    if window is None or consultation.stored_stage != Stored.PUBLISHED:
        return []
    consultation.window = window
    done = []
    for kind, attribute, instant, before, after in (
        (
            "opened",
            "noted_opening",
            window.opens_at,
            Stage.FORTHCOMING,
            Stage.COLLECTING,
        ),
        (
            "closed",
            "noted_closing",
            window.closes_at,
            Stage.COLLECTING,
            Stage.ANALYSING,
        ),
    ):
        if now < instant or getattr(window, attribute) == instant:
            continue
        setattr(window, attribute, instant)
        window.save(update_fields=[attribute])
        record(consultation, f"stage.{kind}", at=now, data={"due": instant})
        signals.stage_changed.send(
            sender=Consultation,
            consultation=consultation,
            stage_from=before,
            stage_to=after,
            now=now,
        )
        done.append(f"{consultation.reference} {kind}")
    return done


def _lapse_requests(now: datetime) -> list[str]:
    done = []
    waiting = Act.objects.filter(state=Act.State.REQUESTED)
    for act in waiting.select_related("consultation__window"):
        if is_allowed(act.name, act.consultation.stage(now)):
            continue
        with transaction.atomic():
            changed = Act.objects.filter(pk=act.pk, state=Act.State.REQUESTED).update(
                state=Act.State.LAPSED, done_at=now
            )
            if changed:
                data = {"act": act.pk, "name": act.name}
                record(act.consultation, "act_lapsed", at=now, data=data)
                done.append(f"{act.consultation.reference} lapsed {act.name}")
    return done
