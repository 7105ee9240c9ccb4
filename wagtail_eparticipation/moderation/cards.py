"""What a consultation's desk says about moderation."""

from django.db.models import Count, Min, Q
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.moderation.gates import queue_url, reports_url
from wagtail_eparticipation.participations.models import COUNTED, Participation, State

_BEFORE = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING})


def waiting_card(consultation, user, now) -> Card | None:
    """How many items wait, and for how long the oldest has; one query."""
    if consultation.stage(now) in _BEFORE:
        return None
    if not access.may(user, "moderate", consultation):
        return None
    waiting = (
        Participation.objects.filter(consultation=consultation)
        .waiting()
        .order_by()
        .aggregate(number=Count("pk"), oldest=Min("received_at"))
    )
    number = waiting["number"]
    if not number:
        return Card(
            title=_("Moderation"),
            value="0",
            text=_("Nothing waits for a decision."),
            url=queue_url(consultation),
            tone="success",
        )
    return Card(
        title=_("Moderation"),
        value=str(number),
        text=ngettext(
            "%(count)s participation has been waiting for %(age)s.",
            "%(count)s participations wait, the oldest for %(age)s.",
            number,
        )
        % {"count": number, "age": timesince(waiting["oldest"], now, depth=1)},
        url=queue_url(consultation),
        tone="warning",
    )


def quarantine_card(consultation, user, now) -> Card | None:
    """What is set aside as perhaps a program's work, and what became of the rest.

    Nothing where nothing ever was; one query.
    """
    if consultation.stage(now) in _BEFORE:
        return None
    if not access.may(user, "moderate", consultation):
        return None
    numbers = Participation.objects.filter(consultation=consultation).aggregate(
        waiting=Count("pk", filter=Q(state=State.QUARANTINED)),
        refused=Count("pk", filter=Q(suspicious=True, state=State.REFUSED)),
        released=Count("pk", filter=Q(suspicious=True, state__in=COUNTED)),
    )
    if not any(numbers.values()):
        return None
    return Card(
        title=_("In quarantine"),
        value=str(numbers["waiting"]),
        text=_(
            "Set aside as perhaps a program's work, counted nowhere else. Of those"
            " decided: released %(released)d, refused %(refused)d."
        )
        % numbers,
        url=f"{queue_url(consultation)}&state={State.QUARANTINED}",
        tone="warning" if numbers["waiting"] else "",
    )


def reports_card(consultation, user, now) -> Card | None:
    """How many reports wait, and how many past their target; nothing without any."""
    if not access.may(user, "moderate", consultation):
        return None
    numbers = consultation.content_reports.filter(
        state=ContentReport.State.OPEN
    ).aggregate(waiting=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=now)))
    waiting, overdue = numbers["waiting"], numbers["overdue"]
    if not waiting:
        return None
    return Card(
        title=_("Content reports"),
        value=str(waiting),
        text=ngettext(
            "Reports of published voices wait for a decision; %(count)s is overdue.",
            "Reports of published voices wait for a decision; %(count)s are overdue.",
            overdue,
        )
        % {"count": overdue}
        if overdue
        else _("Reports of published voices wait for a decision."),
        url=reports_url(consultation),
        tone="warning",
    )
