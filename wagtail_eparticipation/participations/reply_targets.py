"""Asking the discussion what may be replied to; it lies below the register."""

from collections.abc import Callable
from typing import Any

Finder = Callable[..., Any]

_finder: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """``finder(key, consultation)`` gives a target with ``participation_id``, …"""
    _finder[:] = [finder]


def find(key: str, consultation):
    """The voice with this key that takes replies, or ``None``."""
    return _finder[0](key, consultation) if _finder and key else None
