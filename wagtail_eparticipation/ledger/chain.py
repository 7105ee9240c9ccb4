"""Numbering and hashing the events of one consultation, in batches.

Chaining holds the ledger head's row only. Submits insert unchained rows and never
touch the head, so the last-minute peak is not serialised (spec, Part C.1).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from wagtail_eparticipation.ledger.models import LedgerEvent, LedgerHead
from wagtail_eparticipation.ledger.seal import (
    is_sealed_event,
    is_sealed_head,
    seal_of_head,
)

BATCH = 500


@dataclass(frozen=True)
class Problem:
    """What is wrong at which place of the chain."""

    sequence: int | None
    message: str

    def __str__(self):
        place = "head" if self.sequence is None else f"event {self.sequence}"
        return f"{place}: {self.message}"


def canonical(event: LedgerEvent, sequence: int, previous_hash: str) -> bytes:
    """The exact bytes whose SHA-256 is the event's hash."""
    content = {
        "consultation": event.consultation_id,
        "sequence": sequence,
        "kind": event.kind,
        "at": event.at.isoformat(timespec="microseconds"),
        "actor": event.actor,
        "data": event.data,
        "previous": previous_hash,
    }
    return json.dumps(
        content,
        cls=DjangoJSONEncoder,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def event_hash(event: LedgerEvent, sequence: int, previous_hash: str) -> str:
    """SHA-256 over :func:`canonical`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(event, sequence, previous_hash)).hexdigest()


def chain(consultation) -> int:
    """Chain what is still unchained; returns how many events were added.

    Safe to call at any time and from several workers at once.
    """
    total = 0
    while True:
        added = _chain_batch(consultation)
        total += added
        if added < BATCH:
            return total


@transaction.atomic
def _chain_batch(consultation) -> int:
    LedgerHead.objects.get_or_create(consultation=consultation)
    head = LedgerHead.objects.select_for_update().get(consultation=consultation)
    if (head.sequence or head.seal) and not is_sealed_head(head):
        # A head that was set back gets no new seal: verification tells of it.
        return 0
    rows = list(
        LedgerEvent.objects.filter(
            consultation=consultation, sequence__isnull=True
        ).order_by("id")[:BATCH]
    )
    for row in rows:
        row.previous_hash = head.hash
        row.sequence = head.sequence + 1
        row.hash = event_hash(row, row.sequence, row.previous_hash)
        head.sequence, head.hash = row.sequence, row.hash
    if rows:
        models.QuerySet(LedgerEvent).bulk_update(
            rows, ["sequence", "previous_hash", "hash"], batch_size=BATCH
        )
        head.seal = seal_of_head(head.consultation_id, head.sequence, head.hash)
        head.save(update_fields=["sequence", "hash", "seal"])
    return len(rows)


def head_of(consultation) -> tuple[int, str]:
    """Sequence and hash of the last chained event; ``(0, "")`` when none."""
    head = LedgerHead.objects.filter(consultation=consultation).first()
    return (head.sequence, head.hash) if head else (0, "")


def verify(consultation) -> list[Problem]:
    """Every changed, missing or surplus event, in order; nothing is written.

    Empty means that each event says what it said when this site wrote it, whether it
    is chained yet or not, and that none was taken out, at the end neither.
    """
    problems = []
    expected, previous = 1, ""
    events = LedgerEvent.objects.filter(
        consultation=consultation, sequence__isnull=False
    ).order_by("sequence")
    for event in events.iterator(chunk_size=2000):
        if event.sequence != expected:
            gap = (
                f"{expected}"
                if event.sequence == expected + 1
                else f"{expected} to {event.sequence - 1}"
            )
            problems.append(Problem(expected, f"missing from the chain: {gap}"))
        elif event.previous_hash != previous:
            problems.append(
                Problem(event.sequence, "does not follow the event before it")
            )
        if event_hash(event, event.sequence, event.previous_hash) != event.hash:
            problems.append(
                Problem(event.sequence, f"was changed after chaining ({event.kind})")
            )
        elif not is_sealed_event(event):
            problems.append(
                Problem(event.sequence, f"was not written by this site ({event.kind})")
            )
        expected, previous = event.sequence + 1, event.hash
    return [
        *problems,
        *_problems_of_end(consultation, expected - 1, previous),
        *_problems_of_unchained(consultation, expected - 1),
    ]


def _problems_of_end(consultation, last: int, last_hash: str) -> Iterator[Problem]:
    """Whether the chain ends where its head says, and the head is this site's."""
    head = LedgerHead.objects.filter(consultation=consultation).first()
    if head is None:
        if last:
            yield Problem(None, f"is missing; the chain ends at {last}")
        return
    if head.sequence > last:
        gone = f"{last + 1}"
        if head.sequence > last + 1:
            gone += f" to {head.sequence}"
        yield Problem(last + 1, f"missing from the end of the chain: {gone}")
    elif (head.sequence, head.hash) != (last, last_hash):
        yield Problem(None, f"says {head.sequence}, the chain ends at {last}")
    if head.sequence and not is_sealed_head(head):
        yield Problem(None, "was not written by this site")


def _problems_of_unchained(consultation, last: int) -> Iterator[Problem]:
    """What waits for its number must be this site's too; something must be there."""
    waiting = LedgerEvent.objects.filter(
        consultation=consultation, sequence__isnull=True
    ).order_by("id")
    found = 0
    for event in waiting.iterator(chunk_size=2000):
        found += 1
        if not is_sealed_event(event):
            yield Problem(
                last + found, f"waits for its number and was changed ({event.kind})"
            )
    if not (last or found):
        yield Problem(1, "missing: every topic begins with an event")
