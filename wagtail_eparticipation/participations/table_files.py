"""CSV and XLSX files as headings and rows, read row by row, however long they are.

Whatever is wrong with a file is told as :class:`UnreadableFile`, with the place where
reading ended. :func:`read_through` asks for that before anything is done with a row.
"""

import csv
import hashlib
import io
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from django.utils.translation import gettext as _

#: Longest cell that is read, in characters: the rows behind a quotation mark that is
#: never closed are one cell, and must not fill the memory.
_LONGEST_CELL = 10_000_000

#: Bytes by which encoding and delimiter are guessed.
_BEGINNING = 64_000

#: Rows by which a sheet is seen to be empty.
_LOOKED_AT = 50

#: What comes out of a damaged workbook: of the archive, of its compression, of its
#: XML, of what the XML should have named, and of names that lead nowhere.
_DAMAGED = (
    BadZipFile,
    zlib.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    OSError,
    RuntimeError,
)


class UnreadableFile(ValueError):
    """The file is no CSV or XLSX that can be read; the message says why and where."""


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
        reading = _workbook(file)
    elif suffix in (".csv", ".tsv", ".txt"):
        reading = closing(_csv_rows(file))
    else:
        raise UnreadableFile(_("Choose a file whose name ends in .csv or .xlsx."))
    with reading as rows:
        yield _headings(rows), rows


def read_through(file: BinaryIO, name: str) -> None:
    """Read a file to its end, so that one that is damaged is refused as a whole.

    Raises :class:`UnreadableFile`. The file is left at its beginning.
    """
    with opened(file, name) as (_headings_, rows):
        for _row in rows:
            pass
    file.seek(0)


def _headings(rows: Iterator[list]) -> list[str]:
    first = next(rows, None)
    found = [str(cell or "").strip() for cell in first or []]
    if not any(found):
        raise UnreadableFile(_("The first row must hold the names of the columns."))
    return _told_apart(found)


def _told_apart(headings: list[str]) -> list[str]:
    """Equal headings with a number, so that each column can be chosen."""
    result: list[str] = []
    given = set(headings)
    for heading in headings:
        name, number = heading, 1
        while heading and (name in result or (number > 1 and name in given)):
            number += 1
            name = f"{heading} ({number})"
        result.append(name)
    return result


@contextmanager
def _workbook(file: BinaryIO) -> Iterator[Iterator[list]]:
    with _sheets(file) as sheets:
        yield _sheet_rows(sheets[0])


@contextmanager
def _sheets(file: BinaryIO) -> Iterator[list]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheets = list(book.worksheets)
    except (InvalidFileException, *_DAMAGED) as error:
        raise UnreadableFile(_("This is no XLSX file that can be read.")) from error
    try:
        if not sheets:
            raise UnreadableFile(_("This workbook has no sheet with rows."))
        yield sheets
    finally:
        book.close()


def sheets_left_out(file: BinaryIO, name: str) -> list[str]:
    """The names of a workbook's further sheets that hold something: none is read."""
    if PurePath(name).suffix.lower() != ".xlsx":
        return []
    with _sheets(file) as (_first, *others):
        return [sheet.title for sheet in others if _holds_something(sheet)]


def _holds_something(sheet) -> bool:
    try:
        beginning = list(islice(_sheet_rows(sheet), _LOOKED_AT))
    except UnreadableFile:
        return True
    return any(cell is not None for row in beginning for cell in row)


def _sheet_rows(sheet) -> Iterator[list]:
    number = 0
    try:
        # Some programs write a wrong size, by which rows would be left out.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            number += 1
            yield list(row)
    except _DAMAGED as error:
        raise UnreadableFile(
            _("The workbook is damaged: nothing can be read behind row %(number)d.")
            % {"number": number}
        ) from error


def _csv_rows(file: BinaryIO) -> Generator[list, None, None]:
    file.seek(0)
    beginning = file.read(_BEGINNING)
    file.seek(0)
    encoding = _encoding_of(beginning)
    sample = beginning.decode(encoding, errors="ignore").splitlines()
    delimiter = max(",;\t", key=(sample or [""])[0].count)
    # The limit is the whole process's: it is raised, and never lowered for others.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    text = io.TextIOWrapper(file, encoding, errors="strict", newline="")
    rows = csv.reader(text, delimiter=delimiter)
    try:
        yield from rows
    except UnicodeError as error:
        raise UnreadableFile(
            _("Line %(number)d cannot be read as text: save the file as CSV in UTF-8.")
            % {"number": _line_of_error(file, encoding) or rows.line_num + 1}
        ) from error
    except csv.Error as error:
        raise UnreadableFile(
            _(
                "The file cannot be read as CSV behind line %(number)d: is there a"
                " quotation mark that is not closed?"
            )
            % {"number": rows.line_num}
        ) from error
    finally:
        text.detach()


def _line_of_error(file: BinaryIO, encoding: str) -> int | None:
    """The first line that is no text; the reader itself decodes several at once."""
    if encoding != "utf-8-sig":
        return None
    file.seek(0)
    for number, line in enumerate(file, start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return None


def _encoding_of(beginning: bytes) -> str:
    """UTF-8 or UTF-16 where it says so or fits; else Windows Arabic.

    UTF-8 with a few wrong bytes is UTF-8 still: read as Windows Arabic all its words
    would be nonsense, and nobody would be told.
    """
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    read = beginning.decode("utf-8-sig", errors="replace")
    if len(beginning) == _BEGINNING:
        # The last character may have been cut in two.
        read = read[:-1]
    wrong = read.count("\ufffd")
    right = sum(character > "\x7f" for character in read) - wrong
    return "cp1256" if wrong and wrong >= right else "utf-8-sig"
