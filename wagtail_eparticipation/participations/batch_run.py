"""One process at a time carries an import out, and its figures are always right.

A run claims its batch by compare-and-set and writes the figures in the transaction of
the rows that they count. When it ends before its time, by an error or because somebody
ended the process, the batch says how far it came, and another run goes on behind that.
"""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import Error, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import aggregating, second_reading
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.importing import Course, ImportReport

#: A run that has written nothing for so long is taken for ended. If it lives still,
#: its next rows are taken back, for the batch is another run's.
QUIET_AFTER = timedelta(minutes=2)

_State = ImportBatch.State


class ImportRefused(ValueError):
    """Nothing was done; the message says why."""


def _quiet(now: datetime) -> Q:
    return Q(state=_State.RUNNING, touched_at__lt=now - QUIET_AFTER)


def open_to_a_run(now: datetime) -> Q:
    """The batches of which nothing, or not all, was imported, and nobody does."""
    return Q(state__in=[_State.PREPARED, _State.STOPPED]) | _quiet(now)


def holding_rows(now: datetime) -> Q:
    """The batches whose rows are in the register and to which none are added now."""
    return Q(state__in=[_State.IMPORTED, _State.STOPPED]) | _quiet(now)


def is_one(batch: ImportBatch, which: Q) -> bool:
    """Whether a batch is now one of those."""
    return ImportBatch.objects.filter(which, pk=batch.pk).exists()


def require_open(batch: ImportBatch) -> None:
    """Refuse a batch that was carried out, or is being carried out now."""
    if not is_one(batch, open_to_a_run(clock.database_now())):
        raise ImportRefused(_why_not(batch))


def let_go(batch: ImportBatch) -> None:
    """Take a batch that came in in part from a run that is quiet, if there is one."""
    now = clock.database_now()
    open_ones = ImportBatch.objects.filter(open_to_a_run(now), pk=batch.pk)
    # Of one that was killed before its first rows nothing is in the register.
    bare = open_ones.filter(reached=0).update(
        state=_State.PREPARED, run="", created_at=now
    )
    begun = open_ones.filter(reached__gt=0).update(
        state=_State.STOPPED, run="", touched_at=now
    )
    if not bare and not begun:
        raise ImportRefused(_why_not(batch))
    batch.refresh_from_db()


def _why_not(batch: ImportBatch) -> str:
    now = ImportBatch.objects.filter(pk=batch.pk).first()
    if now is not None and now.state == _State.RUNNING:
        return _(
            "This import is running: %(rows)d rows so far. If its process was ended,"
            " it can be gone on with in two minutes."
        ) % {"rows": now.rows}
    return _("This import was carried out already.")


def report_of(batch: ImportBatch) -> ImportReport:
    """How far a batch came."""
    return ImportReport(
        batch.code,
        imported=batch.imported,
        late=batch.late,
        repeated=batch.repeated,
        failed=batch.failed,
        likes=batch.likes,
        shares=batch.shares,
        reached=batch.reached,
        errors=[(number, message) for number, message in batch.errors],
    )


class Run(Course):
    """The one run of a batch; raises :class:`ImportRefused` if there is another."""

    def __init__(self, batch: ImportBatch, plan):
        self.batch, self.name = batch, secrets.token_hex(16)
        now = clock.database_now()
        claimed = ImportBatch.objects.filter(open_to_a_run(now), pk=batch.pk).update(
            state=_State.RUNNING,
            run=self.name,
            touched_at=now,
            mapping=dict(plan.columns),
            for_all=_for_all(plan),
        )
        if not claimed:
            raise ImportRefused(_why_not(batch))
        batch.refresh_from_db()

    @property
    def _mine(self):
        return ImportBatch.objects.filter(pk=self.batch.pk, run=self.name)

    def step(self, report: ImportReport) -> None:
        self._write(report)

    def end(self, report: ImportReport) -> None:
        self._write(report, state=_State.IMPORTED, run="")
        self.batch.refresh_from_db()
        second_reading.draw(self.batch)
        if report.likes or report.shares:
            aggregating.show_apart(self.batch.consultation)

    def _write(self, report: ImportReport, **state) -> None:
        written = self._mine.update(
            imported=report.imported,
            late=report.late,
            repeated=report.repeated,
            failed=report.failed,
            likes=report.likes,
            shares=report.shares,
            reached=report.reached,
            errors=report.errors,
            touched_at=clock.database_now(),
            **state,
        )
        if not written:
            raise ImportRefused(_("This import was taken over by another process."))

    def stop(self) -> None:
        """Give the batch free; with the database gone, it is so after a while."""
        try:
            with transaction.atomic():
                self._mine.filter(reached=0).update(state=_State.PREPARED, run="")
                self._mine.update(state=_State.STOPPED, run="")
            self.batch.refresh_from_db()
        except Error:
            return


def _for_all(plan) -> dict[str, Any]:
    made_on: date | None = plan.made_on
    return {
        "language": plan.language,
        "made_on": made_on and made_on.isoformat(),
        "consent": str(plan.consent),
        "publication": str(plan.publication),
    }
