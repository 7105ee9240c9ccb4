"""Voices from other channels, row by row through the same door (S3-I, R-3.1a).

What cannot be taken in is listed with its row and stops nothing; what was imported
before is not imported again.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import door, refusals, tools
from wagtail_eparticipation.participations.article_names import ArticleNames
from wagtail_eparticipation.participations.batches import ERRORS_KEPT
from wagtail_eparticipation.participations.deadlocks import retried
from wagtail_eparticipation.participations.door_many import other_words, submit_many
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Participation,
    Publication,
)
from wagtail_eparticipation.participations.rehearsing import Tried

CHUNK = 500

#: Clocks of other places may be a little fast.
_FAST = timedelta(minutes=5)

#: Choices that an import may make: names and accounts are never shown (AC-S3-I3).
PUBLICATIONS = [
    pair for pair in Publication.choices if pair[0] != Publication.WITH_NAME
]


@dataclass(frozen=True)
class ImportRow:
    """One voice of another channel.

    ``source_id`` is its id or permalink there; of it only a keyed hash is kept for
    recognising it again. Without one, ``place`` does: what the row says, and which of
    the rows it is that say the same. ``article`` is the number of an article of the
    draft, as people write it, or its id. ``name``, ``email`` and ``source_id`` go to
    the sealed identity and are never shown (AC-S3-I3). ``error`` is set by who read the
    file and found the row unusable; ``number`` is the row as a spreadsheet counts it.
    ``likes`` and ``shares`` are reach, never participations (R-4.1f). ``entry`` is what
    a tool with columns of its own has read.
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
    likes: int = 0
    shares: int = 0
    entry: tools.Entry | None = None
    number: int = 0
    error: str = ""


@dataclass
class ImportReport:
    """What became of the rows; ``errors`` are pairs of row number and message.

    The first thousand messages are kept; ``failed`` counts all. ``likes`` and
    ``shares`` are the reach of the rows that came in now. ``reached`` is the last row
    of which something became.
    """

    batch: str
    imported: int = 0
    late: int = 0
    repeated: int = 0
    failed: int = 0
    likes: int = 0
    shares: int = 0
    reached: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def __copy__(self):
        return replace(self, errors=list(self.errors))

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.imported + self.late + self.repeated + self.failed

    def refuse(self, number: int, message: str) -> None:
        """Count a row that was not imported, and say why."""
        self.failed += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append((number, message))


class Course:
    """Told how far an import came, in the transaction of the rows themselves.

    Whoever keeps the figures there has them right, whenever the import ends.
    """

    def step(self, report: ImportReport) -> None:
        """A chunk of rows came in; raise to have it taken back."""

    def end(self, report: ImportReport) -> None:
        """Every row has come in; raise to leave the import unfinished."""


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
    subject: str = "",
    dry_run: bool = False,
    progress=lambda report: None,
    course: Course | None = None,
    report: ImportReport | None = None,
) -> ImportReport:
    """Feed rows to the door, in transactions of :data:`CHUNK` rows.

    With ``dry_run`` everything is tried and nothing kept. ``progress(report)`` is
    called after each chunk. With the ``report`` of an import that did not come to its
    end, the same rows are gone on with behind those that it reached. Needs the duty
    'moderate'. Raises ``ValueError`` for the portal, whose voices nobody may enter on
    somebody's behalf.
    """
    access.require(actor, "moderate", consultation)
    if channel == Channel.PORTAL:
        raise ValueError("Participations of the portal cannot be imported.")
    refusals.must_be_named(consultation, channel)
    report = ImportReport(batch) if report is None else copy(report)
    course = course or Course()
    importer = tools.get(tool).importer
    begun_behind = report.reached

    tried = Tried() if dry_run else None

    def take(chunk) -> ImportReport:
        return _take(
            consultation, chunk, report, course, actor, tried, importer, subject
        )

    known, latest = ArticleNames(consultation), clock.database_now() + _FAST
    chunk: list[tuple[int, ImportRow, door.Submission]] = []
    for place, row in enumerate(rows, 1):
        number = row.number or place
        if number <= begun_behind:
            continue
        report.reached = number
        error = row.error or known.error(row.article) or _of_the_future(row, latest)
        if error:
            report.refuse(number, error)
            continue
        row = replace(row, article=known.key(row.article))
        submission = _submission(row, number, batch, channel, tool)
        if tried is not None and _was_tried(tried, submission, number, report):
            continue
        chunk.append((number, row, submission))
        if len(chunk) == CHUNK:
            report = take(chunk)
            progress(report)
            chunk = []
    report = take(chunk)
    report.errors.sort()
    progress(report)
    if not dry_run:
        retried(lambda: _finish(consultation, report, course, channel, actor))
    return report


def _of_the_future(row: ImportRow, latest: datetime) -> str:
    """What is wrong with a row that nobody can have written yet."""
    if row.made_at is None or row.made_at <= latest:
        return ""
    return _("This lies in the future.")


def _take(
    consultation,
    chunk,
    report: ImportReport,
    course: Course,
    actor,
    tried: Tried | None,
    importer,
    subject,
) -> ImportReport:
    """The report with what became of a chunk; the old one holds if it fails."""
    if not chunk:
        return report
    submissions = [submission for _number, _row, submission in chunk]

    def take_in() -> ImportReport:
        after = copy(report)
        try:
            with transaction.atomic():
                taken = submit_many(consultation, submissions, actor=actor)
                if importer is not None:
                    pairs = _fresh(chunk, taken)
                    importer.keep(consultation, subject, pairs)
                _count(after, chunk, taken)
                if tried is not None:
                    tried.remember(submissions, taken)
                    raise _Rehearsed
                course.step(after)
        except _Rehearsed:
            pass
        return after

    return retried(take_in)


def _was_tried(tried: Tried, submission, number: int, report: ImportReport) -> bool:
    """Whether an earlier chunk of a rehearsal held this item, which is counted then."""
    try:
        same = tried.before(submission)
    except ValidationError as error:
        report.refuse(number, " ".join(error.messages))
        return True
    if same:
        report.repeated += 1
    elif same is False:
        report.refuse(number, other_words())
    return same is not None


def _count(report: ImportReport, chunk, taken) -> None:
    for (number, row, _submission), each in zip(chunk, taken, strict=True):
        if each.error:
            report.refuse(number, each.error)
        elif each.repeated:
            report.repeated += 1
        else:
            report.late += each.late
            report.imported += not each.late
            report.likes += row.likes
            report.shares += row.shares


def _fresh(chunk, taken) -> list:
    """The participations that came in now, each with its tool's entry."""
    return [
        (each.participation, row.entry)
        for (_number, row, _submission), each in zip(chunk, taken, strict=True)
        if each.participation is not None and not each.repeated
    ]


def _finish(
    consultation, report: ImportReport, course: Course, channel: str, actor
) -> None:
    now = clock.database_now()
    with transaction.atomic():
        course.end(report)
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
                "likes": report.likes,
                "shares": report.shares,
            },
        )
        signals.import_finished.send(
            sender=Participation, consultation=consultation, batch=report.batch, now=now
        )


def _submission(row: ImportRow, number: int, batch: str, channel: str, tool: str):
    if row.publication == Publication.WITH_NAME:
        raise ValueError("Names of imported voices are never shown.")
    entry = row.entry or tools.Entry()
    provenance: dict[str, Any] = {"row": number}
    if row.likes or row.shares:
        provenance["reach"] = {"likes": row.likes, "shares": row.shares}
    return door.Submission(
        tool=tool,
        channel=channel,
        language=row.language,
        text=row.text or entry.text,
        texts=entry.texts,
        title=row.title,
        article=row.article,
        data=entry.data,
        provenance=provenance,
        enclosed=entry.enclosed,
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
