"""Whether something is in time: pure rules, no clock and no database (S3-F, S3-I2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.participations.models import Channel

#: Stages in which a late submission is still kept; afterwards the record is closed.
_KEEPS_LATE = frozenset({Stored.PUBLISHED, Stored.DECIDED, Stored.ANNOUNCED})


@dataclass(frozen=True)
class Verdict:
    """``accepted``, ``late``, ``early``, ``shut`` or ``off``.

    ``reason`` tells why late. ``off``: the channel was switched off (R-4.3c).
    """

    kind: str
    reason: str = ""
    within_grace: bool = False


ACCEPTED = Verdict("accepted")


def judge(
    stored: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    accepting: bool,
    *,
    now: datetime,
    channel: str,
    made_at: datetime,
    issued_at: datetime | None = None,
    evidence: str = "",
    grace: timedelta = timedelta(0),
    off_since: datetime | None = None,
    own_period: tuple[datetime | None, datetime | None] = (None, None),
    was_open: Callable[[datetime], bool] = lambda instant: False,
) -> Verdict:
    """What the door does with a submission at ``now``.

    The period is half-open: at ``closes_at`` itself it is over. On the portal the
    database's clock decides. What was made on paper or elsewhere counts by when it
    was made; entered after closing, it needs evidence. ``off_since`` is when the
    channel was switched off: what was made before counts. ``own_period`` is when the
    table of means has the channel open, where it says so. ``was_open(instant)`` tells
    of the periods before a reopening: what was made in one needs evidence.
    """
    if opens_at is None or closes_at is None:
        return Verdict("early")
    if stored not in _KEEPS_LATE or not accepting:
        return Verdict("shut")
    if now < opens_at:
        return Verdict("early")
    made = now if channel == Channel.PORTAL else made_at
    if off_since is not None and made >= off_since:
        return Verdict("off")
    if channel == Channel.PORTAL:
        return _judge_portal(closes_at, now, issued_at, grace)
    if made_at < opens_at and was_open(made_at):
        return ACCEPTED if evidence else Verdict("late", "no_evidence")
    if made_at < opens_at:
        return Verdict("late", "made_before_opening")
    if made_at >= closes_at:
        return Verdict("late", "made_after_closing")
    own_opens, own_closes = own_period
    if (own_opens and made_at < own_opens) or (own_closes and made_at >= own_closes):
        return Verdict("late", "channel_not_open")
    if now >= closes_at and not evidence:
        return Verdict("late", "no_evidence")
    return ACCEPTED


def _judge_portal(closes_at, now, issued_at, grace) -> Verdict:
    if now < closes_at:
        return ACCEPTED
    in_hand = issued_at is not None and issued_at < closes_at
    if in_hand and now < closes_at + grace:
        return Verdict("accepted", within_grace=True)
    return Verdict("late", "received_after_closing")
