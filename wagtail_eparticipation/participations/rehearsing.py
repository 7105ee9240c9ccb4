"""What a rehearsal remembers: its rows are not kept, so no later one can find them."""

import hashlib
import json

from wagtail_eparticipation.participations import door

#: Bytes kept of a digest: enough to tell rows apart, and few for a long file.
_KEPT = 16


class Tried:
    """The items that came in by way of trial, and what they said, as short digests."""

    def __init__(self):
        self._said: dict[bytes, tuple[bytes, bytes]] = {}

    def remember(self, submissions, taken) -> None:
        """Note what would have come in."""
        for submission, each in zip(submissions, taken, strict=True):
            row = each.participation
            if row is not None and not each.repeated:
                key = bytes.fromhex(row.source_key)[:_KEPT]
                self._said[key] = (
                    bytes.fromhex(row.sent_digest)[:_KEPT],
                    _digest(row.title, row.text, submission),
                )

    def before(self, submission) -> bool | None:
        """``None`` for a new item, else whether it says the same as before."""
        key = bytes.fromhex(door.source_key(submission) or "")[:_KEPT]
        if key not in self._said:
            return None
        sent, words = self._said[key]
        cleaned = door.clean(submission)
        if bytes.fromhex(door.sent_digest(submission, cleaned))[:_KEPT] == sent:
            return True
        same = _digest(cleaned["title"], cleaned["text"], submission) == words
        return same and not submission.enclosed


def _digest(title: str, text: str, submission) -> bytes:
    words = json.dumps([title, text, submission.data], sort_keys=True, default=str)
    return hashlib.blake2b(words.encode(), digest_size=_KEPT).digest()
