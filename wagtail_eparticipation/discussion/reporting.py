"""Taking a report of a published voice in, and the name that it may hide (R-8.2b).

A report hides nothing by itself, with one exception: who says that a text was written
in their name by somebody else has that name taken from public view until a moderator
has decided (AC-S4-D4).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.calendars.versions import NoCalendar, clock_for
from wagtail_eparticipation.calendars.working_time import NoWorkingTime
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.publish import rewrite
from wagtail_eparticipation.discussion.report_reasons import (
    FALSE_ATTRIBUTION,
    grounds_of,
)
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.door import stored_key
from wagtail_eparticipation.participations.models import (
    TAKEN_BACK,
    Participation,
    State,
)
from wagtail_eparticipation.policy.reading import policy_of


class NotShownAnyMore(ValueError):
    """The voice was taken out of public view before the report came in."""


@dataclass(frozen=True)
class Filed:
    """The report, and whether the same form had come in before with other words."""

    report: ContentReport
    differs: bool = False


def file_report(
    comment: PublishedComment,
    *,
    reason: str,
    explanation: str,
    language: str,
    key: str,
    email: str = "",
    suspicious: bool = False,
) -> Filed:
    """Take a report in once, however often its form is sent.

    ``reason`` is one of ``report_reasons.grounds_of``. Raises
    :class:`NotShownAnyMore`.
    """
    stored = stored_key(comment.consultation, key)
    report = ContentReport(
        consultation=comment.consultation,
        comment=comment,
        reason=reason,
        explanation=explanation,
        language=language,
        suspicious=suspicious,
        idempotency_key=stored,
    )
    known = ContentReport.objects.filter(idempotency_key=stored).first()
    if known is None:
        try:
            return Filed(_take_in(report, email))
        except IntegrityError:
            known = ContentReport.objects.get(idempotency_key=stored)
    same = (known.comment_id, known.reason, known.explanation)
    return Filed(known, differs=same != (comment.pk, reason, explanation))


@transaction.atomic
def _take_in(report: ContentReport, email: str) -> ContentReport:
    participation = None
    if report.comment.participation_id:
        # Before the comment, in the order in which moderation takes them.
        participation = Participation.objects.select_for_update().get(
            pk=report.comment.participation_id
        )
    now = clock.database_now()
    shown = PublishedComment.objects.filter(
        pk=report.comment_id, removed_at=None, hidden=False
    )
    if not shown.exists():
        raise NotShownAnyMore
    report.received_at = now
    report.clause = _clause(report)
    _set_target(report)
    if email:
        report.seal_contact(email, now)
    if report.reason == FALSE_ATTRIBUTION and not report.suspicious and participation:
        withhold_name(report, participation)
    report.save(force_insert=True)
    record(report.consultation, "report.received", at=now, data=event_of(report))
    signals.content_reported.send(sender=ContentReport, report=report, now=now)
    return report


def event_of(report: ContentReport) -> dict[str, str]:
    """What the ledger keeps of a report: ids and codes, never a word of it."""
    return {
        "report": str(report.public_id),
        "comment": report.comment.key,
        "reason_code": report.reason,
        "clause": report.clause,
    }


def _clause(report: ContentReport) -> str:
    for ground in grounds_of(report.consultation):
        if ground.code == report.reason:
            return ground.clause
    return ""


def _set_target(report: ContentReport) -> None:
    """By when it is to be decided, in the working hours of the department."""
    consultation = report.consultation
    if consultation.policy_version is None:
        return
    policy = policy_of(consultation.policy_version)
    report.target_hours = policy.period("report_decision_working_hours")
    try:
        working = clock_for(consultation.department, report.received_at)
        worked = timedelta(hours=report.target_hours)
        report.due_at = working.add(report.received_at, worked)
    except (NoCalendar, NoWorkingTime):
        # Taken in all the same; the desk then shows its age alone.
        return


def name_is_withheld(comment_id: int) -> bool:
    """Whether a report has taken the name of this voice away until it is decided."""
    open_ones = ContentReport.objects.filter(
        comment=comment_id, state=ContentReport.State.OPEN
    )
    return open_ones.exclude(withheld_name="").exists()


def hides_name(report: ContentReport) -> bool:
    """Whether the name that a report says to be false is away because of it."""
    return (
        report.reason == FALSE_ATTRIBUTION
        and report.is_open
        and not report.suspicious
        and name_is_withheld(report.comment_id)
    )


def withhold_name(report: ContentReport, participation: Participation) -> None:
    """Take the name from the voice and the register; the report keeps it meanwhile."""
    report.withheld_name = participation.public_name
    _name(participation, "")


def settle_name(report: ContentReport, *, restore: bool) -> None:
    """Give the name back, or let it go for good, once it is decided.

    While another report says the same of this voice, that one keeps it. A name that
    the author has written anew meanwhile stands.
    """
    name, report.withheld_name = report.withheld_name, ""
    if not name or not restore:
        return
    others = ContentReport.objects.filter(
        comment=report.comment_id,
        reason=FALSE_ATTRIBUTION,
        suspicious=False,
        state=ContentReport.State.OPEN,
    ).exclude(pk=report.pk)
    if others.exists():
        first = others.order_by("pk").values_list("pk", flat=True)[0]
        ContentReport.objects.filter(pk=first).update(withheld_name=name)
        return
    participation = Participation.objects.select_for_update().get(
        pk=report.comment.participation_id
    )
    if not participation.public_name and participation.state not in TAKEN_BACK:
        _name(participation, name)


def forget_name(participation: Participation) -> None:
    """Its author took the voice back: no report keeps the name for its return."""
    ContentReport.objects.filter(comment__participation=participation).update(
        withheld_name=""
    )


def _name(participation: Participation, name: str) -> None:
    participation.public_name = name
    participation.save(update_fields=["public_name"])
    if participation.state == State.PUBLISHED:
        rewrite(participation)


def decide_on(
    report: ContentReport,
    state: str,
    *,
    code: str,
    clause: str,
    actor,
    now: datetime,
    note: str = "",
) -> None:
    """Write a decision down; who may take it is for ``moderation.reports`` to say.

    The caller holds the report's row inside its transaction.
    """
    settle_name(report, restore=state == ContentReport.State.DISMISSED)
    report.state = state
    report.decided_at, report.decided_by = now, actor
    report.decision_code, report.decision_clause = code, clause
    report.decision_note = note
    report.save(
        update_fields=[
            "state",
            "decided_at",
            "decided_by",
            "decision_code",
            "decision_clause",
            "decision_note",
            "withheld_name",
        ]
    )
    record(
        report.consultation,
        f"report.{state}",
        actor=actor,
        at=now,
        data={
            "report": str(report.public_id),
            "comment": report.comment.key,
            "reason_code": code,
            "clause": clause,
        },
    )
    signals.content_report_decided.send(sender=ContentReport, report=report, now=now)


def settle_all(reports, *, code: str, clause: str, actor, now: datetime) -> None:
    """Uphold those of a queryset that are open: what they were about is gone."""
    open_ones = reports.filter(state=ContentReport.State.OPEN)
    for report in open_ones.select_for_update().order_by("pk"):
        decide_on(
            report,
            ContentReport.State.UPHELD,
            code=code,
            clause=clause,
            actor=actor,
            now=now,
        )
