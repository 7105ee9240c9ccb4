"""Gates that ask the process itself: roles and audience (C.3, R-2.1c)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.gates import Missing, gate
from wagtail_eparticipation.consultations.models import Act, AudienceMode
from wagtail_eparticipation.consultations.people import Role


def desk_url(consultation, view: str = "desk", *args) -> str:
    """Admin address of a view on a consultation's desk; empty without our admin."""
    try:
        return reverse(f"eparticipation_admin:{view}", args=[consultation.pk, *args])
    except NoReverseMatch:
        return ""


def unfilled_roles(consultation) -> list[str]:
    """Labels of the roles that no active person holds, alone or as one of a group."""
    by_somebody = Q(user__is_active=True) | Q(group__user__is_active=True)
    held = set(consultation.roles.filter(by_somebody).values_list("role", flat=True))
    return [str(role.label) for role in Role if role not in held]


@gate("approve")
@gate("publish")
def roles_are_filled(consultation, now: datetime) -> Iterator[Missing]:
    """A topic cannot open while nobody answers for a part of it (R-2.1c)."""
    for label in unfilled_roles(consultation):
        yield Missing(
            _("Nobody holds this role: %(role)s.") % {"role": label},
            desk_url(consultation, "desk_roles"),
        )


@gate("publish")
def limited_audience_is_authorised(consultation, now: datetime) -> Iterator[Missing]:
    """Asking only some people needs a reason and a second person (R-5.1.3b)."""
    if consultation.audience_mode != AudienceMode.INVITED:
        return
    authorised = consultation.acts.filter(
        name="restrict_audience", state=Act.State.DONE
    )
    if not authorised.exists():
        yield Missing(
            _("The limited audience has not been authorised."),
            desk_url(consultation, "desk_act", "restrict_audience"),
        )
