"""The files of an export: CSV with a trailer, XLSX with a sheet about itself.

Both state how many rows they hold and the SHA-256 of those rows as CSV, so that the
same rows have the same checksum in either form.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.util import find_spec
from typing import BinaryIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.cells import safe_cell
from wagtail_eparticipation.participations.exporting import COLUMNS, Row
from wagtail_eparticipation.participations.models import (
    Capacity,
    Channel,
    Publication,
    State,
)

#: The last line of a CSV file; the checksum is of every byte before it.
TRAILER = re.compile(rb"# rows=(\d+) sha256=([0-9a-f]{64})\r\n")
#: A cell takes 32,767 units of UTF-16; longer texts go on in the next cell.
CELL = 16_000
#: Rows on one sheet, of which spreadsheets take 1,048,576.
SHEET = 1_000_000
_BUFFER = 1 << 16


class XlsxUnavailable(RuntimeError):
    """The ``[xlsx]`` extra is not installed; the message says how to get it."""


class CsvText:
    """The register, or another table, as CSV, its number of rows and its checksum.

    UTF-8 with a byte-order mark, lines ended by CR and LF, and no cell a formula.
    """

    def __init__(self, headings: Iterable[str] = COLUMNS):
        self.rows = 0
        self._digest = hashlib.sha256()
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer)
        self._buffer.write("\ufeff")
        self._writer.writerow(headings)

    def add(self, row: Row) -> None:
        self._writer.writerow([safe_cell(value) for value in row])
        self.rows += 1

    @property
    def is_full(self) -> bool:
        """Whether it is time to :meth:`take` what was written."""
        return self._buffer.tell() > _BUFFER

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = self._buffer.getvalue().encode()
        self._buffer.seek(0)
        self._buffer.truncate()
        self._digest.update(taken)
        return taken

    def checksum(self) -> str:
        """SHA-256 of all that was taken."""
        return self._digest.hexdigest()


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """A CSV file in pieces; the last line states rows and checksum."""
    text = CsvText()
    for row in rows:
        text.add(row)
        if text.is_full:
            yield text.take()
    yield text.take()
    yield b"# rows=%d sha256=%s\r\n" % (text.rows, text.checksum().encode())


def can_write_xlsx() -> bool:
    """Whether XlsxWriter is installed."""
    return find_spec("xlsxwriter") is not None


def require_xlsx() -> None:
    """Raise :class:`XlsxUnavailable` where it is not."""
    if not can_write_xlsx():
        raise XlsxUnavailable(
            _(
                "Spreadsheets need an extra package: pip install"
                ' "wagtail-eparticipation[xlsx]".'
            )
        )


def write_xlsx(
    file: BinaryIO,
    rows: Iterable[Row],
    *,
    made_at: datetime,
    chosen: Iterable[tuple[str, str]] = (),
) -> None:
    """Write a workbook to an open file, in the active language.

    ``chosen`` says in words how the rows were cut: label and value. Every cell is
    text, exactly as in the register. Needs the ``[xlsx]`` extra.
    """
    require_xlsx()
    import xlsxwriter

    text = CsvText()
    # Finished rows go to disk, so that memory stays flat.
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet, line = None, 0
    for row in rows:
        if sheet is None or line > SHEET:
            sheet, line = _new_sheet(book), 1
        for place, value in enumerate(_cells(row)):
            if value:
                sheet.write_string(line, place, value)
        line += 1
        text.add(row)
        if text.is_full:
            text.take()
    if sheet is None:
        _new_sheet(book)
    text.take()
    _write_about(book, text, made_at, chosen)
    book.close()


def _new_sheet(book):
    number = len(book.worksheets()) + 1
    name = _("Register")
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    _face_the_reader(sheet)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(COLUMNS) - 3, 14)
    sheet.set_column(len(COLUMNS) - 2, len(COLUMNS) - 1, 60)
    bold = book.add_format({"bold": True})
    for place, label in enumerate(COLUMNS.values()):
        sheet.write_string(0, place, str(label), bold)
    return sheet


def _face_the_reader(sheet) -> None:
    if get_language_bidi():
        sheet.right_to_left()


def _cells(row: Row) -> Iterator[str]:
    *others, text = row
    yield from others
    for start in range(0, len(text), CELL):
        yield text[start : start + CELL]


def _write_about(book, text: CsvText, made_at, chosen) -> None:
    """The last sheet; ``export_checks`` reads its second and third line."""
    sheet = book.add_worksheet(_("About this file"))
    _face_the_reader(sheet)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
    lines = [
        (_("Content"), _("Register of participations, releasable text only")),
        (_("Rows"), str(text.rows)),
        (_("SHA-256 of the rows as CSV"), text.checksum()),
        (_("Made"), instant_words(made_at)),
        *chosen,
        ("", ""),
        (_("Column"), _("Name in CSV")),
        *((str(label), name) for name, label in COLUMNS.items()),
        ("", ""),
        (_("Code"), _("Meaning")),
        *_codes(),
    ]
    for line, cells in enumerate(lines):
        for place, value in enumerate(cells):
            sheet.write_string(line, place, value)


def _codes() -> Iterator[tuple[str, str]]:
    """What each code of a column means."""
    kinds = {
        "state": State.choices,
        "channel": Channel.choices,
        "tool": [(tool.code, tool.label) for tool in tools.registered()],
        "capacity": Capacity.choices,
        "publication": Publication.choices,
    }
    for column, choices in kinds.items():
        for code, label in choices:
            yield f"{column}={code}", str(label)
