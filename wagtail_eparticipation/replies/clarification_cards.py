"""What a consultation's desk shows of clarifications and of what was said."""

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.locks import UNSEEN
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.replies.clarifications import Clarification


def clarifications_card(consultation, user, now) -> Card | None:
    """How many are shown, and how many wait for a language; one query."""
    if consultation.stored_stage in UNSEEN:
        return None
    if not access.may(user, "reply", consultation):
        return None
    pending = pending_of(consultation) if consultation.clarification_count else 0
    return Card(
        title=_("Questions and answers"),
        value=str(consultation.clarification_count),
        text=_("Translation pending: %(number)s") % {"number": pending},
        tone="warning" if pending else "",
        url=reverse("eparticipation_admin:clarifications", args=[consultation.pk]),
    )


def pending_of(consultation) -> int:
    """How many of those shown are not in every language of the site."""
    codes = [code for code, _name in content_languages()]
    in_force = Q(versions__number=F("version"), versions__texts__language__in=codes)
    rows = Clarification.objects.filter(consultation=consultation, withdrawn_at=None)
    counted = rows.annotate(languages=Count("versions__texts", filter=in_force))
    return counted.filter(languages__lt=len(codes)).count()


def communications_card(consultation, user, now) -> Card | None:
    """The way to everything that was said, for whoever works with the topic."""
    if consultation.stored_stage in UNSEEN:
        return None
    return Card(
        title=_("Communications"),
        value="",
        text=_("Everything that the municipality said on this topic."),
        url=reverse("eparticipation_admin:communications", args=[consultation.pk]),
    )
