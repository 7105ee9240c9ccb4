"""Middle and ends of numbers, exact, from how often each was given; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Measures:
    """What ``n`` numbers come to; the median of an even number lies between two."""

    n: int
    mean: Decimal
    median: Decimal
    smallest: Decimal
    largest: Decimal


def measures(values: Mapping[Decimal, int]) -> Measures | None:
    """``values`` says how often each number was given; ``None`` where none was."""
    given = sorted((value, times) for value, times in values.items() if times > 0)
    n = sum(times for _value, times in given)
    if not n:
        return None
    total = sum(value * times for value, times in given)
    low, high = _nth(given, (n - 1) // 2), _nth(given, n // 2)
    return Measures(n, total / n, (low + high) / 2, given[0][0], given[-1][0])


def _nth(given, place: int) -> Decimal:
    for value, times in given:
        if place < times:
            return value
        place -= times
    raise IndexError(place)
