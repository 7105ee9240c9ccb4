"""Everything that the municipality said on a topic, in one log (R-5.3.1f, P-5.6.2c).

The log is read from the rows of the rooms that speak, never kept apart: nothing can be
forgotten in it and nothing in it can differ from what was said. Each room registers
where to look; each source asks a fixed number of queries, whatever the size.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: By which way something was said.
CHANNELS = {
    "portal": _("Portal"),
    "mail": _("E-mail"),
    "private": _("In private, to the sender"),
    "letter": _("Letter"),
    "outside": _("Outside the portal"),
}


@dataclass(frozen=True)
class Entry:
    """One thing that was said.

    ``number`` is to how many; ``None`` where it was said to everybody. ``text`` is as
    published; what went to one person alone has none and is named by ``subject``, a
    number that tells nothing of anybody. ``role`` is in whose office, never who.
    """

    at: datetime
    kind: str
    channel: str
    language: str = ""
    number: int | None = None
    subject: str = ""
    text: str = ""
    role: str = ""

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(_kinds.get(self.kind, self.kind))

    @property
    def channel_label(self) -> str:
        """The way in words."""
        return str(CHANNELS.get(self.channel, self.channel))

    @property
    def is_public(self) -> bool:
        """Whether everybody could read it."""
        return self.number is None


Source = Callable[..., Iterable[Entry]]

_sources: list[Source] = []
_kinds: dict[str, Any] = {}

#: The labels of roles that speak.
REPLY_DESK = pgettext_lazy("role that speaks", "Reply desk")
EDITORS = pgettext_lazy("role that speaks", "Topic editors")
AUTOMATIC = pgettext_lazy("role that speaks", "Sent automatically")


def register_source(source: Source, kinds: Mapping[str, Any]) -> None:
    """Add ``source(consultation)``, which yields entries, and name its kinds."""
    if source not in _sources:
        _sources.append(source)
    _kinds.update(kinds)


def kinds() -> list[tuple[str, Any]]:
    """Every kind that may occur, as choices."""
    return list(_kinds.items())


def communications(consultation) -> list[Entry]:
    """All entries, the earliest first; labels in the active language."""
    found = [entry for source in _sources for entry in source(consultation)]
    return sorted(
        found,
        key=lambda each: (each.at, each.kind, each.subject, each.language, each.text),
    )
