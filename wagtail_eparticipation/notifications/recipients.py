"""Who took part and can be told: one entry a person, whatever they sent."""

from dataclasses import dataclass, field

from wagtail_eparticipation.participations.models import (
    COUNTED,
    Identity,
    Participation,
    State,
)

#: What was put away by its author or by a machine is no occasion to write.
TOLD = COUNTED | {State.LATE}


@dataclass
class Recipient:
    """A person by the keyed hash of the address; the address stays sealed.

    ``participation_id`` is the latest one: its identity is opened when the message
    is sent, and its choices count.
    """

    person: str
    participation_id: int
    language: str
    wants_news: bool
    participations: list[int] = field(default_factory=list)


def recipients_of(consultation) -> list[Recipient]:
    """Everybody who left an address in this consultation, in one query."""
    rows = (
        Identity.objects.filter(
            participation__consultation=consultation,
            participation__state__in=TOLD,
            has_contact=True,
        )
        .order_by("participation_id")
        .values_list("contact_hash", "participation_id", "language", "wants_news")
    )
    found: dict[str, Recipient] = {}
    for contact, participation_id, language, wants_news in rows.iterator(2000):
        person = contact or f"participation:{participation_id}"
        known = found.setdefault(
            person, Recipient(person, participation_id, language, wants_news)
        )
        known.participation_id = participation_id
        known.language, known.wants_news = language, wants_news
        known.participations.append(participation_id)
    return list(found.values())


def participations_of_same_person(participation) -> list[Participation]:
    """Everything that the author of ``participation`` sent to its topic and that is
    told of, in order."""
    identity = Identity.objects.filter(participation=participation).first()
    if identity is None or not identity.contact_hash:
        return [participation]
    return list(
        Participation.objects.filter(
            consultation_id=participation.consultation_id,
            identity__contact_hash=identity.contact_hash,
            state__in=TOLD,
        )
        .select_related("consultation__window")
        .order_by("pk")
    )


def language_if_contact(participation) -> str | None:
    """The language in which its author is written to; ``None`` without an address."""
    if Participation.identity.is_cached(participation):
        # Fresh from the door, which knows whether there is one.
        identity = getattr(participation, "identity", None)
        return identity.language if identity and identity.has_contact else None
    return (
        Identity.objects.filter(participation=participation, has_contact=True)
        .values_list("language", flat=True)
        .first()
    )
