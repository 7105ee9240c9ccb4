"""The same door for many at once: an import of a whole file, chunk by chunk.

What :func:`door.submit` does for one person is done here for a chunk in a handful of
statements, with the same rules, the same rows and the same events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.windows import hold_shared, stored_stage
from wagtail_eparticipation.ledger.record import record_many
from wagtail_eparticipation.participations import door, receipts, tools
from wagtail_eparticipation.participations.identity import seal_many
from wagtail_eparticipation.participations.models import Participation


@dataclass(frozen=True)
class Taken:
    """What became of one submission: its row, or what it was refused for."""

    participation: Participation | None = None
    repeated: bool = False
    error: str = ""

    @property
    def late(self) -> bool:
        """Whether it was put into the late box now."""
        row = self.participation
        return row is not None and not self.repeated and bool(row.late_reason)


def submit_many(consultation, submissions: Sequence, *, actor) -> list[Taken]:
    """Take submissions in, in their order; one that is refused stops none.

    Each needs a ``source_id``: by it a submission is found that was taken in before,
    or stands twice among these. One that says something else then is refused.
    """
    try:
        with transaction.atomic():
            return _take_in(consultation, submissions, actor)
    except IntegrityError:
        # The same file is being read twice at once: now the other one's rows are there.
        with transaction.atomic():
            return _take_in(consultation, submissions, actor)


def _take_in(consultation, submissions: Sequence, actor) -> list[Taken]:
    results: list[Taken | None] = [None] * len(submissions)
    keys = [door.source_key(each) for each in submissions]
    known = _already_there(consultation, keys)
    window = hold_shared(consultation)
    now = clock.database_now()
    stored = stored_stage(consultation)
    fresh: dict[str, int] = {}
    rows: list[Participation] = []
    for place, (submission, key) in enumerate(zip(submissions, keys, strict=True)):
        try:
            before = known.get(key) or (rows[fresh[key]] if key in fresh else None)
            if before is not None:
                results[place] = _repeated(before, submission)
                continue
            row = _row(consultation, submission, window, now, stored)
        except ValidationError as error:
            results[place] = Taken(error=" ".join(error.messages))
            continue
        fresh[key] = len(rows)
        rows.append(row)
        results[place] = Taken(row)
    _write(consultation, submissions, results, rows, now, actor)
    return results


def _repeated(before: Participation, submission) -> Taken:
    """The same item again, or another one that was given the same id."""
    if not door.says_otherwise(before, submission):
        return Taken(before, repeated=True)
    return Taken(error=other_words())


def other_words() -> str:
    """Why an item is refused whose id came in with other words."""
    return _(
        "This id came in before with other words. Where ids begin anew in each file,"
        " such as running numbers of forms, choose no column for them."
    )


def _already_there(consultation, keys) -> dict[str, Participation]:
    rows = Participation.objects.filter(consultation=consultation, source_key__in=keys)
    return {row.source_key: row for row in rows}


def _row(consultation, submission, window, now: datetime, stored: str) -> Participation:
    tools.get(submission.tool)
    cleaned = door.clean(submission)
    verdict = door.verdict_on(consultation, submission, window, now, stored)
    door.refuse(consultation, submission, verdict, window)
    key = door.stored_key(consultation, door.new_key())
    code = receipts.code_for(key)
    return door.build(
        consultation,
        submission,
        cleaned,
        verdict,
        window=window,
        now=now,
        key=key,
        code=code,
    )


def _write(consultation, submissions, results, rows, now, actor) -> None:
    if not rows:
        return
    Participation.objects.bulk_create(rows)
    sealed = [
        (each.participation, submission.person, submission.language)
        for submission, each in zip(submissions, results, strict=True)
        if each.participation is not None and not each.repeated and submission.person
    ]
    seal_many(sealed)
    record_many(
        consultation,
        "participation.received",
        [door.event_of(row) for row in rows],
        actor=actor,
        at=now,
    )
    signals.participations_received.send(
        sender=Participation, consultation=consultation, participations=rows, now=now
    )
    for row in rows:
        signals.participation_received.send(
            sender=Participation, participation=row, receipt_code="", now=now
        )
