"""What moderation asks before a topic may be formally closed (C.3)."""

from django.urls import reverse
from django.utils.translation import ngettext

from wagtail_eparticipation.consultations.gates import Missing, gate
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.moderation.early import to_be_reviewed
from wagtail_eparticipation.moderation.models import ModerationDecision, Outcome
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.participations.models import Participation


def waiting_in(consultation) -> int:
    """How many participations nobody has decided about."""
    return Participation.objects.filter(consultation=consultation).waiting().count()


def queue_url(consultation) -> str:
    """The queue, narrowed to one topic."""
    queue = reverse("eparticipation_admin:moderation")
    return f"{queue}?consultation={consultation.pk}"


def reports_url(consultation) -> str:
    """The list of reports, narrowed to one topic."""
    return f"{reverse('eparticipation_admin:reports')}?consultation={consultation.pk}"


@gate("close")
def no_report_waits(consultation, now):
    """Refuse to close while a report of a published voice is undecided (R-8.2b)."""
    waiting = consultation.content_reports.filter(
        state=ContentReport.State.OPEN
    ).count()
    if waiting:
        yield Missing(
            ngettext(
                "%(count)s report of a published voice waits for a decision.",
                "%(count)s reports of published voices wait for a decision.",
                waiting,
            )
            % {"count": waiting},
            url=reports_url(consultation),
        )


@gate("close")
def nobody_waits(consultation, now):
    """Refuse to close while a participation waits for a decision (R-5.6)."""
    waiting = waiting_in(consultation)
    if waiting:
        yield Missing(
            ngettext(
                "%(count)s participation waits for a moderator's decision.",
                "%(count)s participations wait for a moderator's decision.",
                waiting,
            )
            % {"count": waiting},
            url=queue_url(consultation),
        )


@gate("close")
def nobody_is_unread(consultation, now):
    """Refuse to close while something is to be read that was published at once."""
    rows = Participation.objects.filter(consultation=consultation)
    unread = to_be_reviewed(rows).count()
    if unread:
        yield Missing(
            ngettext(
                "%(count)s participation was published at once and is to be reviewed.",
                "%(count)s participations were published at once and are to be "
                "reviewed.",
                unread,
            )
            % {"count": unread},
            url=f"{queue_url(consultation)}&state=unread",
        )


@gate("close")
@gate("archive")
def nothing_is_unconfirmed(consultation, now):
    """Refuse while a second person has not confirmed what was taken down at once."""
    open_ones = (
        ModerationDecision.objects.awaiting_confirmation()
        .filter(participation__consultation=consultation, outcome=Outcome.TAKE_DOWN)
        .count()
    )
    if open_ones:
        yield Missing(
            ngettext(
                "%(count)s participation was taken down and awaits a second person.",
                "%(count)s participations were taken down and await a second person.",
                open_ones,
            )
            % {"count": open_ones},
            url=reverse("eparticipation_admin:moderation_proposals"),
        )


@gate("close")
def no_objection_waits(consultation, now):
    """Refuse to close while an author's objection is undecided (R-7.0.2d)."""
    waiting = Objection.objects.filter(
        participation__consultation=consultation, state=Objection.State.OPEN
    ).count()
    if waiting:
        yield Missing(
            ngettext(
                "%(count)s objection waits for a decision.",
                "%(count)s objections wait for a decision.",
                waiting,
            )
            % {"count": waiting},
            url=reverse("eparticipation_admin:objections"),
        )
