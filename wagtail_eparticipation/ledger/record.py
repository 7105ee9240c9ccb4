"""Writing to the ledger: one insert in the transaction of the act itself."""

import secrets
from datetime import datetime
from typing import Any

from wagtail_eparticipation import clock
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.ledger.seal import seal_of_event

#: Keys under which an event names single participations.
ABOUT_PARTICIPATIONS = frozenset({"participation", "participations"})


def is_about_participations(event: LedgerEvent) -> bool:
    """Whether the event belongs to single participations, not to the topic.

    Such events stay in the database: outside it only their hashes are shown, for
    their instants would tell who did what when (AC-S5-B5).
    """
    return not ABOUT_PARTICIPATIONS.isdisjoint(event.data)


def record(
    consultation,
    kind: str,
    *,
    actor=None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> LedgerEvent:
    """Note that ``kind`` happened to ``consultation`` (R-5.0e, R-2.1b).

    ``actor`` is a user, or ``None`` for the public and the system. ``data`` holds
    ids, codes, instants and official texts, never a participant's words or name.
    Call it inside the transaction that does the thing. What names participations gets
    a salt, so that nobody finds its content by guessing at its published hash.
    """
    event = _event(consultation, kind, actor, data or {}, at or clock.database_now())
    event.save(force_insert=True)
    return event


def record_many(consultation, kind: str, contents, *, actor, at: datetime) -> None:
    """The same for many things of one kind that happened at one instant."""
    events = [_event(consultation, kind, actor, data, at) for data in contents]
    LedgerEvent.objects.bulk_create(events)


def _event(consultation, kind: str, actor, data, at: datetime) -> LedgerEvent:
    content = dict(data)
    if not ABOUT_PARTICIPATIONS.isdisjoint(content):
        content["salt"] = secrets.token_hex(16)
    if clock.is_rehearsal():
        content["rehearsal"] = True
    by = f"user:{actor.pk}" if getattr(actor, "pk", None) else ""
    return LedgerEvent(
        consultation=consultation,
        kind=kind,
        at=at,
        actor=by,
        data=content,
        seal=seal_of_event(consultation.pk, kind, at, by, content),
    )
