"""What a consultation's desk shows of enquiries, complaints and channels."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.calendars.words import last_day
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.channel_table import (
    closed_in_table,
    differing_twins,
    is_off,
    kinds_of,
    table_of,
)
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.replies.models import OPEN, OURS, Case, Handover
from wagtail_eparticipation.replies.referrals import Referral


def means_card(consultation, user, now) -> Card | None:
    """How many of the channels are open, and twins that run on other days."""
    named = kinds_of(consultation)
    if not named:
        return None
    window = getattr(consultation, "window", None)
    shut = closed_in_table(consultation)
    usable = [each for each in named if each not in shut and not is_off(window, each)]
    text, tone = _("Open, of %(all)s in the table of means.") % {"all": len(named)}, ""
    if window is not None and differing_twins(
        table_of(consultation),
        window.opens_at.astimezone(municipal_zone()).date(),
        last_day(window.closes_at),
    ):
        text = _("A national platform runs on other days than the portal.")
        tone = "warning"
    return Card(
        title=_("Ways to take part"),
        value=str(len(usable)),
        text=text,
        tone=tone,
        url=reverse("eparticipation_admin:channels", args=[consultation.pk]),
    )


def cases_card(consultation, user, now) -> Card | None:
    """Enquiries that wait for an answer, for those who answer; one query."""
    if not access.may(user, "reply", consultation):
        return None
    numbers = consultation.cases.aggregate(
        waiting=Count("pk", filter=Q(state__in=OPEN)),
        late=Count("pk", filter=late_at(now)),
        deferred=Count("pk", filter=Q(state=Case.State.DEFERRED)),
    )
    address = reverse("eparticipation_admin:cases")
    return Card(
        title=_("Enquiries without an answer"),
        value=str(numbers["waiting"]),
        text=_("Overdue: %(late)s; competent entities asked: %(deferred)s") % numbers,
        tone="warning" if numbers["late"] else "",
        url=f"{address}?{urlencode({'consultation': consultation.pk})}",
    )


def late_at(now) -> Q:
    """Cases whose next step is ours and past its target."""
    unanswered = Q(first_answered_at=None, due_at__lt=now)
    return Q(state__in=OURS) & (unanswered | Q(resolve_due_at__lt=now))


def figures_card(consultation, user, now) -> Card | None:
    """The way to the figures; overdue questions to departments stand out."""
    if not may_see_figures(user, consultation):
        return None
    overdue = Referral.objects.filter(
        case__consultation=consultation,
        state=Referral.State.ASKED,
        due_at__lte=now,
    ).count()
    return Card(
        title=_("Figures of participation and replies"),
        value=str(overdue) if overdue else "",
        text=ngettext(
            "%(count)s competent entity is overdue with its answer.",
            "%(count)s competent entities are overdue with their answers.",
            overdue,
        )
        % {"count": overdue}
        if overdue
        else _("Channels, queue, spikes, and how fast answers go out."),
        tone="warning" if overdue else "",
        url=reverse("eparticipation_admin:dashboard", args=[consultation.pk]),
    )


def may_see_figures(user, consultation) -> bool:
    """Who sees, answers or analyses a topic sees its figures."""
    return any(
        access.may(user, duty, consultation) for duty in ("see", "reply", "analyse")
    )


def complaints_card(consultation, user, now) -> Card | None:
    """Complaints handed over, and those on their way; nothing while there is none."""
    if not access.may(user, "moderate", consultation):
        return None
    numbers = Handover.objects.filter(
        participation__consultation=consultation
    ).aggregate(
        rows=Count("pk"),
        handed=Count("pk", filter=Q(state=Handover.State.HANDED)),
        failed=Count("pk", filter=Q(state=Handover.State.FAILED)),
    )
    if not numbers["rows"]:
        return None
    return Card(
        title=_("Complaints handed over"),
        value=str(numbers["handed"]),
        text=_("Of %(rows)s passed on; failed: %(failed)s.") % numbers,
        tone="warning" if numbers["failed"] else "",
        url=reverse("eparticipation_admin:complaints", args=[consultation.pk]),
    )
