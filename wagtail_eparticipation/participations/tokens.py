"""Two kinds of token: one that a form carries, one that an address carries.

Forms are protected by our own signed token instead of a CSRF cookie, so that no
public page sets a cookie: taking part needs no account, hence there is no session that
a foreign site could abuse. The token names the topic, when the form was handed out,
and the nonce that makes the submit idempotent.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing

from wagtail_eparticipation import clock

_SALT = "eparticipation.form"
#: How long a form may lie open on a table before it is asked to be sent once more.
FORM_LIFETIME = timedelta(days=7)
#: How long an address with a receipt inside can be opened.
ADDRESS_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class FormToken:
    """What a form's token says; ``problem`` is empty when it is good.

    ``holder`` is the person to whom the form was handed out, where a session says who
    that is: another person's session must not send it. ``filled`` is a form that was
    handed out with everything in it and may be sent at once; ``signs`` are those for
    which a proof of work was asked for with it, see ``suspicion``.
    """

    nonce: str
    issued_at: datetime
    problem: str = ""
    holder: str = ""
    filled: bool = False
    signs: tuple[str, ...] = ()

    def signed(self, consultation) -> str:
        """The token as the form carries it."""
        content = {
            "n": self.nonce,
            "t": self.issued_at.timestamp(),
            "c": _place(consultation),
            "h": self.holder,
        }
        if self.filled:
            content["f"] = 1
        if self.signs:
            content["s"] = list(self.signs)
        return signing.dumps(content, salt=_SALT, compress=True)


def _place(consultation) -> int:
    """What a token is for: a topic, or 0 for a form that belongs to none."""
    return consultation.pk if consultation is not None else 0


def new_token(holder: str = "", *, filled: bool = False) -> FormToken:
    """A token for a form that is handed out now, ``filled`` or empty."""
    return FormToken(secrets.token_hex(16), clock.now(), holder=holder, filled=filled)


def read_token(text: str, consultation, holder: str = "") -> FormToken:
    """Read a form's token; a bad one is answered with a new one and its problem.

    ``"forged"`` for anything not signed by us for this topic and, while somebody is
    signed in as ``holder``, for this person; ``"expired"`` for a form older than
    :data:`FORM_LIFETIME`; the latter keeps its nonce.
    """
    # Whoever gets it back has everything in it already.
    fresh = new_token(holder, filled=True)
    forged = replace(fresh, problem="forged")
    try:
        content = signing.loads(text, salt=_SALT)
        issued_at = datetime.fromtimestamp(content["t"], UTC)
        nonce, topic = str(content["n"]), content["c"]
        held_by = str(content.get("h", ""))
        signs = tuple(str(code) for code in content.get("s", ()))
    except (signing.BadSignature, KeyError, TypeError, ValueError, OverflowError):
        return forged
    if topic != _place(consultation) or (holder and held_by != holder):
        return forged
    if fresh.issued_at - issued_at > FORM_LIFETIME:
        return FormToken(nonce, fresh.issued_at, "expired", held_by, filled=True)
    return FormToken(
        nonce,
        issued_at,
        holder=held_by,
        filled=bool(content.get("f")),
        signs=signs,
    )


def _fernet() -> MultiFernet:
    secrets_in_use = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = (
        hashlib.sha256(b"eparticipation.address" + str(secret).encode()).digest()
        for secret in secrets_in_use
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def hide_in_address(value: str) -> str:
    """A value as a segment of an address: encrypted, for a short time."""
    return _fernet().encrypt(value.encode()).decode().rstrip("=")


def read_from_address(token: str, lifetime: timedelta = ADDRESS_LIFETIME) -> str | None:
    """The value again; ``None`` when it is not ours or older than ``lifetime``."""
    padded = token + "=" * (-len(token) % 4)
    try:
        ttl = int(lifetime.total_seconds())
        return _fernet().decrypt(padded.encode(), ttl=ttl).decode()
    except (InvalidToken, UnicodeError, ValueError):
        return None
