"""Where benches are put on the list."""

from collections.abc import Callable
from dataclasses import dataclass

#: What is measured; called several times, its result is not looked at.
Action = Callable[[], object]


@dataclass(frozen=True)
class Bench:
    """``prepare`` makes the data and returns what is measured."""

    name: str
    prepare: Callable[[], Action]
    queries_at_most: int | None = None
    compared_with: str | None = None
    ratio_at_most: float | None = None


BENCHES: list[Bench] = []


def bench(
    name: str,
    *,
    queries_at_most: int | None = None,
    compared_with: str | None = None,
    ratio_at_most: float | None = None,
):
    """Register the decorated function as a bench.

    The function makes its data, in a transaction that is rolled back afterwards, and
    returns the action to measure. ``queries_at_most`` is a promise: ``make bench``
    fails when the action asks more of the database. ``compared_with`` names the bench
    registered before it whose time is 1.0; without it the reference is 1.0.
    ``ratio_at_most`` is a promise as well, by which ``make bench`` fails at full size.
    """

    def register(prepare: Callable[[], Action]):
        if any(known.name == name for known in BENCHES):
            raise ValueError(f"There are two benches called {name!r}")
        BENCHES.append(
            Bench(name, prepare, queries_at_most, compared_with, ratio_at_most)
        )
        return prepare

    return register
