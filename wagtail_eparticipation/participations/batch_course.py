"""The course of an import: prepared, tried, carried out, taken back (S3-I)."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import (
    import_files,
    matching,
    refusals,
    table_files,
)
from wagtail_eparticipation.participations.batch_run import (
    ImportRefused,
    Run,
    holding_rows,
    is_one,
    let_go,
    report_of,
    require_open,
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
#: How long a file waits for whoever uploaded it, or for who goes on with it.
ABANDONED_AFTER = timedelta(days=1)


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

    Of a file that was imported in part the batch is given that did so, to be gone on
    with. Refuses a file that was imported into this topic before, one of a channel that
    the topic does not name, and one that cannot be read
    (``table_files.UnreadableFile``).
    """
    access.require(actor, "moderate", consultation)
    try:
        refusals.must_be_named(consultation, channel)
    except refusals.NotNamed as refusal:
        raise ImportRefused(" ".join(refusal.messages)) from refusal
    digest = table_files.digest_of(file)
    same = ImportBatch.objects.filter(consultation=consultation, file_digest=digest)
    before = (
        same.filter(state=ImportBatch.State.IMPORTED)
        .exclude(imported=0, late=0, repeated=0)
        .first()
    )
    if before is not None:
        raise ImportRefused(
            _("This file was imported already, as %(batch)s.") % {"batch": before.code}
        )
    table_files.read_through(file, name)
    begun = same.filter(
        state__in=[ImportBatch.State.RUNNING, ImportBatch.State.STOPPED]
    ).first()
    if begun is not None:
        return _taken_up(begun, file, name, (channel, tool, subject), evidence)
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


def _taken_up(begun: ImportBatch, file, name: str, what, evidence) -> ImportBatch:
    """A batch that stopped, with its file again where that was deleted meanwhile."""
    if what != (begun.channel, begun.tool, begun.subject):
        raise ImportRefused(
            _(
                "A part of this file was imported from another channel or as"
                " something else, as %(batch)s: go on with that, or take it back."
            )
            % {"batch": begun.code}
        )
    let_go(begun)
    if not begun.file:
        begun.file.save(name, file, save=False)
    if evidence is not None and not begun.evidence:
        begun.evidence.save(evidence.name, evidence, save=False)
    begun.save(update_fields=["file", "evidence"])
    return begun


def _create(consultation, **values) -> ImportBatch:
    codes = consultation.import_batches.values_list("code", flat=True)
    numbers = (code.removeprefix("I-") for code in codes)
    highest = max((int(each) for each in numbers if each.isdecimal()), default=0)
    for number in range(highest + 1, highest + 1 + _ATTEMPTS):
        code = f"I-{number}"
        if of_batch(consultation, code).exists():
            continue
        try:
            with transaction.atomic():
                return ImportBatch.objects.create(
                    consultation=consultation, code=code, **values
                )
        except IntegrityError:
            continue
    raise RuntimeError("No free number for the import was found.")


@contextmanager
def _opened(batch: ImportBatch):
    if not batch.file:
        raise ImportRefused(
            _("Its file was deleted meanwhile: upload the same file again to go on.")
        )
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


def sheets_left_out(batch: ImportBatch) -> list[str]:
    """The sheets of its workbook that are not read, by name."""
    with batch.file.open("rb") as stored:
        return table_files.sheets_left_out(stored.file, batch.file_name)


def rehearse(batch: ImportBatch, plan, *, actor) -> ImportReport:
    """What an import would do, row by row, with nothing kept."""
    require_open(batch)
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
            report=report_of(batch),
        )


def carry_out(
    batch: ImportBatch, plan, *, actor, progress=lambda report: None
) -> ImportReport:
    """Import the file; then it is deleted, for it names people in the clear.

    A batch that stopped is gone on with behind the rows that it reached. Two at the
    same time are refused. Whatever goes wrong, the batch says what came in.
    """
    access.require(actor, "moderate", batch.consultation)
    run = Run(batch, plan)
    try:
        report = _carry_out(batch, plan, run, actor, progress)
    except BaseException:
        run.stop()
        raise
    _delete_file(batch)
    return report


def _carry_out(batch: ImportBatch, plan, run: Run, actor, progress) -> ImportReport:
    with _opened(batch) as (headings, rows):
        return import_rows(
            batch.consultation,
            import_files.read(headings, rows, plan),
            channel=batch.channel,
            actor=actor,
            batch=batch.code,
            tool=batch.tool,
            subject=batch.subject,
            progress=progress,
            course=run,
            report=report_of(batch),
        )


def _delete_file(batch: ImportBatch) -> None:
    if batch.file:
        batch.file.delete(save=False)
        ImportBatch.objects.filter(pk=batch.pk).update(file="")


def forget_abandoned(now: datetime) -> int:
    """Drop imports that nobody carried out within a day; how many.

    Of those that are in the register, in part or whole, the file alone is deleted.
    Files name people in the clear. The periodic job calls this.
    """
    before = now - ABANDONED_AFTER
    prepared = Q(state=ImportBatch.State.PREPARED)
    old = list(ImportBatch.objects.filter(prepared, created_at__lt=before))
    number = sum(_drop(batch) for batch in old)
    left = ImportBatch.objects.exclude(prepared).exclude(file="")
    for batch in left.filter(touched_at__lt=before):
        _delete_file(batch)
        number += 1
    return number


def discard(batch: ImportBatch, *, actor) -> None:
    """Drop a batch of which nothing was imported, with its files."""
    access.require(actor, "moderate", batch.consultation)
    if not _drop(batch):
        raise ImportRefused(
            _("Rows of this import are in the register: take it back instead.")
        )


@transaction.atomic
def _drop(batch: ImportBatch) -> bool:
    """Whether a batch could be deleted: never one that has rows or is running."""
    held = ImportBatch.objects.select_for_update().filter(
        pk=batch.pk, state=ImportBatch.State.PREPARED
    )
    if not held or of_batch(batch.consultation, batch.code).exists():
        return False
    held.delete()
    batch.file.delete(save=False)
    if batch.evidence:
        batch.evidence.delete(save=False)
    return True


@transaction.atomic
def roll_back(batch: ImportBatch, *, reason: str, actor) -> int:
    """Take every row of a wrong import out of the counts (AC-S3-I5); how many.

    One that stopped midway is taken back, too. Only while the topic collects:
    afterwards its numbers are frozen. The rows stay in the register without a
    releasable word, the people's keys are destroyed, and the file can be imported anew.
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
    if not is_one(batch, holding_rows(now)):
        if batch.state == ImportBatch.State.RUNNING:
            require_open(batch)
        raise ImportRefused(_("Of this import nothing is in the register."))
    rows = of_batch(consultation, batch.code).exclude(state=State.ROLLED_BACK)
    for row in rows.filter(state=State.PUBLISHED).iterator():
        signals.participation_withdrawn.send(
            sender=Participation, participation=row, state_from=row.state, now=now
        )
    signals.counting_changed.send(sender=Participation, participations=rows, now=now)
    matching.release(rows, actor=actor, now=now)
    destroy_many(rows)
    # Without its key the same file can be imported again, once it is right.
    taken = rows.update(state=State.ROLLED_BACK, source_key=None, public_name="")
    batch.state, batch.run = ImportBatch.State.ROLLED_BACK, ""
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
    transaction.on_commit(lambda: _delete_file(batch))
    return taken
