"""Receipt codes: unguessable, shown once, stored as a hash only (AC-S3-A1, R-7.9d)."""

import hashlib
import hmac
import re
import unicodedata

from django.conf import settings

#: Digits and letters that nobody mistakes for one another when reading aloud.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_NO_CODE = re.compile("[^0-9A-Z]")
_LENGTH = 20
_GROUP = 4


def code_for(idempotency_key: str) -> str:
    """The receipt code of a submission, e.g. ``7KQM-2XWF-…`` (100 bits).

    Derived from the submission's key and a secret, so that a repeated submit is given
    the same code although only its hash is stored.
    """
    return _code(settings.SECRET_KEY, idempotency_key)


def code_matching(idempotency_key: str, stored_hash: str) -> str:
    """The code of an earlier submission, made with whichever secret was in use.

    Empty when the secret of that time is not configured any more.
    """
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        code = _code(secret, idempotency_key)
        if hmac.compare_digest(hash_of(code), stored_hash):
            return code
    return ""


def _code(secret: str, idempotency_key: str) -> str:
    key = hashlib.sha256(b"eparticipation.receipt" + str(secret).encode()).digest()
    digest = hmac.new(key, idempotency_key.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _position in range(_LENGTH):
        number, index = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    return _grouped("".join(letters))


def _grouped(letters: str) -> str:
    return "-".join(letters[i : i + _GROUP] for i in range(0, len(letters), _GROUP))


def as_printed(text: str) -> str:
    """A code as the receipt shows it, however it was typed."""
    return _grouped(_essence(text))


def _essence(code: str) -> str:
    """Letters and digits alone, as a keyboard or a mail may have dressed them.

    Hyphens of every kind, spaces and direction marks go; digits of any script and
    full-width letters become plain ones.
    """
    if code.isascii():
        return _NO_CODE.sub("", code.upper())
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(
        str(unicodedata.decimal(character, character))
        for character in plain
        if character.isalnum()
    )


def hash_of(code: str) -> str:
    """SHA-256 of a code as people type it: case and separators do not matter."""
    return hashlib.sha256(_essence(code).encode()).hexdigest()


def looks_like_code(text: str) -> bool:
    """Whether a text has the form of a receipt code."""
    typed = _essence(text)
    return len(typed) == _LENGTH and set(typed) <= set(_ALPHABET)
