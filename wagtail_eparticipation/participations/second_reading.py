"""A second person reads a sample of what a clerk typed (AC-S3-I6).

Of each typed import one row in ten, at least ten, is drawn once. The reader sees the
row beside its evidence and confirms or corrects it; the share that differed is the
import's rate of error.
"""

import hashlib
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.amending import Changes
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.correcting import correct
from wagtail_eparticipation.participations.models import (
    TAKEN_BACK,
    Participation,
)
from wagtail_eparticipation.participations.samples import SampleReading

#: The part of a batch that is read again, and the least number of rows.
ONE_IN = 10
AT_LEAST = 10
#: Once a decision is recorded its basis does not change any more.
READING_STAGES = frozenset({Stage.COLLECTING, Stage.ANALYSING})

_AT_ONCE = 500

Result = SampleReading.Result


class CannotRead(ValueError):
    """Nothing was recorded; the message says why."""


@dataclass(frozen=True)
class Reading:
    """How far the second reading of a batch, or of a topic, has come."""

    drawn: int = 0
    read: int = 0
    corrected: int = 0

    @property
    def open(self) -> int:
        """How many rows still wait for a reader."""
        return self.drawn - self.read

    @property
    def rate(self) -> float | None:
        """Share of the rows read that differed, in per cent; ``None`` before any."""
        return 100 * self.corrected / self.read if self.read else None

    def __add__(self, other: "Reading") -> "Reading":
        return Reading(
            self.drawn + other.drawn,
            self.read + other.read,
            self.corrected + other.corrected,
        )


def size_of_sample(rows: int) -> int:
    """How many of so many rows are read again: a tenth, rounded up, at least ten."""
    return min(rows, max(AT_LEAST, -(-rows // ONE_IN)))


def place_in_draw(batch: ImportBatch, public_id) -> str:
    """The lot of a row: whoever has the register can draw the same sample again.

    The file's digest was settled before the rows had their random ids, so nobody
    could choose which rows would be read.
    """
    lot = f"{batch.file_digest}:{batch.code}:{public_id}"
    return hashlib.sha256(lot.encode()).hexdigest()


def draw(batch: ImportBatch) -> int:
    """Draw the sample of a typed import, once; how many rows were drawn now."""
    if not batch.is_typed or batch.sample.exists():
        return 0
    rows = Participation.objects.filter(
        consultation=batch.consultation, batch=batch.code
    ).exclude(state__in=TAKEN_BACK)
    lots = (
        (place_in_draw(batch, public_id), pk)
        for pk, public_id in rows.values_list("pk", "public_id").iterator()
    )
    chosen = heapq.nsmallest(size_of_sample(rows.count()), lots)
    SampleReading.objects.bulk_create(
        [
            SampleReading(
                batch=batch, participation_id=pk, entered_by_id=batch.entered_by_id
            )
            for _lot, pk in chosen
        ],
        batch_size=_AT_ONCE,
    )
    return len(chosen)


def may_read(user, batch: ImportBatch) -> bool:
    """Whether ``user`` may be the second reader: a moderator who did not import it."""
    return user.pk != batch.entered_by_id and access.may(
        user, "moderate", batch.consultation
    )


def waiting(batch: ImportBatch):
    """The rows of a batch that a second person has still to read, in order."""
    if batch.state != ImportBatch.State.IMPORTED:
        return SampleReading.objects.none()
    return (
        batch.sample.filter(result="")
        .exclude(participation__state__in=TAKEN_BACK)
        .select_related("participation")
        .order_by("id")
    )


def confirm(reading: SampleReading, *, actor) -> SampleReading:
    """Note that a row says what the paper says."""
    return _finish(reading, actor, None, None)


def correct_row(
    reading: SampleReading, changes: Changes, *, made_at: datetime, actor
) -> SampleReading:
    """Put right what differs from the paper; the earlier wording is kept.

    With nothing changed this is the same as :func:`confirm`.
    """
    return _finish(reading, actor, changes, made_at)


@transaction.atomic
def _finish(reading: SampleReading, actor, changes, made_at) -> SampleReading:
    batch = reading.batch
    consultation = batch.consultation
    access.require(actor, "moderate", consultation)
    if not may_read(actor, batch):
        raise PermissionDenied(_("Whoever imported a row does not read it again."))
    window = hold_shared(consultation)
    now = clock.database_now()
    if consultation.stage(now) not in READING_STAGES:
        raise CannotRead(_("The analysis is finished; nothing is corrected any more."))
    row = Participation.objects.select_for_update().get(pk=reading.participation_id)
    row.consultation = consultation
    held = SampleReading.objects.select_for_update().get(pk=reading.pk)
    if held.result:
        raise CannotRead(_("Somebody else has read this row meanwhile."))
    if row.state in TAKEN_BACK:
        raise CannotRead(_("This row was taken back meanwhile."))
    changed: Iterable[str] = ()
    if changes is not None:
        changed = correct(
            row, changes, made_at=made_at, window=window, now=now, actor=actor
        )
    held.result = Result.CORRECTED if changed else Result.SAME
    held.read_by, held.read_at = actor, now
    held.save(update_fields=["result", "read_by", "read_at"])
    record(
        consultation,
        "import.row_read",
        actor=actor,
        at=now,
        data={
            "batch": batch.code,
            "participation": str(row.public_id),
            "result": str(held.result),
            "fields": sorted(changed),
        },
    )
    return held


def readings_of(consultation) -> dict[int, Reading]:
    """How far each batch in the register is read, by the batch's id; one query."""
    rows = (
        SampleReading.objects.filter(
            batch__consultation=consultation,
            batch__state=ImportBatch.State.IMPORTED,
        )
        .exclude(result="", participation__state__in=TAKEN_BACK)
        .order_by()
        .values("batch")
        .annotate(
            drawn=Count("pk"),
            read=Count("pk", filter=~Q(result="")),
            corrected=Count("pk", filter=Q(result=Result.CORRECTED)),
        )
    )
    return {
        row["batch"]: Reading(row["drawn"], row["read"], row["corrected"])
        for row in rows
    }


def total_of(readings: Iterable[Reading]) -> Reading:
    """The readings of several batches together."""
    return sum(readings, Reading())
