"""What a consultation's desk says about its invitations."""

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.participations import persons
from wagtail_eparticipation.participations.invitation_acts import (
    waiting_for_letter,
    waiting_for_mail,
)


def invitations_card(consultation, user, now) -> Card | None:
    """How many are invited, and how many wait; three queries at most."""
    if not persons.asks_for_code(consultation):
        return None
    if not access.may(user, "request", consultation):
        return None
    number = consultation.invitations.count()
    waiting = number and (
        waiting_for_mail(consultation).count()
        + waiting_for_letter(consultation).count()
    )
    return Card(
        title=_("Invitations"),
        value=str(number),
        text=_("Not sent or printed yet: %(waiting)d") % {"waiting": waiting},
        tone="warning" if waiting else "",
        url=reverse("eparticipation_admin:invitations", args=[consultation.pk]),
    )
