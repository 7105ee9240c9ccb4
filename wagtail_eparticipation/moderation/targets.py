"""By when what came in should have been looked at (R-6.3.1a).

The policy's review cadence counts working days: with one, what came in on any day is
due at the end of the next working day.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from wagtail_eparticipation.calendars.versions import NoCalendar, clock_for
from wagtail_eparticipation.calendars.working_time import WorkingClock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.policy.install import NoPolicy

CADENCE = "review_cadence_working_days"
#: No office is closed for longer.
_LONGEST = 60
_DAY = timedelta(days=1)


def end_of_work(clock: WorkingClock, day: date) -> datetime | None:
    """When work ends on a day; ``None`` where it is no working day."""
    start = datetime.combine(day, time(), clock.zone)
    worked = clock.between(start, start + _DAY)
    return clock.add(start, worked) if worked else None


def due_at(clock: WorkingClock, received_at: datetime, days: int) -> datetime:
    """The end of the ``days``-th working day after the day on which it came in."""
    day, left, due = received_at.astimezone(clock.zone).date(), days, received_at
    for _step in range(_LONGEST):
        if left <= 0:
            break
        day += _DAY
        end = end_of_work(clock, day)
        if end is not None:
            left, due = left - 1, end
    return due


def overdue_before(clock: WorkingClock, now: datetime, days: int) -> datetime:
    """What came in before this instant is past its target at ``now``.

    The reverse of :func:`due_at`: a midnight, since a whole day is due together.
    """
    day = now.astimezone(clock.zone).date()
    for _step in range(_LONGEST):
        noon = datetime.combine(day, time(12), clock.zone)
        if due_at(clock, noon, days) <= now:
            return datetime.combine(day + _DAY, time(), clock.zone)
        day -= _DAY
    return datetime.combine(day, time(), clock.zone)


class Targets:
    """The targets of the topics in one list; each policy and calendar asked once."""

    def __init__(self, now: datetime):
        self.now = now
        self._cutoffs: dict[tuple, datetime | None] = {}

    def cutoff(self, consultation: Consultation) -> datetime | None:
        """What came in before is overdue; ``None`` without calendar or policy."""
        key = consultation.policy_version_id, consultation.department_id
        if key not in self._cutoffs:
            self._cutoffs[key] = self._ask(consultation)
        return self._cutoffs[key]

    def _ask(self, consultation) -> datetime | None:
        try:
            policy = policy_for(consultation, self.now)
            clock = clock_for(consultation.department, self.now)
        except (NoPolicy, NoCalendar):
            return None
        return overdue_before(clock, self.now, policy.periods.get(CADENCE, 1))

    def is_overdue(self, participation) -> bool:
        """Whether it should have been looked at by now."""
        cutoff = self.cutoff(participation.consultation)
        return cutoff is not None and participation.received_at < cutoff


def overdue(topics, now: datetime) -> Q:
    """The participations of these topics that are past their target, as a condition.

    One comparison where all topics have the same target, as they have in one office.
    """
    targets, by_cutoff = Targets(now), {}
    rows = topics.exclude(stored_stage__in=[Stored.CLOSED, Stored.ARCHIVED])
    rows = rows.select_related("policy_version", "department__calendar")
    for consultation in rows.order_by("pk"):
        cutoff = targets.cutoff(consultation)
        by_cutoff.setdefault(cutoff, []).append(consultation.pk)
    if len(by_cutoff) == 1 and None not in by_cutoff:
        return Q(received_at__lt=next(iter(by_cutoff)))
    found = Q(pk__in=[])
    for cutoff, keys in by_cutoff.items():
        if cutoff is not None:
            found |= Q(consultation__in=keys, received_at__lt=cutoff)
    return found
