"""Pages of a long list of the admin by key, in constant time wherever one stands.

The place is kept in the listing's own page parameter, ``p=after-123``, which Wagtail
takes away whenever the filters or the order change.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from wagtail_eparticipation.sanitize import is_key

AFTER, BEFORE = "after", "before"


@dataclass
class KeyPage:
    """The rows of one page, and the places of its neighbours (empty: there is none)."""

    rows: list[Any] = field(default_factory=list)
    earlier: str = ""
    later: str = ""


def page_of(rows: QuerySet, place: str, size: int) -> KeyPage:
    """The page at ``place`` of rows ordered by ``id`` or ``-id``.

    A place that is not understood is the first page.
    """
    descending = rows.query.order_by[:1] == ("-id",)
    direction, _dash, key = place.partition("-")
    if direction not in (AFTER, BEFORE) or not is_key(key):
        return _first(rows, size)
    back = direction == BEFORE
    beyond = "pk__lt" if back != descending else "pk__gt"
    side = rows.filter(**{beyond: int(key)})
    found = list((side.reverse() if back else side)[: size + 1])
    if back and len(found) <= size:
        # Fewer than a page stand before it: that is the first page.
        return _first(rows, size)
    more, found = len(found) > size, found[:size]
    if not found:
        return _first(rows, size)
    if back:
        found.reverse()
    return KeyPage(
        found,
        earlier=f"{BEFORE}-{found[0].pk}",
        later=f"{AFTER}-{found[-1].pk}" if back or more else "",
    )


def _first(rows: QuerySet, size: int) -> KeyPage:
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    return KeyPage(found, later=f"{AFTER}-{found[-1].pk}" if more else "")
