"""What must be there before a transition: every room adds what it knows (C.3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way, and where to mend it."""

    message: str
    url: str = ""
    language: str = ""

    def __str__(self):
        return str(self.message)


Check = Callable[..., Iterable[Missing]]

_checks: dict[str, list[Check]] = {}


def gate(transition: str) -> Callable[[Check], Check]:
    """Add ``check(consultation, now)`` to a transition's gate; it yields Missing."""

    def register(check: Check) -> Check:
        checks = _checks.setdefault(transition, [])
        if check not in checks:
            checks.append(check)
        return check

    return register


def missing_for(transition: str, consultation, now: datetime) -> list[Missing]:
    """Everything that stands in the way of a transition, in order of the rooms."""
    return [
        item
        for check in _checks.get(transition, [])
        for item in check(consultation, now)
    ]
