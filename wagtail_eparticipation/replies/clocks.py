"""The two clocks of a case: until the first answer, and until it is settled (P-6.5).

Both run in working time by the calendar version of the arrival, and stand still while
a competent entity is asked. The functions change the case and save nothing.
"""

from datetime import datetime, timedelta

from wagtail_eparticipation.calendars.versions import clock_of
from wagtail_eparticipation.calendars.working_time import NoWorkingTime, WorkingClock
from wagtail_eparticipation.replies.models import Case

MINUTE = timedelta(minutes=1)


def minutes_between(a: datetime, b: datetime) -> int:
    """Whole minutes that went by; none when ``b`` is the earlier."""
    return max(b - a, timedelta(0)) // MINUTE


def worked_between(clock: WorkingClock, a: datetime, b: datetime) -> int:
    """Whole minutes that were worked; none when ``b`` is the earlier."""
    return max(clock.between(a, b), timedelta(0)) // MINUTE


def worked_until(case: Case, now: datetime) -> int | None:
    """Working minutes since the arrival without pauses; ``None`` without a calendar."""
    if case.calendar_version is None:
        return None
    clock = clock_of(case.calendar_version)
    until = case.paused_at or now
    worked = worked_between(clock, case.received_at, until)
    return max(worked - case.paused_minutes, 0)


def stop_at_first_answer(case: Case, now: datetime) -> None:
    """Both times are kept: what was worked and what went by (AC-S3-J2)."""
    if case.first_answered_at is not None:
        return
    case.first_answered_at = now
    case.elapsed_minutes = minutes_between(case.received_at, now)
    case.worked_minutes = worked_until(case, now)


def stop_at_settlement(case: Case, now: datetime) -> None:
    """The same for the whole of the case, once it is settled."""
    if case.resolved_at is not None:
        return
    case.resolved_at = now
    case.resolve_elapsed_minutes = minutes_between(case.received_at, now)
    case.resolve_worked_minutes = worked_until(case, now)


def pause(case: Case, now: datetime) -> None:
    """Stop both clocks: the next step is somebody else's."""
    case.paused_at = now


def resume(case: Case, now: datetime) -> None:
    """Let both clocks go on; what was left of each target is left again.

    What was overdue when the pause began stays so.
    """
    since, case.paused_at = case.paused_at, None
    if since is None or case.calendar_version is None:
        return
    clock = clock_of(case.calendar_version)
    case.paused_minutes += worked_between(clock, since, now)
    if case.first_answered_at is None:
        case.due_at = moved(clock, case.due_at, since, now)
    case.resolve_due_at = moved(clock, case.resolve_due_at, since, now)


def moved(
    clock: WorkingClock, due: datetime | None, since: datetime, now: datetime
) -> datetime | None:
    """When ``due`` comes after a pause: as long after ``now`` as after ``since``.

    By the wall clock where the calendar holds no more work.
    """
    if due is None or due <= since:
        return due
    try:
        return clock.add(now, clock.between(since, due))
    except NoWorkingTime:
        return due + (now - since)
