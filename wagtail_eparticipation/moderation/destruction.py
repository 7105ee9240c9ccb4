"""Destroying what somebody wrote: on a legal ground, by two people (R-8.1a).

The participation stays, taken down where it was shown, so that no total changes; its
words, earlier wordings, sealed originals and identity are gone. Further rooms destroy
what they keep of it on the signal ``participation_destroyed``.
"""

from collections import Counter
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion import publish as discussion
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.moderation.redaction import words_of
from wagtail_eparticipation.moderation.sealed import Destruction, SealedOriginal
from wagtail_eparticipation.participations.door import wording_digest
from wagtail_eparticipation.participations.identity import destroy as destroy_identity
from wagtail_eparticipation.participations.models import (
    Participation,
    PersonKey,
    State,
)
from wagtail_eparticipation.policy.reading import NotInPolicy, Reason

#: The act whose reasons in the policy are the legal grounds.
ACT = "destroy"

_EMPTY = {
    "title": "",
    "text": "",
    "text_html": "",
    "public_name": "",
    "words_key": "",
    "data": {},
}


def may_destroy(user, consultation) -> bool:
    """Privacy and records officers, each within their departments."""
    return access.may(user, "identity", consultation) or access.may(
        user, "close", consultation
    )


def grounds_for(consultation, now: datetime) -> tuple[Reason, ...]:
    """The legal grounds that the topic's policy names."""
    return policy_for(consultation, now).reasons_for(ACT)


@transaction.atomic
def propose(
    participation: Participation, *, reason_code: str, document: str, actor
) -> Destruction:
    """Propose to destroy it; nothing is gone until another person confirms.

    ``document`` names what requires it, such as the number of an order. Raises
    ``PermissionDenied`` and the errors of ``moderation.errors``.
    """
    held = _hold(participation.pk)
    if not may_destroy(actor, held.consultation):
        raise PermissionDenied
    now = clock.database_now()
    try:
        reason = policy_for(held.consultation, now).reason(reason_code)
    except NotInPolicy:
        raise errors.ReasonNotAllowed(reason_code) from None
    if reason.act != ACT:
        raise errors.ReasonNotAllowed(reason_code)
    document = sanitize.plain(document, max_length=200).replace("\n", " ")
    if not document:
        raise errors.GroundNeeded
    if is_destroyed(held):
        raise errors.NotOpen
    try:
        with transaction.atomic():
            made = Destruction.objects.create(
                participation=held,
                state=Destruction.State.PROPOSED,
                reason_code=reason.code,
                clause=reason.clause,
                document=document,
                proposed_by=actor,
                proposed_at=now,
                open_for=held,
            )
    except IntegrityError:
        raise errors.AwaitingSecondPerson from None
    _record(made, held, "moderation.destruction_proposed", actor, now)
    return made


def is_destroyed(participation: Participation) -> bool:
    """Whether its content is gone."""
    done = participation.destructions.filter(state=Destruction.State.DONE)
    return done.exists()


@transaction.atomic
def confirm(destruction: Destruction, *, actor) -> Destruction:
    """Destroy it as the second person; the certificate is the row itself."""
    held, made = _hold_proposal(destruction)
    if not may_destroy(actor, held.consultation):
        raise PermissionDenied
    if actor.pk == made.proposed_by_id:
        raise errors.SamePerson
    now = clock.database_now()
    made.digest = wording_digest(held)
    made.destroyed = _destroy(held, made, actor, now)
    _settle(made, Destruction.State.DONE, actor, now)
    _record(made, held, "moderation.destroyed", actor, now)
    signals.participation_destroyed.send(
        sender=Destruction, participation=held, destruction=made, now=now
    )
    return made


@transaction.atomic
def decline(destruction: Destruction, *, actor) -> Destruction:
    """Leave everything as it is; who proposed it may take it back so."""
    held, made = _hold_proposal(destruction)
    if not may_destroy(actor, held.consultation):
        raise PermissionDenied
    now = clock.database_now()
    _settle(made, Destruction.State.DECLINED, actor, now)
    _record(made, held, "moderation.destruction_declined", actor, now)
    return made


def _hold(pk: int) -> Participation:
    held = Participation.objects.select_for_update().get(pk=pk)
    # Apart, so that the topic's row is not held as well.
    held.consultation = Consultation.objects.select_related("policy_version").get(
        pk=held.consultation_id
    )
    return held


def _hold_proposal(destruction: Destruction) -> tuple[Participation, Destruction]:
    held = _hold(destruction.participation_id)
    made = Destruction.objects.get(pk=destruction.pk)
    if made.state != Destruction.State.PROPOSED:
        raise errors.NotOpen
    return held, made


def _destroy(held: Participation, made: Destruction, actor, now) -> dict[str, int]:
    """Take everything away; how much of what, for the certificate."""
    gone = Counter(
        characters=sum(len(text) for text in words_of(held).values()),
        files=held.attachment_count,
    )
    if held.state == State.PUBLISHED:
        held.state = State.TAKEN_DOWN
        gone["published"] = 1
    for name, value in _EMPTY.items():
        setattr(held, name, value)
    held.save(update_fields=[*_EMPTY, "state"])
    discussion.take_down(held, now=now, clause=made.clause)
    discussion.erase(held)
    gone["earlier_wordings"] = held.revisions.update(title="", text="", data={})
    gone["sealed_originals"] = _destroy_originals(held)
    held.objections.update(text="", answer="")
    gone["identity"] = destroy_identity(held, ground=made.reason_code, actor=actor)
    return {name: int(number) for name, number in gone.items()}


def _destroy_originals(held: Participation) -> int:
    originals = SealedOriginal.objects.filter(participation=held)
    keys = list(originals.exclude(key=None).values_list("key_id", flat=True))
    number = originals.update(key=None, sealed=b"")
    PersonKey.objects.filter(pk__in=keys).delete()
    return number


def _settle(made: Destruction, state: str, actor, now: datetime) -> None:
    made.state, made.open_for = state, None
    made.second_person, made.second_person_at = actor, now
    made.save()


def _record(made: Destruction, held, kind: str, actor, now: datetime) -> None:
    record(
        held.consultation,
        kind,
        actor=actor,
        at=now,
        data={
            "participation": str(held.public_id),
            "certificate": str(made.public_id),
            "reason_code": made.reason_code,
            "clause": made.clause,
            "published": bool(made.destroyed.get("published")),
        },
    )
