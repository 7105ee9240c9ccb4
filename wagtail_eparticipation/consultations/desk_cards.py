"""Cards on a consultation's desk in the admin, contributed by the rooms."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """One figure or state with a link; ``tone`` is "", "warning" or "success"."""

    title: str
    value: str
    url: str = ""
    text: str = ""
    tone: str = ""


Provider = Callable[..., Card | None]

_providers: list[tuple[int, Provider]] = []


def register_card(order: int, provider: Provider) -> None:
    """Show ``provider(consultation, user, now)`` on every desk at ``order``.

    The provider returns ``None`` for users who have no business with it.
    """
    if all(known is not provider for _order, known in _providers):
        _providers.append((order, provider))


def cards_for(consultation, user, now) -> list[Card]:
    """The cards that a user sees, in order."""
    ordered = sorted(_providers, key=lambda pair: pair[0])
    cards = (provider(consultation, user, now) for _order, provider in ordered)
    return [card for card in cards if card is not None]
