"""Figures as small tables, the same for the page and for its files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figures:
    """One table: its rows begin with what they are about.

    ``rows`` are ``(label, values)``; a value is a number, ``None`` where there is
    nothing to say, or text. ``links`` are addresses by the row's position. ``note``
    says how the figures are made.
    """

    code: str
    title: str
    heading: str
    columns: tuple[str, ...]
    rows: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    note: str = ""
    links: dict[int, str] = field(default_factory=dict)

    def lines(self) -> Iterator[tuple[str, str, list[str]]]:
        """Address, label and values as text, for the page."""
        for place, (label, values) in enumerate(self.rows):
            yield self.links.get(place, ""), label, [shown(value) for value in values]


def shown(value: Any) -> str:
    """A value as it is printed: rates with one decimal, nothing as a dash."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.1f}"
    return str(value)
