"""Whether the portal takes anything in now; what that is, is for others to say."""

from datetime import datetime

from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.channel_table import off_since
from wagtail_eparticipation.consultations.windows import hold_shared, stored_stage
from wagtail_eparticipation.participations import admission
from wagtail_eparticipation.participations.models import Channel
from wagtail_eparticipation.participations.refusals import (
    DoorRefusal,
    Shut,
    refusal_of,
)


def hold_open(consultation) -> datetime:
    """Hold the window for an act beside the register, such as a support.

    In a transaction; returns the instant of the database's clock. Raises a
    :class:`DoorRefusal` outside the period, and while the portal is switched off.
    """
    window = hold_shared(consultation)
    now = clock.database_now()
    verdict = _on_the_portal(window, now, stored_stage(consultation))
    if verdict.kind == "late":
        raise Shut(_("The period of participation is over."), code="shut")
    if refusal := refusal_of(verdict, window, Channel.PORTAL):
        raise refusal
    return now


def refusal_now(consultation) -> DoorRefusal | None:
    """What anybody would be told who sends something just now, before sending it."""
    window = getattr(consultation, "window", None)
    verdict = _on_the_portal(window, clock.now(), consultation.stored_stage)
    return refusal_of(verdict, window, Channel.PORTAL)


def _on_the_portal(window, now: datetime, stored: str) -> admission.Verdict:
    return admission.judge(
        stored,
        window and window.opens_at,
        window and window.closes_at,
        bool(window and window.accepting),
        now=now,
        channel=Channel.PORTAL,
        made_at=now,
        off_since=off_since(window, Channel.PORTAL),
    )
