"""Deciding about reports of published voices (R-8.2b).

A report is dismissed with a reason, or upheld: by a decision about the participation
itself, which settles every open report of it, or, for a false attribution alone, by
letting the name stay away.
"""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.report_reasons import (
    FALSE_ATTRIBUTION,
    TAKEN_BACK,
)
from wagtail_eparticipation.discussion.reporting import decide_on, settle_all
from wagtail_eparticipation.moderation.errors import CannotDecide
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.participations.models import Participation

#: The clause on which the handling of reports rests.
CLAUSE = "P-8.2"


class Dismissal(models.TextChoices):
    """Why nothing follows from a report."""

    NO_BREACH = "report.no_breach", _("It breaks none of the rules")
    CRITICISM = "report.criticism", _("It criticises work, which is allowed")
    NOT_FALSE = "report.not_false", _("The attribution was found to be right")
    DECIDED_BEFORE = "report.decided_before", _("The same was decided before")
    GONE = "report.gone", _("It is not shown any more")
    UNCLEAR = "report.unclear", _("The report cannot be understood")


#: What upholds a false attribution without taking the words down.
NAME_REMOVED = "report.name_removed"

#: Names of what reports were decided by, where no reason of the policy was given.
CODE_LABELS = {
    **dict(Dismissal.choices),
    TAKEN_BACK: _("The official reply was taken back"),
    NAME_REMOVED: _("The name was removed for good"),
}


class ReportDecided(CannotDecide):
    """Somebody has decided about this report already."""

    def __init__(self):
        super().__init__(gettext("This report has been decided meanwhile."))


class NoFalseName(CannotDecide):
    """Only a report of false attribution can have a name removed."""

    def __init__(self):
        super().__init__(gettext("This report is not about a false attribution."))


@transaction.atomic
def dismiss(
    report: ContentReport, code: str, *, actor, note: str = "", now=None
) -> ContentReport:
    """Find that nothing follows; a name that was taken away is shown again."""
    held, now = _hold(report, actor, now)
    decide_on(
        held,
        ContentReport.State.DISMISSED,
        code=Dismissal(code).value,
        clause=CLAUSE,
        actor=actor,
        now=now,
        note=note.strip(),
    )
    return held


@transaction.atomic
def remove_name(
    report: ContentReport, *, actor, note: str = "", now=None
) -> ContentReport:
    """Uphold a false attribution: the words stay, the name stays away."""
    held, now = _hold(report, actor, now)
    if held.reason != FALSE_ATTRIBUTION or not held.comment.participation_id:
        raise NoFalseName
    decide_on(
        held,
        ContentReport.State.UPHELD,
        code=NAME_REMOVED,
        clause=held.clause or CLAUSE,
        actor=actor,
        now=now,
        note=note.strip(),
    )
    return held


def settle_by_decision(sender, participation, decision, now, **kwargs) -> None:
    """A receiver of ``participation_moderated``: taken down, its reports are upheld.

    Not before a second person has confirmed it, where one must.
    """
    if decision.outcome != Outcome.TAKE_DOWN or decision.is_in_effect:
        return
    settle_all(
        ContentReport.objects.filter(comment__participation=participation.pk),
        code=decision.full_code,
        clause=decision.clause,
        actor=decision.second_person or decision.decided_by,
        now=now,
    )


def _hold(report, actor, now: datetime | None) -> tuple[ContentReport, datetime]:
    """The report under lock, after its participation: the order of all such acts."""
    access.require(actor, "moderate", report.consultation)
    if report.comment.participation_id:
        Participation.objects.select_for_update().get(
            pk=report.comment.participation_id
        )
    held = ContentReport.objects.select_for_update().get(pk=report.pk)
    if not held.is_open:
        raise ReportDecided
    return held, now or clock.database_now()
