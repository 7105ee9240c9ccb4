"""Figures as files: one CSV of single values, or a workbook with a sheet a table."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.participations.cells import safe_cell
from wagtail_eparticipation.participations.export_files import require_xlsx
from wagtail_eparticipation.replies.tables import Figures

#: How long the name of a sheet may be, and what it may not hold.
_SHEET_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def csv_bytes(tables: Iterable[Figures]) -> bytes:
    """Every figure on a line of its own: table, row, column, value.

    UTF-8 with a byte-order mark, lines ended by CR and LF, and no cell a formula.
    """
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(["table", "row", "column", "value"])
    for table in tables:
        for label, values in table.rows:
            for column, value in zip(table.columns, values, strict=True):
                cells = (table.code, label, column, "" if value is None else value)
                writer.writerow([safe_cell(str(cell)) for cell in cells])
    return text.getvalue().encode()


def write_xlsx(
    file: BinaryIO, tables: Iterable[Figures], *, title: str, made_at: datetime
) -> None:
    """A sheet for each table, numbers as numbers. Needs the ``[xlsx]`` extra."""
    require_xlsx()
    import xlsxwriter

    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold = book.add_format({"bold": True})
    for number, table in enumerate(tables, start=1):
        sheet = book.add_worksheet(_sheet_name(number, table.title))
        if get_language_bidi():
            sheet.right_to_left()
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, len(table.columns), 22)
        sheet.write_string(0, 0, f"{title} – {table.title}", bold)
        sheet.write_string(1, 0, _("As of %(when)s") % {"when": instant_words(made_at)})
        for place, label in enumerate((table.heading, *table.columns)):
            sheet.write_string(3, place, label, bold)
        for line, (label, values) in enumerate(table.rows, start=4):
            sheet.write_string(line, 0, label)
            for place, value in enumerate(values, start=1):
                if isinstance(value, int | float):
                    sheet.write_number(line, place, value)
                elif value is not None:
                    sheet.write_string(line, place, str(value))
        if table.note:
            sheet.write_string(len(table.rows) + 5, 0, table.note)
    book.close()


def _sheet_name(number: int, title: str) -> str:
    return f"{number} {title.translate(_NOT_IN_NAMES)}"[:_SHEET_NAME].strip()
