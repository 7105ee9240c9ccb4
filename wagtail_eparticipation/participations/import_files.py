"""Files of other channels: their columns, and their rows as voices (AC-S3-I1, I3).

What a column means is said by a mapping of our fields to its headings;
:func:`propose` makes a first guess.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.import_cells import (
    code_of,
    instant_of,
    number_of,
    text_of,
)
from wagtail_eparticipation.participations.importing import ImportRow
from wagtail_eparticipation.participations.languages_written import choices
from wagtail_eparticipation.participations.models import (
    Capacity,
    Consent,
    Publication,
)

#: What a column can be, with the headings by which it is guessed.
FIELDS = {
    "text": (gettext_lazy("Text"), "text comment message content النص التعليق الرأي"),
    "made_at": (gettext_lazy("Date and time"), "date time created_at التاريخ الوقت"),
    "source_id": (
        gettext_lazy("Number or address there"),
        "id permalink url link number المعرف الرابط الرقم",
    ),
    "title": (gettext_lazy("Title"), "title subject العنوان الموضوع"),
    "name": (
        gettext_lazy("Name or account"),
        "name handle user username author account الاسم الحساب المستخدم",
    ),
    "email": (gettext_lazy("E-mail address"), "email e-mail البريد"),
    "language": (gettext_lazy("Language"), "language lang اللغة"),
    "article": (gettext_lazy("Article"), "article clause المادة البند"),
    "capacity": (gettext_lazy("Takes part as"), "capacity role الصفة"),
    "evidence": (gettext_lazy("Evidence"), "evidence scan الإثبات المستند"),
    "likes": (gettext_lazy("Likes"), "likes favorites favourites الإعجابات"),
    "shares": (
        gettext_lazy("Shares"),
        "shares reposts retweets المشاركات إعادات",
    ),
}
#: Fields that a tool with columns of its own has no use for.
_WORDS = ("text", "title", "likes", "shares")


@dataclass(frozen=True)
class Plan:
    """How a file's rows become voices: columns by field, and what holds for all.

    ``made_on`` stands in where a row has no date; ``consent`` is the footing on which
    all of them may be used. ``entry`` reads the columns of a tool that has its own,
    see ``tools.Importer``.
    """

    columns: Mapping[str, str]
    language: str = "ar"
    made_on: date | None = None
    consent: str = Consent.NONE
    publication: str = Publication.NOT_PUBLISHED
    evidence: str = ""
    entry: Callable[..., tools.Entry] | None = field(default=None, compare=False)


def fields_of(batch) -> dict[str, tuple[Any, Any]]:
    """What a column of a batch's file can be: ours, and those of its tool."""
    importer = tools.get(batch.tool).importer
    if importer is None:
        return dict(FIELDS)
    own = importer.columns(batch.consultation, batch.subject)
    ours = {name: value for name, value in FIELDS.items() if name not in _WORDS}
    return {**own, **ours}


def entry_of(batch) -> Callable[..., tools.Entry] | None:
    """How the columns of the batch's tool are read, if it has any."""
    importer = tools.get(batch.tool).importer
    return importer.reader(batch.consultation, batch.subject) if importer else None


def propose(headings: list[str], fields=None) -> dict[str, str]:
    """A first guess which heading is which field; one is used once."""
    plain = {search_key(heading): heading for heading in reversed(headings) if heading}
    guess: dict[str, str] = {}
    for name, (label, words) in (FIELDS if fields is None else fields).items():
        spellings = words.split() if isinstance(words, str) else words
        known = {search_key(word) for word in [name, str(label), *spellings]}
        for key, heading in plain.items():
            if heading not in guess.values() and (key in known or key == name):
                guess[name] = heading
                break
    return guess


def read(headings: list[str], rows: Iterator[list], plan: Plan) -> Iterator[ImportRow]:
    """Each row as a voice, or with what is wrong with it; empty rows are left out."""
    places = {
        name: headings.index(heading)
        for name, heading in plan.columns.items()
        if heading in headings
    }
    times: dict[bytes, int] = {}
    for number, cells in enumerate(rows, start=2):
        if all(cell is None or not str(cell).strip() for cell in cells):
            continue
        values = {
            name: cells[place] if place < len(cells) else None
            for name, place in places.items()
        }
        has_id = bool(str(values.get("source_id") or "").strip())
        place = "" if has_id else _place(values, times)
        yield _row(number, values, plan, place)


def _place(values: dict[str, Any], times: dict[bytes, int]) -> str:
    """What a row says, and which of the rows it is that say the same.

    By it a row without an id is known again in a longer version of its file. Only a
    keyed hash of it is kept.
    """
    said = json.dumps([values[name] for name in sorted(values)], default=str)
    digest = hashlib.blake2b(said.encode(), digest_size=16).digest()
    times[digest] = times.get(digest, 0) + 1
    return f"{digest.hex()}:{times[digest]}"


def _told_of(name: str, plan: Plan, error: ValueError) -> str:
    """What is wrong, and in which column of the file."""
    if not (heading := plan.columns.get(name)):
        return str(error)
    return _("Column “%(column)s”: %(message)s") % {
        "column": heading,
        "message": error,
    }


def _row(number: int, values: dict[str, Any], plan: Plan, place: str) -> ImportRow:
    texts: dict[str, str] = {}
    at = ""
    try:
        for at, value in values.items():
            texts[at] = text_of(value)
        at = "made_at"
        made_at = instant_of(values.get(at), plan.made_on)
        at = "language"
        language = code_of(texts.get(at, ""), choices(), plan.language)
        at = "capacity"
        capacity = code_of(texts.get(at, ""), Capacity.choices, "")
        at = "likes"
        likes = number_of(texts.get(at, ""))
        at = "shares"
        shares = number_of(texts.get(at, ""))
        # Of an answer its question is told.
        at = ""
        entry = plan.entry(texts, language) if plan.entry else None
    except ValueError as error:
        told = _told_of(at, plan, error)
        return ImportRow(number=number, place=place, error=told)
    return ImportRow(
        number=number,
        place=place,
        text=texts.get("text", ""),
        title=texts.get("title", ""),
        made_at=made_at,
        source_id=texts.get("source_id", "")[:500],
        name=texts.get("name", "")[:200],
        email=texts.get("email", "")[:254],
        language=language,
        article=texts.get("article", "")[:200],
        capacity=capacity,
        evidence=(texts.get("evidence") or plan.evidence)[:300],
        consent=plan.consent,
        publication=plan.publication,
        likes=likes,
        shares=shares,
        entry=entry,
    )
