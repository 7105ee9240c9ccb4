"""Who took part: sealed per person, apart from the text (R-7.8d, AC-S3-E6).

Each identity is encrypted with a key of its own; that key is stored wrapped by a
master key from the settings. Destroying the person's key is the erasure.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.models import (
    Identity,
    Participation,
    PersonKey,
)

#: Keys named in one statement; SQLite takes no more than a thousand or so.
_AT_ONCE = 500


class IdentityUnreadable(ValueError):
    """The key is destroyed, or the master keys of its time are not configured."""


@dataclass(frozen=True)
class Person:
    """What somebody said of themselves; every part may be empty."""

    name: str = ""
    email: str = ""
    organisation: str = ""
    source: str = ""
    wants_news: bool = True

    def __bool__(self):
        return bool(self.name or self.email or self.organisation or self.source)


def _master() -> MultiFernet:
    configured = get_setting("IDENTITY_KEYS")
    if configured:
        return _master_of(tuple(configured))
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return _master_of(tuple(_derived(str(secret)) for secret in secrets))


@lru_cache(maxsize=4)
def _master_of(keys: tuple) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _derived(secret: str) -> bytes:
    digest = hashlib.sha256(b"eparticipation.identity" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)


def keyed_hash(purpose: str, value: str) -> str:
    """A keyed hash for finding equal values again without storing them."""
    configured = get_setting("IDENTITY_KEYS")
    secret = str(configured[-1] if configured else settings.SECRET_KEY)
    return hmac.digest(_key_for(purpose, secret), value.encode(), "sha256").hex()


@lru_cache(maxsize=64)
def _key_for(purpose: str, secret: str) -> bytes:
    return hashlib.sha256(f"eparticipation.{purpose}{secret}".encode()).digest()


def contact_hash(email: str) -> str:
    """Keyed hash of an address, the same however it is capitalised."""
    return keyed_hash("contact", email.strip().lower()) if email.strip() else ""


def seal(participation, person: Person, language: str) -> Identity:
    """Encrypt a person under a key of their own and tie it to the participation."""
    key, identity = _sealed(participation, person, language)
    key.save(force_insert=True)
    identity.key = key
    identity.save(force_insert=True)
    return identity


def know_of_no_identity(participation) -> None:
    """Spare whoever asks the fresh row for its identity a query that finds none."""
    field = Participation._meta.get_field("identity")
    field.set_cached_value(participation, None)


def seal_many(people: Iterable[tuple[Participation, Person, str]]) -> None:
    """The same for many participations, in two statements."""
    made = [_sealed(*each) for each in people]
    PersonKey.objects.bulk_create([key for key, _identity in made])
    for key, identity in made:
        identity.key = key
    Identity.objects.bulk_create([identity for _key, identity in made])


def seal_text(text: str, now: datetime) -> tuple[PersonKey, bytes]:
    """A text encrypted under a key of its own; the key is not saved yet."""
    key = new_key(now)
    return key, seal_under(key, text.encode())


def open_text(key: PersonKey, sealed: bytes) -> str:
    """What :func:`seal_text` sealed; :class:`IdentityUnreadable` for other keys."""
    return open_under(key, sealed).decode()


def new_key(now: datetime) -> PersonKey:
    """A key of one's own, wrapped by the master key; not saved yet."""
    own = Fernet.generate_key()
    return PersonKey(wrapped=_master().encrypt(own), created_at=now)


def seal_under(key: PersonKey, content: bytes) -> bytes:
    """Bytes encrypted under a key that is there; several may share one."""
    return Fernet(_master().decrypt(bytes(key.wrapped))).encrypt(content)


def open_under(key: PersonKey, sealed: bytes) -> bytes:
    """What :func:`seal_under` sealed; :class:`IdentityUnreadable` for other keys."""
    try:
        own = _master().decrypt(bytes(key.wrapped))
        return Fernet(own).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise IdentityUnreadable(
            "The master keys do not fit: set IDENTITY_KEYS to those in use when the"
            " identity was sealed."
        ) from error


def encrypted(person: Person, created_at: datetime) -> tuple[PersonKey, bytes]:
    """A new key for a person, not yet saved, and the person encrypted under it."""
    return seal_text(json.dumps(vars(person), ensure_ascii=False), created_at)


def _sealed(participation, person: Person, language: str) -> tuple[PersonKey, Identity]:
    key, sealed = encrypted(person, participation.received_at)
    return key, Identity(
        participation=participation,
        sealed=sealed,
        contact_hash=contact_hash(person.email),
        has_contact=bool(person.email),
        wants_news=person.wants_news,
        language=language,
    )


def unseal(identity) -> Person:
    """The person of a row with ``key`` and ``sealed``; the caller has the right.

    Raises :class:`IdentityUnreadable`.
    """
    if identity.key_id is None:
        raise IdentityUnreadable("This person's key was destroyed.")
    return Person(**json.loads(open_text(identity.key, identity.sealed)))


def open_identity(participation, *, actor, reason: str) -> Person:
    """Open a sealed identity: with the duty, a reason, and a ledger event (C.5)."""
    consultation = participation.consultation
    access.require(actor, "identity", consultation)
    if not reason.strip():
        raise ValueError("Opening an identity needs a reason.")
    with transaction.atomic():
        record(
            consultation,
            "identity_opened",
            actor=actor,
            data={"participation": str(participation.public_id), "reason": reason},
        )
        return unseal(Identity.objects.get(participation=participation))


def contact_for_notice(participation) -> tuple[str, str] | None:
    """Address and language for a notice, for the notifications room only.

    ``None`` when none was left, when news are not wanted, or after erasure.
    """
    identity = (
        Identity.objects.filter(participation=participation, has_contact=True)
        .select_related("key")
        .first()
    )
    if identity is None or identity.key_id is None:
        return None
    return unseal(identity).email, identity.language


def person_with_consent(participation) -> Person | None:
    """The whole person, where they agreed that another body may know them.

    The caller has that agreement, and notes in the ledger that it was used.
    ``None`` when nothing was left, or after erasure.
    """
    identity = (
        Identity.objects.filter(participation=participation)
        .select_related("key")
        .first()
    )
    if identity is None or identity.key_id is None:
        return None
    return unseal(identity)


@transaction.atomic
def destroy(participation, *, ground: str, actor=None) -> bool:
    """Destroy a person's key: nobody can read the identity again (AC-S6-D2).

    What only helped to recognise the same form goes with it.
    """
    signals.identity_destroyed.send(
        sender=Participation,
        participations=Participation.objects.filter(pk=participation.pk),
    )
    identity = Identity.objects.filter(participation=participation).first()
    if identity is None or identity.key_id is None:
        return False
    key = identity.key
    identity.has_contact = False
    identity.contact_hash = ""
    identity.sealed = b""
    identity.key = None
    identity.save()
    key.delete()
    _forget(Participation.objects.filter(pk=participation.pk))
    record(
        participation.consultation,
        "identity_destroyed",
        actor=actor,
        at=clock.database_now(),
        data={"participation": str(participation.public_id), "ground": ground},
    )
    return True


def destroy_many(participations) -> None:
    """The same for all of a queryset; the caller keeps the event."""
    signals.identity_destroyed.send(sender=Participation, participations=participations)
    identities = Identity.objects.filter(participation__in=participations)
    keys = list(identities.exclude(key=None).values_list("key_id", flat=True))
    identities.update(has_contact=False, contact_hash="", sealed=b"", key=None)
    for start in range(0, len(keys), _AT_ONCE):
        PersonKey.objects.filter(pk__in=keys[start : start + _AT_ONCE]).delete()
    _forget(participations)


def _forget(participations) -> None:
    """What was made of a contact or an account goes too: it could prove a guess."""
    participations.update(sent_digest="", person_key="", invited_key="", once_key=None)
