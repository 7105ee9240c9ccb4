"""Taking one's own participation back, until closing (R-6.4.1e, AC-S3-B2)."""

from django.db import transaction

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.identity import destroy
from wagtail_eparticipation.participations.models import Participation, State


class TooLateToWithdraw(ValueError):
    """The period is over, or the participation is out of the register already."""


#: States in which a participant may still take it back.
WITHDRAWABLE = frozenset(
    {
        State.RECEIVED,
        State.PUBLISHED,
        State.UNPUBLISHED,
        State.QUARANTINED,
        State.UNCONFIRMED,
        # What is not counted anyway still holds a name and an address.
        State.REFUSED,
        State.TAKEN_DOWN,
        State.REPLACED,
        State.LATE,
    }
)


@transaction.atomic
def withdraw(participation: Participation) -> Participation:
    """Take a participation out: text unseen, identity destroyed, the fact kept."""
    window = hold_shared(participation.consultation)
    now = clock.database_now()
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    if window is None or now >= window.closes_at or locked.state not in WITHDRAWABLE:
        raise TooLateToWithdraw
    before = locked.state
    locked.state = State.WITHDRAWN
    locked.public_name = locked.person_key = locked.invited_key = ""
    locked.once_key = None
    locked.save(
        update_fields=["state", "public_name", "person_key", "invited_key", "once_key"]
    )
    destroy(locked, ground="withdrawn")
    record(
        locked.consultation,
        "participation.withdrawn",
        at=now,
        data={"participation": str(locked.public_id), "from": before},
    )
    signals.participation_withdrawn.send(
        sender=Participation, participation=locked, state_from=before, now=now
    )
    participation.state = locked.state
    return locked
