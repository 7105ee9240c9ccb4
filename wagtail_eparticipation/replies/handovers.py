"""Handing complaints over: begun with the complaint itself, tried until it is done.

A complaint and its handover are one transaction. The service is asked outside of any
transaction, after one worker has claimed the row; the answer is written with the row
held. Whatever happens in between, the row is still there and is tried again (R-4.1e).
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django_tasks import task
from django_tasks.backends.immediate import ImmediateBackend

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    Person,
    person_with_consent,
)
from wagtail_eparticipation.participations.models import State as Stands
from wagtail_eparticipation.replies.complaint_services import (
    Complaint,
    NoService,
    ServiceRefused,
    Taken,
    configured,
)
from wagtail_eparticipation.replies.models import Handover

logger = logging.getLogger(__name__)

State = Handover.State

#: Tried so often, each time after twice the pause: about four days in all.
ATTEMPTS = 20
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
#: A claim older than this belongs to a worker that died.
STALE = timedelta(minutes=10)


class NothingToRetry(ValueError):
    """The handover has not failed."""


def begin(participation, *, now: datetime) -> Handover:
    """Note that a complaint is to be handed over, in the present transaction.

    A service that needs no time is asked at once, so that the receipt, which is shown
    next, says where the complaint goes.
    """
    handover, created = Handover.objects.get_or_create(
        participation=participation, defaults={"created_at": now, "due_at": now}
    )
    if not created:
        return handover
    try:
        path, service = configured()
    except NoService:
        return handover
    if service.at_once:
        taken = service.hand_over(_complaint(handover, consent=False))
        return _settle(handover.pk, path, taken, now, contact=False) or handover
    transaction.on_commit(lambda: _soon(handover.pk, service.slow), robust=True)
    return handover


def _soon(pk: int, slow: bool) -> None:
    if slow and isinstance(hand_over.get_backend(), ImmediateBackend):
        # No worker: the periodic job does it, not the reporter's own request.
        return
    hand_over.enqueue(pk)


@task()
def hand_over(pk: int) -> None:
    """Try one handover; one that is done, claimed or not due is passed over."""
    attempt(pk, clock.now())


def due(now: datetime, limit: int = 200) -> list[int]:
    """Handovers that can be tried now, the longest waiting first."""
    rows = Handover.objects.filter(_free(now), state=State.WAITING, due_at__lte=now)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def _free(now: datetime) -> Q:
    return Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - STALE)


def attempt(pk: int, now: datetime) -> str:
    """Ask the service once; returns the state that the handover has then."""
    try:
        path, service = configured()
    except NoService:
        return State.WAITING
    claimed = Handover.objects.filter(
        _free(now), pk=pk, state=State.WAITING, due_at__lte=now
    ).update(claimed_at=now, attempts=F("attempts") + 1)
    if not claimed:
        return Handover.objects.values_list("state", flat=True).get(pk=pk)
    handover = Handover.objects.select_related("participation__consultation").get(pk=pk)
    if handover.participation.state != Stands.REROUTED:
        return _postpone(handover, "NotAComplaint", now, for_good=True)
    complaint = _complaint(handover)
    try:
        taken = service.hand_over(complaint)
    except ServiceRefused as error:
        return _postpone(handover, _name_of(error), now, for_good=True)
    # A service of the site's own may fail in any way; the complaint must outlive it.
    except Exception as error:  # noqa: BLE001
        return _postpone(handover, _name_of(error), now)
    _settle(pk, path, taken, now, contact=complaint.contact is not None)
    return State.HANDED


def _name_of(error: Exception) -> str:
    """The kind of a failure; only our own errors carry words, and those are codes."""
    own = error.__class__.__module__.startswith("wagtail_eparticipation.")
    return (str(error) if own and str(error) else type(error).__name__)[:80]


@transaction.atomic
def _settle(
    pk: int, path: str, taken: Taken, now: datetime, *, contact: bool
) -> Handover | None:
    held = Handover.objects.select_for_update().get(pk=pk)
    if held.state == State.HANDED:
        return None
    held.state, held.adapter, held.error = State.HANDED, path[:200], ""
    held.reference, held.address = taken.reference[:120], taken.address[:500]
    held.handed_at, held.claimed_at = now, None
    held.save()
    participation = held.participation
    record(
        participation.consultation,
        "complaint.handed",
        at=now,
        data={
            "participation": str(participation.public_id),
            "handover": str(held.public_id),
            "contact": contact,
        },
    )
    signals.complaint_handed.send(
        sender=Handover, participation=participation, handover=held, now=now
    )
    return held


def _postpone(
    handover: Handover, error: str, now: datetime, *, for_good: bool = False
) -> str:
    failed = for_good or handover.attempts >= ATTEMPTS
    state = State.FAILED if failed else State.WAITING
    with transaction.atomic():
        moved = Handover.objects.filter(pk=handover.pk, state=State.WAITING).update(
            state=state,
            error=error,
            claimed_at=None,
            due_at=now + pause_after(handover.attempts),
        )
        if moved and failed:
            _note(handover, "complaint.failed", None, now)
    logger.warning("Handover %s: %s (%s)", handover.public_id, state, error)
    return state


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)


@transaction.atomic
def retry(handover: Handover, *, actor) -> Handover:
    """Let a failed handover be tried again, from the first pause on."""
    consultation = handover.participation.consultation
    access.require(actor, "moderate", consultation)
    now = clock.database_now()
    held = Handover.objects.select_for_update().get(pk=handover.pk)
    if held.state != State.FAILED:
        raise NothingToRetry
    held.state, held.attempts, held.due_at = State.WAITING, 0, now
    held.save(update_fields=["state", "attempts", "due_at"])
    _note(held, "complaint.retried", actor, now)
    transaction.on_commit(lambda: _soon(held.pk, slow=True), robust=True)
    return held


def _note(handover: Handover, kind: str, actor, now: datetime) -> None:
    record(
        handover.participation.consultation,
        kind,
        actor=actor,
        at=now,
        data={
            "participation": str(handover.participation.public_id),
            "handover": str(handover.public_id),
        },
    )


def _complaint(handover: Handover, *, consent: bool = True) -> Complaint:
    """What the service is given: releasable words, and who wrote only by consent."""
    participation = handover.participation
    consultation = participation.consultation
    return Complaint(
        key=str(handover.public_id),
        number=participation.number,
        topic=pick(consultation.titles, participation.language),
        topic_reference=consultation.reference,
        language=participation.language,
        title=participation.releasable_title,
        text=participation.releasable_text,
        place=participation.data.get("place", ""),
        made_at=participation.made_at,
        contact=_contact(participation) if consent else None,
    )


def _contact(participation) -> Person | None:
    if not participation.data.get("share_contact"):
        return None
    try:
        return person_with_consent(participation)
    except IdentityUnreadable:
        return None
