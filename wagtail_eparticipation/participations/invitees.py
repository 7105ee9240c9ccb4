"""Whom an invitation reaches: sealed, and the code with it only until it is sent.

Nothing here equals anything that an answer keeps: the hash of an address is another
one than that of an identity with the same address (AC-S1-E3).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    keyed_hash,
    open_text,
    seal_text,
)
from wagtail_eparticipation.participations.invitations import Invitation
from wagtail_eparticipation.participations.models import PersonKey

#: Rows named in one statement; SQLite takes no more than a thousand or so.
AT_ONCE = 500


@dataclass(frozen=True)
class Invitee:
    """Somebody who is invited; ``code`` is empty once it was sent."""

    name: str = ""
    email: str = ""
    code: str = ""


def hash_of_address(consultation, email: str) -> str:
    """By which an address is invited once; of use in this topic alone."""
    value = f"{consultation.pk}:{email.strip().lower()}"
    return keyed_hash("invited-address", value)


def hash_of_letter(consultation, name: str, segment_id: int | None) -> str:
    """The same for somebody without an address: by name and segment."""
    value = f"{consultation.pk}:{segment_id}:{search_key(name)}"
    return keyed_hash("invited-letter", value)


def hash_of_group(consultation, label: str) -> str:
    """The same for a group: its name is given once, so that no code is made twice."""
    value = f"{consultation.pk}:{search_key(label)}"
    return keyed_hash("invited-group", value)


def sealed(invitee: Invitee, now: datetime) -> tuple[PersonKey, bytes]:
    """The person under a key of their own, which is not saved yet."""
    return seal_text(json.dumps(asdict(invitee), ensure_ascii=False), now)


def opened(invitation: Invitation) -> Invitee | None:
    """The person; ``None`` once that was destroyed or cannot be read."""
    if invitation.key is None:
        return None
    try:
        content = open_text(invitation.key, invitation.sealed)
    except IdentityUnreadable:
        return None
    return Invitee(**json.loads(content))


def forget_code(invitation: Invitation, now: datetime) -> None:
    """Take the code out of the seal; the caller saves ``key`` and ``sealed``.

    Under a new key, so that a copy of what was sealed before opens no more.
    """
    invitee = opened(invitation)
    if invitee is None or not invitee.code:
        return
    old = invitation.key
    invitation.key, invitation.sealed = sealed(replace(invitee, code=""), now)
    invitation.key.save(force_insert=True)
    Invitation.objects.filter(pk=invitation.pk).update(
        key=invitation.key, sealed=invitation.sealed
    )
    old.delete()


def destroy(ids: Iterable[int]) -> int:
    """Destroy who is behind these invitations; returns for how many there was one."""
    ids = list(ids)
    number = 0
    for start in range(0, len(ids), AT_ONCE):
        rows = Invitation.objects.filter(pk__in=ids[start : start + AT_ONCE])
        keys = list(rows.exclude(key=None).values_list("key_id", flat=True))
        rows.update(key=None, sealed=b"", has_contact=False)
        PersonKey.objects.filter(pk__in=keys).delete()
        number += len(keys)
    return number
