"""Loads: much at a time on rows that are really committed, on a server's database."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

#: ``BENCH_FULL=1`` measures the sizes that are promised, which takes many minutes.
FULL = os.environ.get("BENCH_FULL", "") not in ("", "0")


@dataclass(frozen=True)
class Figure:
    """Something measured, and what is promised of it.

    ``hard`` promises hold on any machine and fail ``make bench``; the others speak of
    time or memory, and fail it only at full size.
    """

    what: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    hard: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept."""
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    @property
    def fails(self) -> bool:
        """Whether ``make bench`` fails by it."""
        return not self.is_kept and (self.hard or FULL)

    def __str__(self):
        promise = ""
        if self.at_most is not None:
            promise = f"at most {self.at_most:g}"
        if self.at_least is not None:
            promise = f"at least {self.at_least:g}"
        missed = "" if self.is_kept else "  MISSED"
        measured = f"{self.value:,.2f} {self.unit}"
        return f"    {self.what:<48} {measured:>16}  {promise}{missed}"


LOADS: list[tuple[str, Callable[[], list[Figure]]]] = []


def sized(usual: int, full: int) -> int:
    """How many: ``usual``, or ``full`` when full sizes were asked for."""
    return full if FULL else usual


def load(name: str):
    """Register the decorated function: it does all of it and returns the figures.

    Loads run after all benches, on PostgreSQL and MariaDB alone. What they commit stays
    until the bench's database is destroyed.
    """

    def register(measure: Callable[[], list[Figure]]):
        LOADS.append((name, measure))
        return measure

    return register


def run_loads(words: list[str]) -> bool:
    """Run those whose name holds a word, print their figures; whether all is kept."""
    kept = True
    for name, measure in LOADS:
        if words and not any(word in name for word in words):
            continue
        print(f"\n{name}")
        for figure in measure():
            print(figure)
            kept = kept and not figure.fails
        sys.stdout.flush()
    return kept
