"""What a consultation's desk says about moderation."""

from django.db.models import Count, Min
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.moderation.gates import queue_url
from wagtail_eparticipation.participations.models import Participation

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
