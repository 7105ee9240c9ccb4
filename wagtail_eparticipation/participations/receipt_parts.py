"""What other rooms show on a receipt, such as the results of a poll after the vote."""

from collections.abc import Callable
from typing import Any

#: ``provide(participation, language)`` gives the context of a template, or ``None``.
Provider = Callable[..., dict[str, Any] | None]

_parts: dict[str, Provider] = {}


def register(template: str, provide: Provider) -> None:
    """Show ``template`` on the receipts for which ``provide`` has something to say.

    The template is given what ``provide`` returns as ``data``.
    """
    _parts[template] = provide


def parts_for(participation, language: str) -> list[dict[str, Any]]:
    """Templates with their data, in the order in which they were added."""
    found = (
        {"template": template, "data": provide(participation, language)}
        for template, provide in _parts.items()
    )
    return [part for part in found if part["data"] is not None]
