"""Confirming the address with which somebody took part (S3-L).

What was sent counts by the time of sending, even if the confirmation comes after the
closing; it must come within :data:`participations.door.CONFIRM_WITHIN`.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.windows import hold_exclusive
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import once, tools
from wagtail_eparticipation.participations.late_box import ADMITTING_STAGES
from wagtail_eparticipation.participations.models import Participation, State


class TooLateToConfirm(ValidationError):
    """The time for it is over, or the analysis is; the participation does not count."""


def too_late_words() -> str:
    """That it cannot be confirmed any more, and what can still be done."""
    return _(
        "It is too late to confirm this participation: it is kept and does not"
        " count. As long as the topic is open you can take part again."
    )


def is_too_late(participation: Participation, now: datetime) -> bool:
    """Whether one that was never confirmed cannot be confirmed at ``now``."""
    until = participation.confirm_until
    in_time = until is not None and now < until
    return not in_time or participation.consultation.stage(now) not in ADMITTING_STAGES


@transaction.atomic
def confirm(participation: Participation) -> Participation:
    """Let a participation count whose author followed the link; twice does nothing.

    One that the same person sent before gives up its place; where a later one stands
    there already, that one goes on to count. After the closing the
    frozen figures stay, and an addendum follows. Raises :class:`TooLateToConfirm`.
    """
    # Not shared: two that one person confirms at once come one after the other.
    hold_exclusive(participation.consultation)
    now = clock.database_now()
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    if locked.state != State.UNCONFIRMED:
        return locked
    if is_too_late(locked, now):
        raise TooLateToConfirm(too_late_words(), code="too_late")
    locked.confirm_until = None
    later = once.later_of(locked)
    if later is not None:
        locked.state = State.REPLACED
        locked.save(update_fields=["state", "confirm_until"])
        once.announce(locked, later, now=now)
        return locked
    read = tools.is_read(locked.tool, locked.text)
    locked.state = State.RECEIVED if read else State.UNPUBLISHED
    if locked.suspicious:
        locked.state = State.QUARANTINED
    earlier = once.take_place(locked, now=now)
    locked.save(
        update_fields=["state", "confirm_until", "once_key", "replaces", "revision"]
    )
    record(
        locked.consultation,
        "participation.confirmed",
        at=now,
        data={"participation": str(locked.public_id)},
    )
    if earlier is not None:
        once.announce(earlier, locked, now=now)
    signals.participation_confirmed.send(
        sender=Participation, participation=locked, now=now
    )
    return locked
