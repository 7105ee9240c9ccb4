"""Reading the list of suggestions: by date or by support, by key, never by offset."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion

#: Orders of the list, and the column of each; the id settles equal ones.
ORDERS = {"newest": "published_at", "supported": "support_count"}

_OF_COMMENT = (
    "public_id",
    "published_at",
    "shown_name",
    "is_official",
    "title",
    "html",
    "language",
    "files",
    "kind",
    "removed_at",
    "reply_count",
)


@dataclass
class Page:
    """One page of suggestions, and its neighbours' keys (empty: there is none)."""

    suggestions: list[PublicSuggestion]
    before: str = ""
    after: str = ""


def listed(
    consultation,
    *,
    order: str = "newest",
    category: str = "",
    status: str = "",
    after: str = "",
    before: str = "",
    size: int | None = None,
) -> Page:
    """One page in an order of :data:`ORDERS`; two queries at most.

    ``after`` and ``before`` are keys of suggestions; ``DoesNotExist`` for an unknown
    one. Counts move while people read: a page begins where its neighbour stands now.
    """
    column = ORDERS[order]
    size = size or get_setting("DISCUSSION_PAGE_SIZE")
    rows = _shown(consultation)
    if category:
        rows = rows.filter(category=category)
    if status:
        rows = rows.filter(status=status)
    if before:
        place = _place(consultation, before)
        value = getattr(place, column)
        rows = rows.filter(
            Q(**{f"{column}__gt": value}) | Q(pk__gt=place.pk),
            **{f"{column}__gte": value},
        )
        found = list(rows.order_by(column, "pk")[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        last = found[-1].comment.key if found else ""
        return Page(found, before=found[0].comment.key if more else "", after=last)
    if after:
        place = _place(consultation, after)
        value = getattr(place, column)
        rows = rows.filter(
            Q(**{f"{column}__lt": value}) | Q(pk__lt=place.pk),
            **{f"{column}__lte": value},
        )
    found = list(rows.order_by(f"-{column}", "-pk")[: size + 1])
    page = Page(found[:size])
    if len(found) > size:
        page.after = found[size - 1].comment.key
    if after and page.suggestions:
        page.before = page.suggestions[0].comment.key
    return page


def find(consultation, key: str) -> PublicSuggestion:
    """The shown suggestion with this key; ``DoesNotExist`` otherwise."""
    return _shown(consultation).get(comment__public_id=_uuid(key))


def _shown(consultation) -> QuerySet:
    columns = [f"comment__{name}" for name in _OF_COMMENT]
    own = [
        field.attname
        for field in PublicSuggestion._meta.concrete_fields
        if field.name != "comment"
    ]
    return (
        PublicSuggestion.objects.filter(consultation=consultation.pk, shown=True)
        .select_related("comment")
        .only(*own, "comment", *columns)
    )


def _place(consultation, key: str) -> PublicSuggestion:
    return PublicSuggestion.objects.get(
        consultation=consultation.pk, comment__public_id=_uuid(key)
    )


def _uuid(key: str) -> UUID:
    try:
        return UUID(hex=key)
    except (ValueError, AttributeError, TypeError):
        raise PublicSuggestion.DoesNotExist(f"There is no {key!r}.") from None
