"""Freezing the numbers of a consultation: exact, once a closing, checkable."""

import hashlib
import json
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, Max

from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.models import Snapshot
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.windows import hold_exclusive
from wagtail_eparticipation.ledger.chain import chain, head_of
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.models import COUNTED, Participation, State

#: States of what never came in, or not in time: not yet admitted to the register.
NOT_ADMITTED = frozenset({State.LATE, State.QUARANTINED, State.UNCONFIRMED})

Kind = Snapshot.Kind


class TooEarly(ValueError):
    """A snapshot of the closing was asked for while the period still runs."""


def count(consultation: Consultation) -> dict:
    """The register's numbers now, as :class:`Snapshot` keeps them.

    One grouped query, so that all figures are of one instant and reconcile.
    """
    dimensions = ("state", "channel", "language", "tool", "capacity")
    # A mark beside the dimensions, each of which sums up to all that counts.
    mark = "within_grace"
    groups = (
        Participation.objects.filter(consultation=consultation)
        .order_by()
        .values(*dimensions, mark)
        .annotate(n=Count("pk"))
    )
    counts: dict = {name: {} for name in dimensions}
    counts["rows"] = counts["counted"] = counts[mark] = 0
    for group in groups:
        n, counted = group["n"], group["state"] in COUNTED
        counts["rows"] += n
        counts["counted"] += n if counted else 0
        counts[mark] += n if counted and group[mark] else 0
        for name in dimensions:
            if counted or name == "state":
                key = group[name]
                counts[name][key] = counts[name].get(key, 0) + n
    return counts


def admitted(counts: dict) -> int:
    """How many rows of the register had been admitted, whatever became of them."""
    outside = sum(counts["state"].get(state, 0) for state in NOT_ADMITTED)
    return counts["rows"] - outside


def checksum(snapshot: Snapshot) -> str:
    """SHA-256 of the snapshot's canonical JSON, as 64 hexadecimal digits."""
    content = {
        "consultation": snapshot.consultation_id,
        "number": snapshot.number,
        "kind": snapshot.kind,
        "closed_at": _instant(snapshot.closed_at),
        "taken_at": _instant(snapshot.taken_at),
        "counts": snapshot.counts,
        "counted": snapshot.counted,
        "last_participation": snapshot.last_participation_id,
        "ledger": [snapshot.ledger_sequence, snapshot.ledger_hash],
    }
    canonical = json.dumps(
        content,
        cls=DjangoJSONEncoder,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _instant(value: datetime | None) -> str:
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def is_intact(snapshot: Snapshot) -> bool:
    """Whether the stored snapshot still says what it said when it was taken."""
    return snapshot.checksum == checksum(snapshot)


@transaction.atomic
def take(
    consultation: Consultation, kind: str, *, now: datetime | None = None, actor=None
) -> Snapshot:
    """Freeze the numbers of ``consultation`` (R-5.4.1a, AC-S4-A1).

    Holds the collection window alone, so no submit is in flight, then reads the
    database's clock and lets the ledger's chain catch up. A closing has one
    snapshot: asking again returns it. Raises :class:`TooEarly` for a closing while
    the period runs.
    """
    window = hold_exclusive(consultation)
    now = now or clock.database_now()
    closed_at = None
    if kind == Kind.CLOSING:
        if window is None or (window.accepting and now < window.closes_at):
            raise TooEarly(f"{consultation.reference} has not closed yet")
        closed_at = window.closes_at
        existing = consultation.snapshots.filter(closed_at=closed_at).first()
        if existing is not None:
            return existing
    chain(consultation)
    sequence, head_hash = head_of(consultation)
    counts = count(consultation)
    latest = consultation.snapshots.aggregate(last=Max("number"))["last"] or 0
    snapshot = Snapshot(
        consultation=consultation,
        number=latest + 1,
        kind=kind,
        closed_at=closed_at,
        taken_at=now,
        counts=counts,
        counted=counts["counted"],
        last_participation_id=_last_participation(consultation),
        ledger_sequence=sequence,
        ledger_hash=head_hash,
    )
    snapshot.checksum = checksum(snapshot)
    snapshot.save()
    record(
        consultation,
        "snapshot_taken",
        actor=actor,
        at=now,
        data={
            "number": snapshot.number,
            "kind": str(kind),
            "counted": snapshot.counted,
            "checksum": snapshot.checksum,
        },
    )
    return snapshot


def _last_participation(consultation: Consultation) -> int | None:
    return Participation.objects.filter(consultation=consultation).aggregate(
        last=Max("pk")
    )["last"]


def latest(consultation: Consultation) -> Snapshot | None:
    """The last snapshot of any kind."""
    return consultation.snapshots.order_by("-number").first()


def closing_of(consultation: Consultation) -> Snapshot | None:
    """The snapshot of the closing in force; ``None`` before, or after reopening."""
    window = getattr(consultation, "window", None)
    if window is None:
        return None
    return consultation.snapshots.filter(closed_at=window.closes_at).first()


def catch_up(consultation: Consultation) -> Snapshot | None:
    """Freeze what ought to be frozen by now; safe to call at any time.

    The closing once the period is over, and an addendum once something was admitted
    after it (AC-S4-A1). The periodic job and every view of the analysis call this, so
    no scheduled job is needed for the numbers to be right. Returns the last snapshot,
    ``None`` while the period runs.
    """
    window = getattr(consultation, "window", None)
    if window is None or (window.accepting and clock.now() < window.closes_at):
        return None
    if closing_of(consultation) is None:
        try:
            return take(consultation, Kind.CLOSING)
        except TooEarly:
            return None
    last = latest(consultation)
    if admitted(count(consultation)) != admitted(last.counts):
        return _add(consultation)
    return last


@transaction.atomic
def _add(consultation: Consultation) -> Snapshot:
    hold_exclusive(consultation)
    last = latest(consultation)
    if admitted(count(consultation)) == admitted(last.counts):
        return last
    return take(consultation, Kind.ADDENDUM)


def freeze_due() -> list[str]:
    """Freeze for every topic under analysis what is due; returns what, in words.

    Called by the periodic job; the views of the analysis do the same for theirs.
    """
    done = []
    for consultation in Consultation.objects.at_stage(Stage.ANALYSING).select_related(
        "window"
    ):
        before = latest(consultation)
        after = catch_up(consultation)
        if after is not None and after != before:
            done.append(f"{consultation.reference} frozen {after.number}")
    return done
