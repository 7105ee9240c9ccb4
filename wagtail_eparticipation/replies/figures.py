"""How figures of the desk are made: pure functions of values (R-6.5.1f, R-5.3.1g)."""

from collections.abc import Mapping, Sequence
from math import ceil
from statistics import median

#: A day or an hour stands out from so many of its like on.
SPIKE_AT_LEAST = 10
#: By so many robust standard deviations it lies above the median.
SPIKE_DEVIATIONS = 3.5
#: What makes the median absolute deviation a standard deviation.
_MAD_TO_SD = 1.4826
#: A segment is silent below this part of what its size lets expect.
SILENT_BELOW = 0.5


def quantile(ordered: Sequence[int], part: float) -> int | None:
    """The value that ``part`` of the ordered values reach (nearest rank).

    The median of an even number of values is the mean of the two in the middle.
    """
    if not ordered:
        return None
    if part == 0.5:
        return round(median(ordered))
    return ordered[max(ceil(part * len(ordered)) - 1, 0)]


def share(part: int, whole: int) -> float | None:
    """Percent; ``None`` of nothing."""
    return 100 * part / whole if whole else None


def spike_threshold(counts: Sequence[int]) -> float:
    """Above which count something stands out from its like.

    The median and the deviation from it by median are not moved by the spike itself;
    at least twice the median and :data:`SPIKE_AT_LEAST`, so that a quiet topic with
    one lively day is no alarm.
    """
    if not counts:
        return float(SPIKE_AT_LEAST)
    middle = median(counts)
    deviation = _MAD_TO_SD * median(abs(count - middle) for count in counts)
    return max(middle + SPIKE_DEVIATIONS * deviation, 2 * middle, SPIKE_AT_LEAST)


def spikes(counts: Mapping) -> list[tuple]:
    """Keys and counts above the threshold, the highest first."""
    above = spike_threshold(list(counts.values()))
    found = [(key, count) for key, count in counts.items() if count > above]
    return sorted(found, key=lambda pair: (-pair[1], str(pair[0])))


def expected_counts(sizes: Mapping, total: int) -> dict:
    """What each segment would give if all took part alike; unknown sizes have none."""
    known = {key: size for key, size in sizes.items() if size}
    everybody = sum(known.values())
    return {key: total * size / everybody for key, size in known.items()}


def is_silent(count: int, expected: float | None) -> bool:
    """None came, or less than half of what the size of the segment lets expect."""
    return count == 0 or (expected is not None and count < SILENT_BELOW * expected)
