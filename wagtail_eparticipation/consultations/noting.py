"""Writing down, once, what the clock or an act did to a topic's period (R-5.0d).

The caller holds the process (``windows.hold_process``). Acts call this as well as
the periodic job, so a topic that was closed, reopened or decided before the job ran
still has each opening and closing in its ledger, and its snapshots (AC-S4-F1).
"""

from datetime import datetime

from wagtail_eparticipation import signals
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage, Stored
from wagtail_eparticipation.ledger.record import record


def note_due(consultation: Consultation, now: datetime) -> list[str]:
    """Note the opening and closing that are due, in words of the periodic job.

    The ledger's event bears the instant at which it was due, and says when it was
    written.
    """
    window = getattr(consultation, "window", None)
    if window is None or consultation.stored_stage != Stored.PUBLISHED:
        return []
    done = []
    steps = (
        ("opened", window.opens_at, Stage.FORTHCOMING, Stage.COLLECTING),
        ("closed", window.closes_at, Stage.COLLECTING, Stage.ANALYSING),
    )
    for (kind, due, before, after), attribute in zip(
        steps, ("noted_opening", "noted_closing"), strict=True
    ):
        if now < due or getattr(window, attribute) == due:
            continue
        setattr(window, attribute, due)
        window.save(update_fields=[attribute])
        data = {"due": due, "noted_at": now}
        record(consultation, f"stage.{kind}", at=due, data=data)
        signals.stage_changed.send(
            sender=Consultation,
            consultation=consultation,
            stage_from=before,
            stage_to=after,
            now=now,
        )
        done.append(f"{consultation.reference} {kind}")
    return done


def note_by_act(consultation: Consultation, act, before, after, now: datetime) -> None:
    """Note an opening or closing that an act has just brought about.

    The act itself sends the signal, so nothing is announced twice.
    """
    window = getattr(consultation, "window", None)
    if window is None:
        return
    if window.opens_at <= now:
        window.noted_opening = window.opens_at
    if window.closes_at <= now:
        window.noted_closing = window.closes_at
    window.save(update_fields=["noted_opening", "noted_closing"])
    if after == before:
        return
    data = {"by_act": act.pk}
    if after == Stage.COLLECTING:
        data["due"] = window.opens_at
        record(consultation, "stage.opened", at=now, data=data)
    elif before == Stage.COLLECTING and after == Stage.ANALYSING:
        data["due"] = window.closes_at
        record(consultation, "stage.closed", at=now, data=data)
