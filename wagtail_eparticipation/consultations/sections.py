"""Parts of a consultation's public page that other rooms contribute."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Provider = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Section:
    """A template and the function that gives its context, or ``None`` to hide it."""

    name: str
    order: int
    template: str
    provide: Provider


_sections: dict[str, Section] = {}


def register_section(
    name: str, *, order: int, template: str, provide: Provider
) -> None:
    """Show ``template`` on every consultation page at ``order`` (100, 200, …).

    ``provide(request, page, consultation, stage)`` returns the template's context.
    Mind the page's budget of queries: ask nothing when the stage already says no.
    """
    _sections[name] = Section(name, order, template, provide)


def sections_for(request, page, consultation, stage) -> list[dict[str, Any]]:
    """What to include, in order: ``{"name", "template", "context"}`` each."""
    shown = []
    for section in sorted(_sections.values(), key=lambda each: each.order):
        context = section.provide(request, page, consultation, stage)
        if context is not None:
            shown.append(
                {
                    "name": section.name,
                    "template": section.template,
                    "context": context,
                }
            )
    return shown
