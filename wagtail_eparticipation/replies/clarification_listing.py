"""A topic's questions and answers as the public reads them: two queries a page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from wagtail_eparticipation.languages import content_languages, pick
from wagtail_eparticipation.replies.clarifications import (
    Clarification,
    ClarificationText,
)
from wagtail_eparticipation.sanitize import as_safe

#: Questions on one page, and those shown on the topic's own page.
PAGE_SIZE = 20
ON_THE_TOPIC = 3

_COLUMNS = (
    "public_id",
    "original_language",
    "version",
    "published_at",
    "corrected_at",
    "withdrawn_at",
    "withdrawal_reason",
)


@dataclass(frozen=True)
class Item:
    """One entry for ``components/clarifications.html``.

    ``pending`` says that it is not in the reader's language yet: then the words are
    those of the original, in ``language``. A withdrawn one has a ``reason`` and no
    words.
    """

    anchor: str
    url: str
    published_at: datetime
    corrected_at: datetime | None = None
    note: str = ""
    withdrawn_at: datetime | None = None
    reason: str = ""
    question: str = ""
    answer: str = ""
    language: str = ""
    direction: str = ""
    pending: bool = False


@dataclass(frozen=True)
class Listing:
    """One page of entries, and the keys of its neighbours (empty: there is none)."""

    items: list[Item]
    newer: str = ""
    older: str = ""


def newest(consultation, language: str, address: str) -> Listing:
    """The first page, newest first. ``address`` is that of ``…/questions/``."""
    rows = list(_shown(consultation).order_by("-pk")[: PAGE_SIZE + 1])
    return _listing(rows[:PAGE_SIZE], language, address, more=len(rows) > PAGE_SIZE)


def latest(consultation, language: str, address: str) -> list[Item]:
    """The few newest that are in force, for the topic's own page: one query."""
    texts = (
        ClarificationText.objects.filter(
            version__clarification__consultation=consultation.pk,
            version__clarification__withdrawn_at=None,
            version__number=F("version__clarification__version"),
        )
        .select_related("version__clarification")
        .order_by("-version__clarification_id", "pk")
    )
    found: dict[int, dict[str, ClarificationText]] = {}
    for text in texts[: ON_THE_TOPIC * len(content_languages())]:
        found.setdefault(text.version.clarification_id, {})[text.language] = text
    # Of so many texts the first few entries are all there, however translated.
    return [
        _item(
            next(iter(by_language.values())).version.clarification,
            by_language,
            language,
            address,
        )
        for by_language in list(found.values())[:ON_THE_TOPIC]
    ]


def older_than(consultation, key: str, language: str, address: str) -> Listing:
    """The page after one entry; ``DoesNotExist`` for an unknown key."""
    place = find(consultation, key)
    rows = _shown(consultation).filter(pk__lt=place.pk).order_by("-pk")
    rows = list(rows[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    newer = shown[0].key if shown else ""
    return _listing(shown, language, address, newer, more=len(rows) > PAGE_SIZE)


def newer_than(consultation, key: str, language: str, address: str) -> Listing:
    """The page before one entry; ``DoesNotExist`` for an unknown key."""
    place = find(consultation, key)
    rows = _shown(consultation).filter(pk__gt=place.pk).order_by("pk")
    rows = list(rows[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE][::-1]
    newer = shown[0].key if len(rows) > PAGE_SIZE else ""
    return _listing(shown, language, address, newer, more=bool(shown))


def find(consultation, key: str) -> Clarification:
    """The entry with this key; ``Clarification.DoesNotExist`` otherwise."""
    try:
        public_id = UUID(hex=key)
    except (ValueError, AttributeError, TypeError):
        raise Clarification.DoesNotExist(key) from None
    return _shown(consultation).get(public_id=public_id)


def one(clarification: Clarification, language: str, address: str) -> Item:
    """One entry by itself."""
    return _items([clarification], language, address)[0]


def _shown(consultation) -> QuerySet[Clarification]:
    return Clarification.objects.filter(consultation=consultation.pk).only(*_COLUMNS)


def _listing(rows, language, address, newer="", *, more=False) -> Listing:
    older = rows[-1].key if rows and more else ""
    return Listing(_items(rows, language, address), newer, older)


def texts_in_force(
    rows: Iterable[Clarification],
) -> dict[int, dict[str, ClarificationText]]:
    """The words in force by entry and language, in one query."""
    ids = [row.pk for row in rows]
    found: dict[int, dict[str, ClarificationText]] = defaultdict(dict)
    texts = ClarificationText.objects.filter(
        version__clarification__in=ids,
        version__number=F("version__clarification__version"),
    ).select_related("version")
    for text in texts.order_by("pk") if ids else ():
        found[text.version.clarification_id][text.language] = text
    return found


def _items(rows: list[Clarification], language: str, address: str) -> list[Item]:
    texts = texts_in_force(row for row in rows if not row.is_withdrawn)
    return [_item(row, texts[row.pk], language, address) for row in rows]


def _item(row: Clarification, texts, language: str, address: str) -> Item:
    about = {
        "anchor": row.anchor,
        "url": f"{address}{row.key}/",
        "published_at": row.published_at,
    }
    if row.is_withdrawn:
        reason = pick(row.withdrawal_reason, language)
        return Item(**about, withdrawn_at=row.withdrawn_at, reason=reason)
    text = texts.get(language)
    pending = text is None
    text = text or texts[row.original_language]
    return Item(
        **about,
        corrected_at=row.corrected_at,
        note=pick(text.version.reason, language),
        question=text.question,
        answer=as_safe(text.answer_html),
        language=text.language,
        direction=text.direction,
        pending=pending,
    )
