"""Files of other channels: their columns, and their rows as voices (AC-S3-I1, I3).

A file is read row by row, however long it is. What a column means is said by a
mapping of our fields to its headings; :func:`propose` makes a first guess.
"""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any, BinaryIO
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.normalise import search_key
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
}
#: Longest cell that is looked at; the door says what is too long.
_CELL = 200_000
#: Orders in which people write a day, after separators have become hyphens.
_DAYS = ("%Y-%m-%d", "%d-%m-%Y")
_TIMES = ("%H:%M", "%H:%M:%S")


class UnreadableFile(ValueError):
    """The file is no CSV or XLSX that can be read; the message says why."""


@dataclass(frozen=True)
class Plan:
    """How a file's rows become voices: columns by field, and what holds for all.

    ``made_on`` stands in where a row has no date; ``consent`` is the footing on which
    all of them may be used.
    """

    columns: Mapping[str, str]
    language: str = "ar"
    made_on: date | None = None
    consent: str = Consent.NONE
    publication: str = Publication.NOT_PUBLISHED
    evidence: str = ""
    digest: str = field(default="", compare=False)


def digest_of(file: BinaryIO) -> str:
    """SHA-256 of a file, which is left at its beginning."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


@contextmanager
def opened(file: BinaryIO, name: str) -> Iterator[tuple[list[str], Iterator[list]]]:
    """The headings of a file, and its further rows as lists of cells.

    Raises :class:`UnreadableFile`, also while rows are read.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsx":
        with _workbook(file) as rows:
            yield _headings(rows), rows
    elif suffix in (".csv", ".tsv", ".txt"):
        with closing(_csv_rows(file)) as rows:
            yield _headings(rows), rows
    else:
        raise UnreadableFile(_("Choose a file whose name ends in .csv or .xlsx."))


def _headings(rows: Iterator[list]) -> list[str]:
    first = next(rows, None)
    found = [str(cell or "").strip() for cell in first or []]
    if not any(found):
        raise UnreadableFile(_("The first row must hold the names of the columns."))
    return found


@contextmanager
def _workbook(file: BinaryIO) -> Iterator[Iterator[list]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableFile(_("This is no XLSX file that can be read.")) from error
    try:
        sheet = book.worksheets[0]
        # Some programs write a wrong size, by which rows would be left out.
        sheet.reset_dimensions()
        yield (list(row) for row in sheet.iter_rows(values_only=True))
    finally:
        book.close()


def _csv_rows(file: BinaryIO) -> Generator[list, None, None]:
    file.seek(0)
    beginning = file.read(64_000)
    file.seek(0)
    encoding = _encoding_of(beginning)
    text = io.TextIOWrapper(file, encoding, errors="strict", newline="")
    try:
        sample = beginning.decode(encoding, errors="ignore").splitlines()
        delimiter = max(",;\t", key=(sample or [""])[0].count)
        yield from csv.reader(text, delimiter=delimiter)
    except (csv.Error, UnicodeError) as error:
        raise UnreadableFile(
            _("The file cannot be read as text: save it as CSV in UTF-8.")
        ) from error
    finally:
        text.detach()


def _encoding_of(beginning: bytes) -> str:
    """UTF-8 or UTF-16 where it says so or fits; else Windows Arabic."""
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # The last character may have been cut in two.
    for cut in range(4):
        try:
            beginning[: len(beginning) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
        return "utf-8-sig"
    return "cp1256"


def propose(headings: list[str], fields=None) -> dict[str, str]:
    """A first guess which heading is which field; one is used once."""
    plain = {search_key(heading): heading for heading in reversed(headings) if heading}
    guess: dict[str, str] = {}
    for name, (label, words) in (FIELDS if fields is None else fields).items():
        known = {search_key(word) for word in [name, str(label), *words.split()]}
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
    for number, cells in enumerate(rows, start=2):
        if all(cell is None or not str(cell).strip() for cell in cells):
            continue
        values = {
            name: cells[place] if place < len(cells) else None
            for name, place in places.items()
        }
        yield _row(number, values, plan)


def _row(number: int, values: dict[str, Any], plan: Plan) -> ImportRow:
    texts = {name: _text(value) for name, value in values.items()}
    place = f"{plan.digest}:{number}" if plan.digest else ""
    try:
        made_at = _instant(values.get("made_at"), plan.made_on)
        language = _code(texts.get("language", ""), choices(), plan.language)
        capacity = _code(texts.get("capacity", ""), Capacity.choices, "")
    except ValueError as error:
        return ImportRow(number=number, place=place, error=str(error))
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
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    # Spreadsheets keep whole numbers, such as ids, as floating point.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:_CELL].strip()


def _code(text: str, offered, fallback: str) -> str:
    """The code of a value, given as code or as its label in the active language."""
    if not text:
        return fallback
    key = search_key(text)
    for code, label in offered:
        if key in (search_key(str(code)), search_key(str(label))) and code:
            return code
    raise ValueError(_("“%(value)s” is not known here.") % {"value": text[:60]})


def _instant(value: Any, made_on: date | None) -> datetime:
    """When it was made, in the municipality's zone where the cell names none.

    A day without a time counts from its beginning.
    """
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time(0))
    elif value is None or not str(value).strip():
        if made_on is None:
            raise ValueError(_("It has no date."))
        found = datetime.combine(made_on, time(0))
    else:
        found = _parsed(str(value))
    zone = municipal_zone()
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _parsed(text: str) -> datetime:
    plain = "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text.strip()
    )
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        pass
    day, _space, clock = plain.partition(" ")
    day = day.replace("/", "-").replace(".", "-")
    for day_form in _DAYS:
        for form in (day_form, *(f"{day_form} {each}" for each in _TIMES)):
            try:
                return datetime.strptime(f"{day} {clock}".strip(), form)
            except ValueError:
                continue
    raise ValueError(
        _("“%(value)s” is no date such as 2026-04-25 or 25/04/2026 14:30.")
        % {"value": text[:60]}
    )
