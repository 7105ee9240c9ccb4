"""Telling people what is late: in working hours, once a step (AC-S3-J3, AC-S3-D4).

Called by the periodic job; running late or twice tells nobody twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Min, Q

from wagtail_eparticipation import signals
from wagtail_eparticipation.calendars.versions import NoCalendar, clock_for, clock_of
from wagtail_eparticipation.calendars.working_time import NoWorkingTime, WorkingClock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.people import Role
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.install import NoPolicy, current_version
from wagtail_eparticipation.policy.reading import policy_of
from wagtail_eparticipation.replies.models import OURS, Case
from wagtail_eparticipation.replies.referrals import Escalation, Referral

Subject = Escalation.Subject

#: Step, who is told, and how many working days after the target: first who is
#: responsible, then the records officer (R-6.3.1a).
LADDER = ((1, Role.OWNER, 0), (2, Role.RECORDS, 1))
#: The same for who was asked: the department on the day itself, then its head.
REFERRAL_LADDER = ((1, 0), (2, 2))
#: Where no policy says within how many working days everything is looked at.
CADENCE = 1


class Late(NamedTuple):
    """Something past its target: what, whose slot, since when, by which clock."""

    subject: str
    key: int
    due: datetime
    clock: WorkingClock
    consultation_id: int | None
    case_id: int | None = None


def run(now: datetime) -> list[str]:
    """Tell what is late now; returns what was done, in words."""
    reminded = sum(_remind(pk, now) for pk in _overdue_referrals(now))
    late = [*_late_cases(now), *_late_queues(now)]
    told = sum(_escalate(each, now) for each in late)
    _end_episodes({each.key for each in late if each.subject == Subject.REVIEW}, now)
    done = {"referrals reminded": reminded, "delays escalated": told}
    return [f"{name} {number}" for name, number in done.items() if number]


def _overdue_referrals(now: datetime) -> list[int]:
    # The day of the target has begun at most so long before its end.
    open_ones = Referral.objects.filter(state=Referral.State.ASKED)
    rows = open_ones.select_related("calendar_version").order_by("pk")
    return [row.pk for row in rows if _referral_steps(row, now)]


def _referral_steps(referral: Referral, now: datetime) -> list[int]:
    """Steps of the ladder whose day has begun, in working hours alone."""
    if referral.calendar_version is None:
        return [
            step
            for step, days in REFERRAL_LADDER
            if now >= referral.due_at + timedelta(days=days)
        ]
    clock = clock_of(referral.calendar_version)
    return [
        step
        for step, days in REFERRAL_LADDER
        if _begun(clock, referral.due_at, days, now)
    ]


def _begun(clock: WorkingClock, due: datetime, days: int, now: datetime) -> bool:
    """Whether somebody is at work, on the day that lies so far after ``due`` or later.

    A target lies at the end of its day's work, so the day is that of the instant
    before.
    """
    try:
        last = due - clock.RESOLUTION
        return clock.is_working(now) and clock.working_day(last, days)[0] <= now
    except NoWorkingTime:
        return False


@transaction.atomic
def _remind(pk: int, now: datetime) -> int:
    held = Referral.objects.select_for_update().filter(pk=pk).first()
    if held is None or not held.is_open:
        return 0
    number = 0
    for step in _referral_steps(held, now):
        row = _raise_once(
            Subject.REFERRAL,
            held.pk,
            step,
            now,
            consultation_id=held.case.consultation_id,
            case_id=held.case_id,
            referral=held,
        )
        if row is None:
            continue
        number += 1
        signals.referral_overdue.send(
            sender=Referral, referral=held, step=step, now=now
        )
    if number:
        Referral.objects.filter(pk=pk).update(
            reminders=F("reminders") + number, reminded_at=now
        )
    return number


def _late_cases(now: datetime) -> Iterator[Late]:
    """Cases whose next step is ours and past a target."""
    unanswered = Q(first_answered_at=None, due_at__lte=now)
    rows = (
        Case.objects.filter(unanswered | Q(resolve_due_at__lte=now), state__in=OURS)
        .exclude(calendar_version=None)
        .exclude(suspicious=True)
        .defer("text", "subject")
        .select_related("calendar_version")
        .annotate(told=Count("escalations", filter=~Q(escalations__subject="referral")))
        .filter(told__lt=2 * len(LADDER))
        .order_by("pk")
    )
    for case in rows:
        clock = clock_of(case.calendar_version)
        common = (clock, case.consultation_id, case.pk)
        if case.first_answered_at is None and case.due_at and case.due_at <= now:
            yield Late(Subject.FIRST_ANSWER, case.pk, case.due_at, *common)
        if case.resolve_due_at and case.resolve_due_at <= now:
            yield Late(Subject.SETTLEMENT, case.pk, case.resolve_due_at, *common)


def _late_queues(now: datetime) -> Iterator[Late]:
    """Topics in which something waits for review longer than the cadence."""
    oldest = dict(
        Participation.objects.waiting()
        .order_by()
        .values("consultation")
        .annotate(oldest=Min("received_at"))
        .values_list("consultation", "oldest")
    )
    topics = Consultation.objects.filter(pk__in=oldest).select_related(
        "department__calendar", "policy_version"
    )
    for topic in topics.order_by("pk"):
        received = oldest[topic.pk]
        try:
            clock = clock_for(topic.department, received)
            due = clock.working_day(received, cadence_of(topic, now))[1]
        except (NoCalendar, NoWorkingTime):
            continue
        if due <= now:
            yield Late(Subject.REVIEW, topic.pk, due, clock, topic.pk)


def cadence_of(consultation, now: datetime) -> int:
    """Working days within which everything is looked at (R-6.3.1a)."""
    version = consultation.policy_version
    if version is None:
        try:
            version = current_version(now)
        except NoPolicy:
            return CADENCE
    return policy_of(version).periods.get("review_cadence_working_days", CADENCE)


@transaction.atomic
def _escalate(late: Late, now: datetime) -> int:
    if late.case_id is not None:
        held = Case.objects.select_for_update().get(pk=late.case_id)
        if held.state not in OURS:
            return 0
    number = 0
    for step, role, days in LADDER:
        if now < late.due or not _may_tell(late, days, now):
            continue
        row = _raise_once(
            late.subject,
            late.key,
            step,
            now,
            consultation_id=late.consultation_id,
            case_id=late.case_id,
        )
        if row is None:
            continue
        number += 1
        signals.delay_escalated.send(
            sender=Escalation, escalation=row, role=role, now=now
        )
    return number


def _may_tell(late: Late, days: int, now: datetime) -> bool:
    try:
        if not days:
            return late.clock.is_working(now)
    except NoWorkingTime:
        return False
    return _begun(late.clock, late.due, days, now)


def _raise_once(subject, key: int, step: int, now, **about) -> Escalation | None:
    slot = f"{subject}:{key}:{step}"
    if Escalation.objects.filter(slot=slot).exists():
        return None
    try:
        with transaction.atomic():
            return Escalation.objects.create(
                subject=subject, step=step, slot=slot, raised_at=now, **about
            )
    except IntegrityError:
        # Another job has told it at the same moment.
        return None


def _end_episodes(late_topics: set[int], now: datetime) -> None:
    """A queue that is in order again may be told about anew when it is late again."""
    Escalation.objects.filter(subject=Subject.REVIEW, slot__isnull=False).exclude(
        consultation__in=late_topics
    ).update(slot=None, over_at=now)
