"""One person, one voice: a later one of the same tool takes the earlier's place.

Only where the topic tells people apart. The earlier row stays in the register, not
counted, with its receipt; the later one carries on its numbering (R-7.5a, AC-S4-C3).
"""

from datetime import datetime

from wagtail_eparticipation import signals
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.identity import keyed_hash
from wagtail_eparticipation.participations.models import COUNTED, Participation, State

#: States whose place in the totals the later one takes.
_TAKES_THE_PLACE_OF = COUNTED | {State.QUARANTINED}


def person_of(person_key: str, invited_key: str) -> str:
    """Under which key somebody is one person; empty where nobody is told apart.

    An invitation of one's own is for one person, whoever uses it; a group's code is
    for many, who are told apart by address, account or identity alone.
    """
    if invited_key and not invited_key.startswith("g"):
        return invited_key
    return person_key


def key_of(row: Participation) -> str | None:
    """What only one participation at a time may hold; ``None`` where many may."""
    person = person_of(row.person_key, row.invited_key)
    subject = tools.get(row.tool).once(row) if person else None
    if subject is None:
        return None
    return keyed_hash("once", f"{person}:{row.tool}:{subject}")


def take_place(row: Participation, *, now: datetime) -> Participation | None:
    """Give ``row`` the place of its person; returns the one that held it before.

    In the transaction of the act, with the window held. Sets the fields of ``row``
    and leaves saving it to the caller, who must be ready for an ``IntegrityError``
    when the same person does it twice at once.
    """
    row.once_key = key_of(row)
    if row.once_key is None:
        return None
    earlier = _holder(row) or _other_of_account(row)
    if earlier is None:
        return None
    before = earlier.state
    earlier.once_key = None
    if before in _TAKES_THE_PLACE_OF:
        earlier.state = State.REPLACED
        row.replaces, row.revision = earlier, earlier.revision + 1
    earlier.save(update_fields=["once_key", "state"])
    return earlier if earlier.state == State.REPLACED else None


def later_of(row: Participation) -> Participation | None:
    """What the same person sent after ``row`` and has in its place already.

    One that was refused holds no place in the totals, so it keeps nobody out of them.
    """
    key = key_of(row)
    if key is None:
        return None
    return Participation.objects.filter(
        consultation=row.consultation_id,
        once_key=key,
        received_at__gt=row.received_at,
        state__in=_TAKES_THE_PLACE_OF,
    ).first()


def _other_of_account(row: Participation) -> Participation | None:
    """What an account or address sent with another invitation; locked."""
    if not (row.person_key and row.invited_key):
        return None
    others = Participation.objects.filter(
        consultation=row.consultation_id,
        person_key=row.person_key,
        tool=row.tool,
        once_key__isnull=False,
    )
    subject = tools.get(row.tool).once
    rows = others.exclude(pk=row.pk)
    found = next((each.pk for each in rows if subject(each) == subject(row)), None)
    # Locked by its key alone: on MariaDB the search would lock every row it passes.
    locked = Participation.objects.select_for_update().filter(pk=found)
    return locked.first() if found else None


def _holder(row: Participation) -> Participation | None:
    """Who holds the key now, locked; whoever waits for a lock looks again."""
    held = Participation.objects.filter(
        consultation=row.consultation_id, once_key=row.once_key
    ).exclude(pk=row.pk)
    while True:
        # Not locked by the key: on MariaDB two that find nothing block each other.
        found = held.values_list("pk", flat=True).first()
        if found is None:
            return None
        earlier = Participation.objects.select_for_update().get(pk=found)
        if earlier.once_key == row.once_key:
            return earlier


def announce(earlier: Participation, row: Participation, *, now: datetime) -> None:
    """Note and tell that ``row``, now saved, stands in the place of ``earlier``."""
    record(
        row.consultation,
        "participation.replaced",
        at=now,
        data={"participation": str(earlier.public_id), "by": str(row.public_id)},
    )
    signals.participation_replaced.send(
        sender=Participation, participation=earlier, by=row, now=now
    )
