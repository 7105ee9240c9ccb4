"""How the desk keeps its hours: clocks, deferrals, alerts as tables (R-6.5.1f)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import date_words, instant_words
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.consultations.vocabulary_names import names_of
from wagtail_eparticipation.replies.cards import late_at
from wagtail_eparticipation.replies.figures import quantile, share
from wagtail_eparticipation.replies.models import OURS, Case
from wagtail_eparticipation.replies.referrals import Escalation, Referral
from wagtail_eparticipation.replies.tables import Figures

State = Case.State

#: Overdue questions and alerts that the page lists.
_SHOWN = 50


def cases(consultation, now: datetime) -> Figures:
    """What came to the desk and where it stands; one query."""
    numbers = consultation.cases.aggregate(
        every=Count("pk"),
        about=Count("pk", filter=Q(about__isnull=False)),
        reports=Count("pk", filter=Q(report__isnull=False)),
        ours=Count("pk", filter=Q(state__in=OURS)),
        late=Count("pk", filter=late_at(now)),
        deferred=Count("pk", filter=Q(state=State.DEFERRED)),
        answered=Count("pk", filter=Q(state=State.ANSWERED)),
        outside=Count("pk", filter=Q(state=State.OUTSIDE)),
        closed=Count("pk", filter=Q(state=State.CLOSED)),
    )
    settled = numbers["answered"] + numbers["outside"]
    every = numbers["every"]
    rows = [
        (_("All cases"), (every,)),
        (_("From the contact form"), (every - numbers["about"] - numbers["reports"],)),
        (_("From participations"), (numbers["about"],)),
        (_("From reports of voices"), (numbers["reports"],)),
        (_("Waiting for us"), (numbers["ours"],)),
        (_("Of these, overdue"), (numbers["late"],)),
        (_("Waiting for a competent entity"), (numbers["deferred"],)),
        (_("Answered by us"), (numbers["answered"],)),
        (_("Outside competence"), (numbers["outside"],)),
        (_("Closed without an answer"), (numbers["closed"],)),
        (_("Share answered, in percent"), (share(settled, every),)),
    ]
    return Figures("cases", _("Cases"), _("Cases"), (_("Number"),), rows)


def clocks(consultation) -> Figures:
    """Median, p90 and share within target of both clocks; two queries of numbers."""
    values = consultation.cases.filter(first_answered_at__isnull=False).values_list(
        "worked_minutes",
        "elapsed_minutes",
        "resolve_worked_minutes",
        "resolve_elapsed_minutes",
    )
    columns: tuple[list[int], ...] = ([], [], [], [])
    for row in values.iterator(2000):
        for column, minutes in zip(columns, row, strict=True):
            if minutes is not None:
                column.append(minutes)
    for column in columns:
        column.sort()
    met = consultation.cases.aggregate(
        first=Count("pk", filter=Q(first_answered_at__lte=F("due_at"))),
        first_of=Count(
            "pk", filter=Q(first_answered_at__isnull=False, due_at__isnull=False)
        ),
        whole=Count("pk", filter=_ANSWERED & Q(resolved_at__lte=F("resolve_due_at"))),
        whole_of=Count("pk", filter=_ANSWERED & Q(resolve_due_at__isnull=False)),
    )
    within = (
        share(met["first"], met["first_of"]),
        share(met["whole"], met["whole_of"]),
    )
    labels = (
        _("First answer, working minutes"),
        _("First answer, minutes that went by"),
        _("Settlement, working minutes"),
        _("Settlement, minutes that went by"),
    )
    rows = []
    for place, (label, column) in enumerate(zip(labels, columns, strict=True)):
        target = None if place % 2 else within[place // 2]
        figures = (len(column), quantile(column, 0.5), quantile(column, 0.9), target)
        rows.append((label, figures))
    return Figures(
        "clocks",
        _("How fast answers go out"),
        _("Clock"),
        (_("Number"), _("Median"), _("90 percent within"), _("Within target, percent")),
        rows,
        note=_(
            "Working minutes leave out nights, weekends and holidays, and the time in"
            " which a competent entity was asked."
        ),
    )


#: Settled with an answer: what was closed without one has no speed.
_ANSWERED = Q(state__in=[State.ANSWERED, State.OUTSIDE], resolved_at__isnull=False)


def deferrals(consultation, now: datetime) -> Figures:
    """Questions by who was asked, and how long each took; two queries."""
    found: dict[tuple, dict] = {}
    rows = _referrals(consultation).values_list(
        "department_id", "body", "state", "worked_minutes", "due_at", "settled_at"
    )
    for department, body, state, worked, due, settled in rows.iterator(2000):
        entry = found.setdefault(
            (department, body), {"asked": 0, "open": 0, "late": 0, "minutes": []}
        )
        entry["asked"] += 1
        entry["open"] += state == Referral.State.ASKED
        entry["late"] += (settled or now) > due
        if state == Referral.State.ANSWERED and worked is not None:
            entry["minutes"].append(worked)
    names = names_of(Department)
    lines = []
    for (department, body), entry in found.items():
        minutes = sorted(entry["minutes"])
        figures = (
            entry["asked"],
            entry["open"],
            entry["late"],
            quantile(minutes, 0.5),
            quantile(minutes, 0.9),
        )
        lines.append((names.get(department, "") or body, figures))
    return Figures(
        "deferrals",
        _("Questions to competent entities"),
        _("Competent entity"),
        (
            _("Asked"),
            _("Without an answer"),
            _("Later than expected"),
            _("Median, working minutes"),
            _("90 percent within"),
        ),
        sorted(lines, key=lambda line: (-line[1][0], line[0])),
    )


def overdue(consultation, now: datetime) -> Figures:
    """Questions whose answer should be there, the oldest first."""
    late = (
        _referrals(consultation)
        .filter(state=Referral.State.ASKED, due_at__lte=now)
        .defer("question", "answer")
        .order_by("due_at", "id")[:_SHOWN]
    )
    names = names_of(Department)
    rows, links = [], {}
    for place, referral in enumerate(late):
        entity = names.get(referral.department_id, "") or referral.body
        due, reminders = date_words(referral.due_at), referral.reminders
        rows.append((referral.number, (entity, due, reminders)))
        links[place] = reverse(
            "eparticipation_admin:referral", args=[referral.public_id]
        )
    return Figures(
        "overdue",
        _("Overdue questions"),
        _("Number"),
        (_("Competent entity"), _("Answer expected by"), _("Reminders")),
        rows,
        links=links,
    )


def alerts(consultation) -> Figures:
    """Whom the clock alarmed lately: what was late, which step, when."""
    rows = [
        (
            row.get_subject_display(),
            (
                row.case.number if row.case else None,
                row.step,
                instant_words(row.raised_at),
            ),
        )
        for row in Escalation.objects.filter(consultation=consultation)
        .select_related("case")
        .defer("case__text", "case__subject")
        .order_by("-id")[:_SHOWN]
    ]
    return Figures(
        "alerts",
        _("Alerts about delays"),
        _("What was late"),
        (_("Case"), _("Step"), _("Told at")),
        rows,
    )


def _referrals(consultation):
    return Referral.objects.filter(case__consultation=consultation).order_by("id")


def tables(consultation, now: datetime) -> Iterable[Figures]:
    """All of them, in the order of the page."""
    return [
        cases(consultation, now),
        clocks(consultation),
        deferrals(consultation, now),
        overdue(consultation, now),
        alerts(consultation),
    ]
