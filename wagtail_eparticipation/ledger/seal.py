"""Keyed seals: what only this site's software can have written.

The hashes of the chain need no secret, so somebody who writes to the database could
compute a whole new chain. The seals are made with a key from the settings, which a
database does not hold.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder


def seal_of_event(
    consultation_id: int, kind: str, at: datetime, actor: str, data: dict[str, Any]
) -> str:
    """The seal that an event gets when it is written; 64 hexadecimal digits."""
    return _sealed(settings.SECRET_KEY, _event(consultation_id, kind, at, actor, data))


def is_sealed_event(event) -> bool:
    """Whether an event says what it said when this site wrote it."""
    content = _event(
        event.consultation_id, event.kind, event.at, event.actor, event.data
    )
    return _matches(event.seal, content)


def seal_of_head(consultation_id: int, sequence: int, head_hash: str) -> str:
    """The seal of the place where a chain ends."""
    return _sealed(settings.SECRET_KEY, [consultation_id, sequence, head_hash])


def is_sealed_head(head) -> bool:
    """Whether the head stands where this site left it."""
    return _matches(head.seal, [head.consultation_id, head.sequence, head.hash])


def _event(consultation_id, kind, at, actor, data) -> list:
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    return [consultation_id, kind, instant, actor, data]


def _matches(seal: str, content: list) -> bool:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(seal, _sealed(key, content)) for key in secrets)


def _sealed(secret, content: list) -> str:
    key = hashlib.sha256(b"eparticipation.ledger" + str(secret).encode()).digest()
    text = json.dumps(
        content, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":")
    )
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
