"""Writing to the ledger: one insert in the transaction of the act itself."""

from datetime import datetime
from typing import Any

from wagtail_eparticipation import clock
from wagtail_eparticipation.ledger.models import LedgerEvent


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
    Call it inside the transaction that does the thing.
    """
    content = dict(data or {})
    if clock.is_rehearsal():
        content["rehearsal"] = True
    return LedgerEvent.objects.create(
        consultation=consultation,
        kind=kind,
        at=at or clock.database_now(),
        actor=f"user:{actor.pk}" if getattr(actor, "pk", None) else "",
        data=content,
    )
