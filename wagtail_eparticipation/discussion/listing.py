"""Reading the discussion: pages by key, constant cost whatever the size (R-7.9c).

Lists name only columns of our own table, so that they read one table along one
index; the comments package's tables hold nothing that a list needs.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.discussion.models import PublishedComment

#: Replies shown below each voice of a list; the thread's own page shows all.
FIRST_REPLIES = 3

#: Replies on one page of a thread.
THREAD_PAGE_SIZE = 50

SHOWN = (
    "public_id",
    "consultation_id",
    "participation_id",
    "root_id",
    "reply_to_id",
    "position",
    "published_at",
    "removed_at",
    "removed_under",
    "reply_count",
    "agree_count",
    "is_official",
    "office",
    "kind",
    "article",
    "shown_name",
    "title",
    "html",
    "sources",
    "language",
    "files",
)
_ANSWERED = (
    "reply_to__shown_name",
    "reply_to__removed_at",
    "reply_to__is_official",
    "reply_to__office",
)


@dataclass
class Listing:
    """One page of voices, and the keys of its neighbours (empty: there is none)."""

    voices: list[PublishedComment]
    newer: str = ""
    older: str = ""


@dataclass
class Thread:
    """One voice with a page of its replies; ``later`` is the last position shown."""

    root: PublishedComment
    replies: list[PublishedComment] = field(default_factory=list)
    earlier: int | None = None
    later: int | None = None


def newest(consultation, *, size: int | None = None, article: str = "") -> Listing:
    """The first page, newest first, with first replies: two queries.

    ``article`` narrows this and its neighbours to the voices on one article.
    """
    return _page(_roots(consultation, article), size)


def older_than(
    consultation, key: str, *, size: int | None = None, article: str = ""
) -> Listing:
    """The page after the voice with ``key``; ``DoesNotExist`` for an unknown one."""
    place = _place(consultation, key)
    rows = _roots(consultation, article).filter(
        Q(published_at__lt=place.published_at) | Q(xtdcomment_ptr__lt=place.pk),
        published_at__lte=place.published_at,
    )
    listing = _page(rows, size)
    if listing.voices:
        listing.newer = listing.voices[0].key
    return listing


def newer_than(
    consultation, key: str, *, size: int | None = None, article: str = ""
) -> Listing:
    """The page before the voice with ``key``; ``DoesNotExist`` for an unknown one."""
    place = _place(consultation, key)
    size = size or get_setting("DISCUSSION_PAGE_SIZE")
    rows = list(
        _roots(consultation, article)
        .filter(
            Q(published_at__gt=place.published_at) | Q(xtdcomment_ptr__gt=place.pk),
            published_at__gte=place.published_at,
        )
        .order_by("published_at", "xtdcomment_ptr_id")[: size + 1]
    )
    more, rows = len(rows) > size, rows[:size][::-1]
    listing = Listing(rows, older=rows[-1].key if rows else "")
    if more:
        listing.newer = rows[0].key
    _add_first_replies(rows)
    return listing


def thread(comment: PublishedComment, *, after: int | None = None) -> Thread:
    """A voice's thread; for a reply, the page of the thread on which it stands."""
    root = comment
    if comment.root_id:
        root = _shown().get(pk=comment.root_id)
        if after is None:
            after = (comment.position - 1) // THREAD_PAGE_SIZE * THREAD_PAGE_SIZE
    after = after or 0
    rows = list(
        _replies()
        .filter(root=root.pk, position__gt=after, hidden=False)
        .order_by("position")[: THREAD_PAGE_SIZE + 1]
    )
    shown = rows[:THREAD_PAGE_SIZE]
    found = Thread(root, shown)
    if after:
        found.earlier = max(0, after - THREAD_PAGE_SIZE)
    if len(rows) > THREAD_PAGE_SIZE:
        found.later = shown[-1].position
    return found


def find(consultation, key: str) -> PublishedComment:
    """The shown voice with this key; ``PublishedComment.DoesNotExist`` otherwise."""
    return _shown().get(
        public_id=_uuid(key), consultation=consultation.pk, hidden=False
    )


def _shown() -> QuerySet:
    return PublishedComment.objects.only(*SHOWN)


def _replies() -> QuerySet:
    return PublishedComment.objects.select_related("reply_to").only(*SHOWN, *_ANSWERED)


def _roots(consultation, article: str = "") -> QuerySet:
    narrowed = {"article": article} if article else {}
    return (
        _shown()
        .filter(consultation=consultation.pk, is_root=True, hidden=False, **narrowed)
        # The attribute's name: ordering by the relation would join its table.
        .order_by("-published_at", "-xtdcomment_ptr_id")
    )


def _place(consultation, key: str) -> PublishedComment:
    return PublishedComment.objects.only("published_at").get(
        public_id=_uuid(key), consultation=consultation.pk
    )


def _uuid(key: str) -> UUID:
    try:
        return UUID(hex=key)
    except (ValueError, AttributeError, TypeError):
        raise PublishedComment.DoesNotExist(f"There is no voice {key!r}.") from None


def _page(rows: QuerySet, size: int | None) -> Listing:
    size = size or get_setting("DISCUSSION_PAGE_SIZE")
    found = list(rows[: size + 1])
    voices = found[:size]
    _add_first_replies(voices)
    return Listing(voices, older=voices[-1].key if len(found) > size else "")


def _add_first_replies(voices: list[PublishedComment]) -> None:
    by_root = {voice.pk: voice for voice in voices}
    for voice in voices:
        voice.first_replies = []
    with_replies = [voice.pk for voice in voices if voice.reply_count]
    if not with_replies:
        return
    rows = (
        _replies()
        .filter(root__in=with_replies, position__lte=FIRST_REPLIES, hidden=False)
        .order_by("root_id", "position")
    )
    for reply in rows:
        by_root[reply.root_id].first_replies.append(reply)
