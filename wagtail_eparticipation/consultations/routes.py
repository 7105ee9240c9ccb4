"""Addresses below a consultation's page, added by the rooms that serve them.

A room registers a view for one path segment; the page hands it what follows::

    @page_route("participate")
    def participate(request, page, *rest): ...

The page has been found live and the visitor admitted to it before the view runs.
"""

from collections.abc import Callable

from django.http import HttpResponse

View = Callable[..., HttpResponse]

_routes: dict[str, View] = {}


def page_route(segment: str) -> Callable[[View], View]:
    """Register ``view(request, page, *rest)`` for ``<page>/<segment>/…``."""

    def register(view: View) -> View:
        if _routes.get(segment, view) is not view:
            raise ValueError(f"The page route {segment!r} is taken.")
        _routes[segment] = view
        return view

    return register


def find_route(segment: str) -> View | None:
    """The view registered for a segment, or ``None``."""
    return _routes.get(segment)
