"""What a consultation's desk says about its register and its late box."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations.models import COUNTED, Participation, State

_BEFORE = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING})
_READERS = ("moderate", "analyse", "close")


def register_card(consultation, user, now) -> Card | None:
    """How many count, of how many that came in; one query."""
    if consultation.stage(now) in _BEFORE:
        return None
    if not any(access.may(user, duty, consultation) for duty in _READERS):
        return None
    numbers = Participation.objects.filter(consultation=consultation).aggregate(
        rows=Count("pk"), counted=Count("pk", filter=Q(state__in=COUNTED))
    )
    address = reverse("eparticipation_admin:register")
    return Card(
        title=_("Register of participations"),
        value=str(numbers["counted"]),
        text=_("Counted, of %(rows)s in the register.") % {"rows": numbers["rows"]},
        url=f"{address}?{urlencode({'consultation': consultation.pk})}",
    )


def import_card(consultation, user, now) -> Card | None:
    """The way to the imports, for those who may enter voices; one query."""
    if consultation.stage(now) in _BEFORE:
        return None
    if not access.may(user, "moderate", consultation):
        return None
    number = consultation.import_batches.exclude(state="prepared").count()
    return Card(
        title=_("Imports"),
        value=str(number),
        text=_("Files of other channels in this register."),
        url=reverse("eparticipation_admin:imports", args=[consultation.pk]),
    )


def late_card(consultation, user, now) -> Card | None:
    """What lies in the late box, for those who may admit it; one query."""
    if consultation.stage(now) in _BEFORE:
        return None
    if not access.may(user, "authorise", consultation):
        return None
    number = consultation.participations.filter(state=State.LATE).count()
    if not number:
        return None
    return Card(
        title=_("Late box"),
        value=str(number),
        text=_("Arrived after closing; kept, not counted."),
        url=reverse("eparticipation_admin:late_box", args=[consultation.pk]),
    )
