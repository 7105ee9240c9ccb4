"""The complaint service as an HTTP address: signed JSON, answered with a reference."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import asdict
from urllib.parse import urlsplit

from django.core.serializers.json import DjangoJSONEncoder

from wagtail_eparticipation import clock
from wagtail_eparticipation.replies.complaint_services import (
    Complaint,
    ComplaintService,
    ServiceRefused,
    ServiceUnavailable,
    Taken,
)

#: The service never says more than this.
_LONGEST_ANSWER = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: Answers among 4xx that say "later", not "never".
_LATER = frozenset({401, 403, 404, 407, 408, 423, 425, 429})


class WebhookService(ComplaintService):
    """Posts a complaint as JSON and takes the reference from the answer.

    ``url`` is an https address; plain http is for loopback alone. ``secret`` signs:
    the header ``X-EParticipation-Signature`` is ``sha256=`` and the HMAC-SHA256 of the
    timestamp, a full stop and the body, in hexadecimal. ``timeout`` is in seconds, for
    the whole exchange. ``headers`` are added, for example for authorisation. Redirects
    are not followed.
    """

    slow = True

    def __init__(
        self,
        url: str,
        secret: str,
        timeout: float = 10,
        headers: dict[str, str] | None = None,
    ):
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.hostname or not (parts.scheme == "https" or plain):
            raise ValueError("url: an address that begins with https:// is needed")
        if not isinstance(secret, str) or len(secret) < 16:
            raise ValueError("secret: a text of at least 16 characters is needed")
        if not 0 < timeout <= 60:
            raise ValueError("timeout: seconds, at most 60")
        self.parts, self.secret = parts, secret
        self.timeout, self.headers = timeout, dict(headers or {})

    def hand_over(self, complaint):
        body = json.dumps(
            content_of(complaint), cls=DjangoJSONEncoder, ensure_ascii=False
        ).encode()
        try:
            status, answer = self._post(complaint.key, body)
        except (OSError, http.client.HTTPException) as error:
            raise ServiceUnavailable(type(error).__name__) from error
        if status in _LATER or status >= 500 or 300 <= status < 400:
            raise ServiceUnavailable(f"HTTP {status}")
        if not 200 <= status < 300:
            raise ServiceRefused(f"HTTP {status}")
        return Taken(_reference_in(answer))

    def signature(self, timestamp: str, body: bytes) -> str:
        """What a receiver computes again to know that it was this site that posted."""
        signed = timestamp.encode() + b"." + body
        return hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()

    def _post(self, key: str, body: bytes) -> tuple[int, bytes]:
        deadline = time.monotonic() + self.timeout
        timestamp = str(int(clock.now().timestamp()))
        kind = (
            http.client.HTTPSConnection
            if self.parts.scheme == "https"
            else http.client.HTTPConnection
        )
        connection = kind(self.parts.hostname, self.parts.port, timeout=self.timeout)
        target = self.parts.path or "/"
        if self.parts.query:
            target = f"{target}?{self.parts.query}"
        try:
            connection.request(
                "POST",
                target,
                body,
                {
                    **self.headers,
                    "Content-Type": "application/json; charset=utf-8",
                    "Accept": "application/json",
                    "Idempotency-Key": key,
                    "X-EParticipation-Timestamp": timestamp,
                    "X-EParticipation-Signature": "sha256="
                    + self.signature(timestamp, body),
                },
            )
            response = connection.getresponse()
            return response.status, _read(connection, response, deadline)
        finally:
            connection.close()


def _read(connection, response, deadline: float) -> bytes:
    """The answer, within the time and the size that there are."""
    pieces: list[bytes] = []
    size = 0
    while size <= _LONGEST_ANSWER:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = response.read1(8192)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    raise http.client.HTTPException


def content_of(complaint: Complaint) -> dict:
    """The JSON document that is posted."""
    content = asdict(complaint)
    contact = content.pop("contact")
    if contact:
        content["contact"] = {
            name: contact[name]
            for name in ("name", "email", "organisation")
            if contact[name]
        }
    return content


def _reference_in(answer: bytes) -> str:
    """The reference; an answer without one is as good as none, and is asked again."""
    try:
        reference = json.loads(answer)["reference"]
    except (ValueError, KeyError, TypeError) as error:
        raise ServiceUnavailable("NoReference") from error
    text = str(reference).strip() if isinstance(reference, str | int) else ""
    if not text or len(text) > 120 or not text.isprintable():
        raise ServiceUnavailable("NoReference")
    return text
