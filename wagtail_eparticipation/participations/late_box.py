"""Admitting what came late: a recorded act with evidence or a reason (R-5.4.1b)."""

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.windows import hold_exclusive
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import once, tools
from wagtail_eparticipation.participations.door import CONFIRM_WITHIN
from wagtail_eparticipation.participations.models import Participation, State

#: Once a decision is recorded its basis does not change any more.
ADMITTING_STAGES = frozenset({Stage.COLLECTING, Stage.ANALYSING})


class CannotAdmit(ValueError):
    """The item is not in the late box, or it is too late for the decision."""


@transaction.atomic
def admit(participation: Participation, *, actor, ground: str) -> Participation:
    """Take an item out of the late box into the register.

    Needs the duty 'authorise' and a ground, which the ledger keeps. The figures that
    were frozen before stay as they are; an addendum follows (AC-S4-A1). Where the
    address is not confirmed yet, its author is asked now and it counts from then on.
    """
    consultation = participation.consultation
    access.require(actor, "authorise", consultation)
    if not ground.strip():
        raise CannotAdmit(_("Say why this participation is admitted."))
    hold_exclusive(consultation)
    now = clock.database_now()
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    if locked.state != State.LATE:
        raise CannotAdmit(_("This participation is not in the late box."))
    if locked.consultation.stage(now) not in ADMITTING_STAGES:
        raise CannotAdmit(
            _("The analysis is finished; nothing can be admitted any more.")
        )
    earlier = None
    if locked.confirm_until is not None:
        locked.state, locked.confirm_until = State.UNCONFIRMED, now + CONFIRM_WITHIN
    else:
        reviewed = tools.is_read(locked.tool, locked.text)
        locked.state = State.RECEIVED if reviewed else State.UNPUBLISHED
        earlier = once.take_place(locked, now=now)
    locked.save(
        update_fields=["state", "confirm_until", "once_key", "replaces", "revision"]
    )
    record(
        consultation,
        "participation.admitted",
        actor=actor,
        at=now,
        data={"participation": str(locked.public_id), "ground": ground},
    )
    if earlier is not None:
        once.announce(earlier, locked, now=now)
    signals.participation_admitted.send(
        sender=Participation, participation=locked, now=now
    )
    return locked
