"""Voices from other channels, row by row through the same door (S3-I, R-3.1a).

First depth: rows that are already read. What cannot be taken in is listed with its
row and stops nothing; what was imported before is not imported again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Participation,
    Publication,
)

CHUNK = 200


@dataclass(frozen=True)
class ImportRow:
    """One voice of another channel.

    ``source_id`` is its id or permalink there; of it only a keyed hash is kept for
    recognising it again. ``handle`` and ``source_id`` go to the sealed identity and
    are never shown (AC-S3-I3).
    """

    text: str
    made_at: datetime
    source_id: str = ""
    handle: str = ""
    language: str = "ar"
    title: str = ""
    evidence: str = ""
    consent: str = Consent.NONE
    publication: str = Publication.WITHOUT_NAME


@dataclass
class ImportReport:
    """What became of the rows; ``errors`` are pairs of row number and message."""

    batch: str
    imported: int = 0
    late: int = 0
    repeated: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.imported + self.late + self.repeated + len(self.errors)


def import_rows(
    consultation,
    rows: Iterable[ImportRow],
    *,
    channel: str,
    actor,
    batch: str,
    tool: str = "comment",
) -> ImportReport:
    """Feed rows to the door, in transactions of :data:`CHUNK` rows.

    Needs the duty 'moderate'. Raises ``ValueError`` for the portal, whose voices
    nobody may enter on somebody's behalf.
    """
    access.require(actor, "moderate", consultation)
    if channel == Channel.PORTAL:
        raise ValueError("Participations of the portal cannot be imported.")
    report = ImportReport(batch)
    chunk: list[tuple[int, ImportRow]] = []
    for number, row in enumerate(rows, 1):
        chunk.append((number, row))
        if len(chunk) == CHUNK:
            _take(consultation, chunk, report, channel, actor, tool)
            chunk = []
    _take(consultation, chunk, report, channel, actor, tool)
    record(
        consultation,
        "import.finished",
        actor=actor,
        at=clock.database_now(),
        data={
            "batch": batch,
            "channel": channel,
            "imported": report.imported,
            "late": report.late,
            "repeated": report.repeated,
            "errors": len(report.errors),
        },
    )
    return report


def _take(consultation, chunk, report, channel, actor, tool) -> None:
    with transaction.atomic():
        for number, row in chunk:
            try:
                # A savepoint of its own: a bad row takes nothing with it.
                with transaction.atomic():
                    outcome = door.submit(
                        consultation,
                        _submission(row, report.batch, channel, tool),
                        actor=actor,
                    )
            except ValidationError as error:
                report.errors.append((number, " ".join(error.messages)))
                continue
            report.repeated += outcome.repeated
            report.late += outcome.late and not outcome.repeated
            report.imported += not (outcome.late or outcome.repeated)


def _submission(row: ImportRow, batch: str, channel: str, tool: str):
    return door.Submission(
        tool=tool,
        channel=channel,
        language=row.language,
        text=row.text,
        title=row.title,
        publication=row.publication,
        person=Person(name=row.handle, source=row.source_id, wants_news=False),
        consent=row.consent,
        made_at=row.made_at,
        source_id=row.source_id,
        evidence=row.evidence,
        batch=batch,
    )


def of_batch(consultation, batch: str):
    """The register's rows of one import."""
    return Participation.objects.filter(consultation=consultation, batch=batch)
