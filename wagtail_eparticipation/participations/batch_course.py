"""The course of an import: prepared, tried, carried out, taken back (S3-I)."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import (
    aggregating,
    import_files,
    matching,
    refusals,
    second_reading,
    table_files,
)
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.identity import destroy_many
from wagtail_eparticipation.participations.importing import (
    ImportReport,
    import_rows,
    of_batch,
)
from wagtail_eparticipation.participations.models import Participation, State

_ATTEMPTS = 20
#: How long an uploaded file waits for whoever uploaded it.
ABANDONED_AFTER = timedelta(days=1)


class ImportRefused(ValueError):
    """Nothing was done; the message says why."""


def prepare(
    consultation,
    file,
    name: str,
    *,
    channel: str,
    actor,
    evidence=None,
    tool: str = "comment",
    subject: str = "",
) -> ImportBatch:
    """Keep a file as a batch of which nothing is imported yet.

    Refuses a file that was imported into this topic before, one of a channel that the
    topic does not name, and one that cannot be read (``table_files.UnreadableFile``).
    """
    access.require(actor, "moderate", consultation)
    try:
        refusals.must_be_named(consultation, channel)
    except refusals.NotNamed as refusal:
        raise ImportRefused(" ".join(refusal.messages)) from refusal
    digest = table_files.digest_of(file)
    before = ImportBatch.objects.filter(
        consultation=consultation,
        file_digest=digest,
        state=ImportBatch.State.IMPORTED,
    ).first()
    if before is not None:
        raise ImportRefused(
            _("This file was imported already, as %(batch)s.") % {"batch": before.code}
        )
    table_files.read_through(file, name)
    batch = _create(
        consultation,
        channel=channel,
        tool=tool,
        subject=subject,
        file_name=name[:255],
        file_digest=digest,
        entered_by=actor,
        created_at=clock.now(),
    )
    batch.file.save(name, file, save=False)
    if evidence is not None:
        batch.evidence.save(evidence.name, evidence, save=False)
    batch.save()
    return batch


def _create(consultation, **values) -> ImportBatch:
    number = consultation.import_batches.count()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return ImportBatch.objects.create(
                    consultation=consultation, code=f"I-{number + attempt}", **values
                )
        except IntegrityError:
            continue
    raise RuntimeError("No free number for the import was found.")


@contextmanager
def _opened(batch: ImportBatch):
    with (
        batch.file.open("rb") as stored,
        table_files.opened(stored.file, batch.file_name) as (headings, rows),
    ):
        yield headings, rows


def headings_of(batch: ImportBatch) -> tuple[list[str], list[list[str]]]:
    """The columns of the file, and its first five rows to look at."""
    with _opened(batch) as (headings, rows):
        first = list(islice(rows, 5))
    return headings, [["" if cell is None else str(cell) for cell in r] for r in first]


def rehearse(batch: ImportBatch, plan, *, actor) -> ImportReport:
    """What an import would do, row by row, with nothing kept."""
    _require_prepared(batch)
    with _opened(batch) as (headings, rows):
        return import_rows(
            batch.consultation,
            import_files.read(headings, rows, plan),
            channel=batch.channel,
            actor=actor,
            batch=batch.code,
            tool=batch.tool,
            subject=batch.subject,
            dry_run=True,
        )


def carry_out(
    batch: ImportBatch, plan, *, actor, progress=lambda report: None
) -> ImportReport:
    """Import the file; then it is deleted, for it names people in the clear."""
    _require_prepared(batch)
    with _opened(batch) as (headings, rows):
        report = import_rows(
            batch.consultation,
            import_files.read(headings, rows, plan),
            channel=batch.channel,
            actor=actor,
            batch=batch.code,
            tool=batch.tool,
            subject=batch.subject,
            progress=progress,
        )
    batch.state = ImportBatch.State.IMPORTED
    batch.imported, batch.late = report.imported, report.late
    batch.repeated, batch.failed = report.repeated, report.failed
    batch.errors = report.errors
    batch.likes, batch.shares = report.likes, report.shares
    batch.mapping = dict(plan.columns)
    batch.file.delete(save=False)
    with transaction.atomic():
        batch.save()
        second_reading.draw(batch)
        if report.likes or report.shares:
            aggregating.show_apart(batch.consultation)
    return report


def forget_abandoned(now: datetime) -> int:
    """Drop prepared imports that nobody carried out within a day; how many.

    Their files name people in the clear. The periodic job calls this.
    """
    old = ImportBatch.objects.filter(
        state=ImportBatch.State.PREPARED, created_at__lt=now - ABANDONED_AFTER
    )
    number = 0
    for batch in old:
        _drop(batch)
        number += 1
    return number


def discard(batch: ImportBatch, *, actor) -> None:
    """Drop a batch of which nothing was imported, with its files."""
    access.require(actor, "moderate", batch.consultation)
    _require_prepared(batch)
    _drop(batch)


def _drop(batch: ImportBatch) -> None:
    batch.file.delete(save=False)
    if batch.evidence:
        batch.evidence.delete(save=False)
    batch.delete()


def _require_prepared(batch: ImportBatch) -> None:
    batch.refresh_from_db()
    if batch.state != ImportBatch.State.PREPARED:
        raise ImportRefused(_("This import was carried out already."))


@transaction.atomic
def roll_back(batch: ImportBatch, *, reason: str, actor) -> int:
    """Take every row of a wrong import out of the counts (AC-S3-I5); how many.

    Only while the topic collects: afterwards its numbers are frozen. The rows stay in
    the register without a releasable word, the people's keys are destroyed, and the
    file can be imported anew.
    """
    consultation = batch.consultation
    access.require(actor, "moderate", consultation)
    if not reason.strip():
        raise ImportRefused(_("Say why the import is taken back."))
    hold_shared(consultation)
    now = clock.database_now()
    if consultation.stage(now) != Stage.COLLECTING:
        raise ImportRefused(
            _("The numbers are frozen: an import is taken back during collecting only.")
        )
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != ImportBatch.State.IMPORTED:
        raise ImportRefused(_("Of this import nothing is in the register."))
    rows = of_batch(consultation, batch.code).exclude(state=State.ROLLED_BACK)
    for row in rows.filter(state=State.PUBLISHED).iterator():
        signals.participation_withdrawn.send(
            sender=Participation, participation=row, state_from=row.state, now=now
        )
    matching.release(rows, actor=actor, now=now)
    destroy_many(rows)
    # Without its key the same file can be imported again, once it is right.
    taken = rows.update(state=State.ROLLED_BACK, source_key=None, public_name="")
    batch.state = ImportBatch.State.ROLLED_BACK
    batch.rolled_back_at = now
    batch.rollback_reason = reason.strip()
    batch.save()
    record(
        consultation,
        "import.rolled_back",
        actor=actor,
        at=now,
        data={"batch": batch.code, "rows": taken, "reason": reason.strip()},
    )
    return taken
