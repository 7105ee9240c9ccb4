"""What the rooms can tell a participant who looks up a receipt (AC-S3-A2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ReceiptNote:
    """One step in the life of a participation; ``done`` or still to come."""

    title: str
    text: str = ""
    url: str = ""
    done: bool = True


Provider = Callable[..., Iterable[ReceiptNote]]

_providers: list[tuple[int, Provider]] = []


def register(provider: Provider, *, order: int = 500) -> None:
    """Add ``provider(participation, language)``, which yields notes."""
    if all(known is not provider for _order, known in _providers):
        _providers.append((order, provider))


def notes_for(participation, language: str) -> list[ReceiptNote]:
    """Everything there is to tell, in order."""
    ordered = sorted(_providers, key=lambda pair: pair[0])
    return [
        note
        for _order, provider in ordered
        for note in provider(participation, language)
    ]
