"""What later rooms show beside a participation or a report under review."""

from collections.abc import Callable
from typing import Any

#: ``provide(request, participation=None, report=None)`` gives a context, or ``None``.
Provider = Callable[..., dict[str, Any] | None]

_parts: dict[str, Provider] = {}


def register(template: str, provide: Provider) -> None:
    """Show ``template`` where ``provide`` has something to say.

    The template is given what ``provide`` returns as ``data``.
    """
    _parts[template] = provide


def parts_for(request, *, participation=None, report=None) -> list[dict[str, Any]]:
    """Templates with their data, in the order in which they were added."""
    found = (
        {
            "template": template,
            "data": provide(request, participation=participation, report=report),
        }
        for template, provide in _parts.items()
    )
    return [part for part in found if part["data"] is not None]
