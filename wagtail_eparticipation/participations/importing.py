"""Voices from other channels, row by row through the same door (S3-I, R-3.1a).

What cannot be taken in is listed with its row and stops nothing; what was imported
before is not imported again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.article_names import ArticleNames
from wagtail_eparticipation.participations.batches import ERRORS_KEPT
from wagtail_eparticipation.participations.door_many import submit_many
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Participation,
    Publication,
)

CHUNK = 500

#: Choices that an import may make: names and accounts are never shown (AC-S3-I3).
PUBLICATIONS = [
    pair for pair in Publication.choices if pair[0] != Publication.WITH_NAME
]


@dataclass(frozen=True)
class ImportRow:
    """One voice of another channel.

    ``source_id`` is its id or permalink there; of it only a keyed hash is kept for
    recognising it again. Without one, ``place`` names the row in its file for the
    same purpose. ``article`` is the number of an article of the draft, as people write
    it, or its id. ``name``, ``email`` and ``source_id`` go to the sealed identity and
    are never shown (AC-S3-I3). ``error`` is set by who read the file and found the
    row unusable; ``number`` is the row as a spreadsheet counts it.
    """

    text: str = ""
    made_at: datetime | None = None
    source_id: str = ""
    place: str = ""
    name: str = ""
    email: str = ""
    language: str = "ar"
    title: str = ""
    article: str = ""
    capacity: str = ""
    evidence: str = ""
    consent: str = Consent.NONE
    publication: str = Publication.WITHOUT_NAME
    number: int = 0
    error: str = ""


@dataclass
class ImportReport:
    """What became of the rows; ``errors`` are pairs of row number and message.

    The first thousand messages are kept; ``failed`` counts all.
    """

    batch: str
    imported: int = 0
    late: int = 0
    repeated: int = 0
    failed: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.imported + self.late + self.repeated + self.failed

    def refuse(self, number: int, message: str) -> None:
        """Count a row that was not imported, and say why."""
        self.failed += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append((number, message))


class _Rehearsed(Exception):
    """Ends a transaction whose rows were only tried."""


def import_rows(
    consultation,
    rows: Iterable[ImportRow],
    *,
    channel: str,
    actor,
    batch: str,
    tool: str = "comment",
    dry_run: bool = False,
    progress=lambda report: None,
) -> ImportReport:
    """Feed rows to the door, in transactions of :data:`CHUNK` rows.

    With ``dry_run`` everything is tried and nothing kept. ``progress(report)`` is
    called after each chunk. Needs the duty 'moderate'. Raises ``ValueError`` for the
    portal, whose voices nobody may enter on somebody's behalf.
    """
    access.require(actor, "moderate", consultation)
    if channel == Channel.PORTAL:
        raise ValueError("Participations of the portal cannot be imported.")
    door.must_be_named(consultation, channel)
    report = ImportReport(batch)
    seen: set[str] | None = set() if dry_run else None
    chunk: list[tuple[int, door.Submission]] = []
    known = ArticleNames(consultation)
    for number, row in enumerate(rows, 1):
        error = row.error or known.error(row.article)
        if error:
            report.refuse(row.number or number, error)
            continue
        row = replace(row, article=known.key(row.article))
        submission = _submission(row, row.number or number, batch, channel, tool)
        if seen is not None:
            key = door.source_key(submission)
            if key in seen:
                report.repeated += 1
                continue
            seen.add(key)
        chunk.append((row.number or number, submission))
        if len(chunk) == CHUNK:
            _take(consultation, chunk, report, actor, dry_run)
            progress(report)
            chunk = []
    _take(consultation, chunk, report, actor, dry_run)
    report.errors.sort()
    progress(report)
    if not dry_run:
        _finish(consultation, report, channel, actor)
    return report


def _take(consultation, chunk, report: ImportReport, actor, dry_run: bool) -> None:
    if not chunk:
        return
    submissions = [submission for _number, submission in chunk]
    taken = []
    try:
        with transaction.atomic():
            taken = submit_many(consultation, submissions, actor=actor)
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    for (number, _submission), each in zip(chunk, taken, strict=True):
        if each.error:
            report.refuse(number, each.error)
        elif each.repeated:
            report.repeated += 1
        elif each.late:
            report.late += 1
        else:
            report.imported += 1


def _finish(consultation, report: ImportReport, channel: str, actor) -> None:
    now = clock.database_now()
    with transaction.atomic():
        record(
            consultation,
            "import.finished",
            actor=actor,
            at=now,
            data={
                "batch": report.batch,
                "channel": channel,
                "imported": report.imported,
                "late": report.late,
                "repeated": report.repeated,
                "errors": report.failed,
            },
        )
        signals.import_finished.send(
            sender=Participation, consultation=consultation, batch=report.batch, now=now
        )


def _submission(row: ImportRow, number: int, batch: str, channel: str, tool: str):
    if row.publication == Publication.WITH_NAME:
        raise ValueError("Names of imported voices are never shown.")
    return door.Submission(
        tool=tool,
        channel=channel,
        language=row.language,
        text=row.text,
        title=row.title,
        article=row.article,
        publication=row.publication,
        capacity=row.capacity,
        person=Person(
            name=row.name, email=row.email, source=row.source_id, wants_news=False
        ),
        consent=row.consent,
        made_at=row.made_at,
        source_id=row.source_id or row.place or f"{batch}:{number}",
        evidence=row.evidence,
        batch=batch,
    )


def of_batch(consultation, batch: str):
    """The register's rows of one import."""
    return Participation.objects.filter(consultation=consultation, batch=batch)
