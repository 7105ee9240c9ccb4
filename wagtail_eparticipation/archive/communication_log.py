"""What other rooms know about messages that went out, for part 3 of the report."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class Row(NamedTuple):
    """How many messages of a kind had a result; labels in the active language."""

    kind: str
    kind_label: str
    result: str
    result_label: str
    number: int
    first: datetime


Provider = Callable[..., Iterable[Row]]

_providers: list[Provider] = []


def register_log(provider: Provider) -> None:
    """Add ``provider(consultation)``, which yields a :class:`Row` a kind and result."""
    if provider not in _providers:
        _providers.append(provider)


def messages_of(consultation) -> list[Row]:
    """Every provider's rows, the earliest kind first."""
    rows = [row for provider in _providers for row in provider(consultation)]
    return sorted(rows, key=lambda row: (row.first, row.kind, row.result))
