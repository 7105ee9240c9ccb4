"""What a consultation's desk says about its register and its late box."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import second_reading
from wagtail_eparticipation.participations.aggregates import ExternalAggregate
from wagtail_eparticipation.participations.assisted import ENTRY_STAGES
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
    """The way to the imports, and how faultless they are; two queries."""
    if consultation.stage(now) in _BEFORE:
        return None
    if not access.may(user, "moderate", consultation):
        return None
    number = consultation.import_batches.exclude(state="prepared").count()
    reading = second_reading.total_of(
        second_reading.readings_of(consultation).values() if number else ()
    )
    text = _("Files of other channels in this register.")
    if reading.rate is not None:
        text = _("Second reading: %(rate)s of the rows read differed.") % {
            # Set apart from the direction of the sentence.
            "rate": f"\u2068{reading.rate:.1f}%\u2069"
        }
    elif reading.open:
        text = _("Rows that a second person has still to read: %(rows)d") % {
            "rows": reading.open
        }
    return Card(
        title=_("Imports"),
        value=str(number),
        text=text,
        tone="warning" if reading.open else "",
        url=reverse("eparticipation_admin:imports", args=[consultation.pk]),
    )


def assisted_card(consultation, user, now) -> Card | None:
    """The way to the form for the counter and the telephone; no query."""
    if consultation.stage(now) not in ENTRY_STAGES:
        return None
    if not access.may(user, "moderate", consultation):
        return None
    return Card(
        title=_("Counter and telephone"),
        value="+",
        text=_("Enter what somebody says at the counter or on the telephone."),
        url=reverse("eparticipation_admin:assisted", args=[consultation.pk]),
    )


def aggregate_card(consultation, user, now) -> Card | None:
    """What other places counted; one query."""
    if consultation.stage(now) in _BEFORE:
        return None
    if not access.may(user, "moderate", consultation):
        return None
    number = ExternalAggregate.objects.in_force().filter(consultation=consultation)
    return Card(
        title=_("Figures of other places"),
        value=str(number.count()),
        text=_("Shown apart from the participations, never added to them."),
        url=reverse("eparticipation_admin:aggregates", args=[consultation.pk]),
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
