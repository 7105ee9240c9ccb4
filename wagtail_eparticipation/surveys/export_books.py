"""A survey's export as a workbook: the rows, the codebook, and what the file is.

Finished rows go to disk, so that memory stays flat. A sheet takes 1,048,576 rows:
after a million the rows go on in another sheet.
"""

from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.participations.export_files import CELL, require_xlsx
from wagtail_eparticipation.surveys.codebook_files import table_of
from wagtail_eparticipation.surveys.export import Export
from wagtail_eparticipation.surveys.export_files import TableText, columns_of

#: Rows of data on one sheet.
SHEET = 1_000_000


def write_xlsx(file: BinaryIO, export: Export, *, made_at: datetime) -> None:
    """Write the workbook to an open file, in the active language.

    Raises ``XlsxUnavailable`` without the ``[xlsx]`` extra. The checksum on the last
    sheet is that of the same rows as CSV.
    """
    require_xlsx()
    import xlsxwriter

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    bold = book.add_format({"bold": True})
    headings = export.headings
    text = TableText(headings)
    sheet = _sheet(book, _("Responses"), headings, bold)
    _write_codebook(book, export, bold)
    line, cut = 1, 0
    for row in export.rows():
        if line > SHEET:
            number = text.rows // SHEET + 1
            name = _("Responses %(number)d") % {"number": number}
            sheet, line = _sheet(book, name, headings, bold), 1
        cut += _write_row(sheet, line, row)
        line += 1
        text.add(row)
        if text.is_full:
            text.take()
    text.take()
    _write_about(book, export, text, made_at, cut)
    book.close()


def _sheet(book, name: str, headings: list[str], bold):
    sheet = book.add_worksheet(name)
    if get_language_bidi():
        sheet.right_to_left()
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(len(headings) - 1, 0), 16)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading[:CELL], bold)
    return sheet


def _write_row(sheet, line: int, row) -> int:
    """Write the cells; returns how many texts did not fit into theirs."""
    cut = 0
    for place, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, int | Decimal):
            sheet.write_number(line, place, cell)
        else:
            cut += len(cell) > CELL
            sheet.write_string(line, place, cell[:CELL])
    return cut


def _write_codebook(book, export: Export, bold) -> None:
    headings, rows = table_of(export.codebook, columns_of(export))
    sheet = _sheet(book, _("Codebook"), headings, bold)
    for line, row in enumerate(rows, start=1):
        _write_row(sheet, line, row)


def _write_about(book, export: Export, text: TableText, made_at, cut: int) -> None:
    sheet = book.add_worksheet(_("About this file"))
    if get_language_bidi():
        sheet.right_to_left()
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
    lines = [
        (_("Content"), _("Responses to a survey, releasable words only")),
        (_("Rows"), str(text.rows)),
        (_("SHA-256 of the rows as CSV"), text.checksum()),
        (_("Made"), instant_words(made_at)),
        *export.chosen,
    ]
    if text.rows > SHEET:
        note = _("A sheet takes a million rows: the others are on further sheets.")
        lines.append((_("Sheets"), note))
    if cut:
        lines.append((_("Words that were cut, see the CSV file"), str(cut)))
    for line, cells in enumerate(lines):
        for place, value in enumerate(cells):
            sheet.write_string(line, place, value)
