"""Numbers and days in steps that people read easily; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

#: More steps than these are hard to read.
STEPS = 10


@dataclass(frozen=True)
class Step:
    """How many numbers lie from ``low`` to before ``high``.

    ``None`` as an end means that there is no end on that side.
    """

    low: Decimal | None
    high: Decimal | None
    count: int


def histogram(
    values: Mapping[Decimal, int], *, at_most: int = STEPS, whole: bool = False
) -> list[Step]:
    """Steps of equal width from the smallest number to the largest.

    The width is 1, 2 or 5 times a power of ten; with ``whole`` at least one.
    """
    given = {value: times for value, times in values.items() if times > 0}
    if not given:
        return []
    low, high = min(given), max(given)
    width = _width(high - low, at_most, whole)
    first = (low / width).to_integral_value("ROUND_FLOOR")
    counts: dict[int, int] = {}
    for value, times in given.items():
        place = int((value / width).to_integral_value("ROUND_FLOOR") - first)
        counts[place] = counts.get(place, 0) + times
    return [
        Step((first + place) * width, (first + place + 1) * width, counts.get(place, 0))
        for place in range(max(counts) + 1)
    ]


def _width(spread: Decimal, at_most: int, whole: bool) -> Decimal:
    if not spread:
        return Decimal(1)
    wanted = spread / (at_most - 1)
    power = Decimal(10) ** floor(log10(wanted))
    width = next(each * power for each in (1, 2, 5, 10) if each * power >= wanted)
    return max(width, Decimal(1)) if whole else width


def without_small(steps: Sequence[Step], least: int) -> list[Step]:
    """The same with small steps joined to their neighbours, open at both ends.

    So neither single people nor the smallest and the largest number can be told.
    Empty where all together are fewer than ``least``.
    """
    joined: list[Step] = []
    for step in steps:
        if joined and joined[-1].count < least:
            last = joined.pop()
            step = Step(last.low, step.high, last.count + step.count)
        joined.append(step)
    if len(joined) > 1 and joined[-1].count < least:
        last, before = joined.pop(), joined.pop()
        joined.append(Step(before.low, last.high, before.count + last.count))
    if not joined or joined[0].count < least:
        return []
    joined[0] = Step(None, joined[0].high, joined[0].count)
    joined[-1] = Step(joined[-1].low, None, joined[-1].count)
    return joined
