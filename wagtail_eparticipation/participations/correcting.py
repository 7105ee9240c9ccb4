"""Putting right what was typed wrongly, with the earlier wording kept (R-7.5a)."""

from datetime import datetime, timedelta
from functools import partial

from wagtail_eparticipation import sanitize, signals
from wagtail_eparticipation.consultations.channel_table import own_period
from wagtail_eparticipation.consultations.windows import stored_stage, was_open
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import admission
from wagtail_eparticipation.participations.amending import Changes
from wagtail_eparticipation.participations.door import wording_digest
from wagtail_eparticipation.participations.models import (
    Participation,
    ParticipationRevision,
    State,
)
from wagtail_eparticipation.participations.same_words import words_key

#: What a moderator decided about other words waits for a moderator again.
_READ_AGAIN = frozenset({State.PUBLISHED, State.UNPUBLISHED})
_WORDS = ("title", "text", "data", "language", "publication")


def correct(
    row: Participation,
    changes: Changes,
    *,
    made_at: datetime,
    window,
    now: datetime,
    actor,
) -> list[str]:
    """Bring a row, which the caller holds, in line with its paper; what changed.

    A wrong date is judged anew: what turns out to be made outside the period goes to
    the late box. What lies there stays there until it is admitted. The event of the
    ledger names ids and fields, never words.
    """
    replaced = changes.replace_rows(row) if changes.replace_rows else {}
    changed = [name for name in _WORDS if getattr(changes, name) != getattr(row, name)]
    # The form of an author names the wording alone; its date is asked beside it.
    if _minute(made_at) != _minute(row.made_at):
        changed.append("made_at")
    if replaced:
        changed.append("answers")
    if not changed:
        return []
    ParticipationRevision.keep(row, at=now, **replaced, made_at=row.made_at)
    before = row.state
    for name in _WORDS:
        setattr(row, name, getattr(changes, name))
    row.text_html = sanitize.clean_html(row.text)
    row.links_released = False
    row.words_key = words_key(row.text)
    row.revision += 1
    if "made_at" in changed:
        row.made_at = made_at
        _judge_again(row, window)
    if row.state in _READ_AGAIN and changed != ["made_at"]:
        row.state = State.RECEIVED
    row.save()
    record(
        row.consultation,
        "participation.corrected",
        actor=actor,
        at=now,
        data={
            "participation": str(row.public_id),
            "revision": row.revision,
            "from": before,
            "state": row.state,
            "digest": wording_digest(row),
        },
    )
    if before != row.state:
        signals.participation_amended.send(
            sender=Participation, participation=row, state_from=before, now=now
        )
    signals.participation_corrected.send(
        sender=Participation, participation=row, now=now
    )
    return changed


def _judge_again(row: Participation, window) -> None:
    """As the door would have judged it when it came in, had the date been right."""
    verdict = admission.judge(
        stored_stage(row.consultation),
        window and window.opens_at,
        window and window.closes_at,
        True,
        now=row.received_at,
        channel=row.channel,
        made_at=row.made_at,
        evidence=row.data.get("evidence", ""),
        grace=timedelta(0),
        own_period=own_period(row.consultation, row.channel),
        was_open=partial(was_open, row.consultation),
    )
    if verdict.kind == "late" and row.state != State.LATE:
        row.state, row.late_reason = State.LATE, verdict.reason


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
