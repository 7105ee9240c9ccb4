"""A survey's export as CSV and as JSON, in pieces: memory does not grow with it.

Both end with how many rows they hold and with the SHA-256 of what stands before.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from wagtail_eparticipation.participations.cells import SUSPECT, safe_cell
from wagtail_eparticipation.participations.export_files import CsvText
from wagtail_eparticipation.surveys.codebook_files import as_json, table_of
from wagtail_eparticipation.surveys.export import Export
from wagtail_eparticipation.surveys.export_rows import Row
from wagtail_eparticipation.surveys.variables import of_answers

_PIECE = 1 << 16


class TableText(CsvText):
    """Rows of a survey as CSV: numbers stay numbers, no text is a formula."""

    def __init__(self, headings: Iterable[str]):
        super().__init__([safe_cell(each) for each in headings])

    def add(self, row: Row) -> None:
        self._writer.writerow(
            [
                safe_cell(cell) if type(cell) is str and cell[:1] in SUSPECT else cell
                for cell in row
            ]
        )
        self.rows += 1


def csv_pieces(export: Export) -> Iterator[bytes]:
    """The CSV file; its last line states rows and checksum."""
    text = TableText(export.headings)
    for row in export.rows():
        text.add(row)
        if text.is_full:
            yield text.take()
    yield text.take()
    yield b"# rows=%d sha256=%s\r\n" % (text.rows, text.checksum().encode())


def codebook_csv(export: Export) -> bytes:
    """The codebook as CSV."""
    headings, rows = table_of(export.codebook, columns_of(export))
    text = TableText(headings)
    for row in rows:
        text.add(row)
    return text.take()


def codebook_json(export: Export) -> str:
    """The codebook as a JSON object."""
    found = as_json(export.codebook, columns_of(export))
    return json.dumps(found, ensure_ascii=False, indent=1)


def columns_of(export: Export) -> list:
    """The variables of which the codebook tells, whatever the shape."""
    about = [each for each in export.variables if each.labels and not each.question_id]
    about = [each for each in about if each.name != "unlisted"]
    return [*about, *of_answers(export.codebook)]


def json_pieces(export: Export) -> Iterator[bytes]:
    """The JSON file: the codebook and the rows, each an object without empty cells.

    The checksum is of all bytes up to and with the bracket that ends the rows.
    """
    names = [each.name for each in export.variables]
    digest, rows = hashlib.sha256(), 0
    text = f'{{"codebook": {codebook_json(export)},\n"{export.shape}": ['
    for row in export.rows():
        cells = zip(names, row, strict=True)
        found = {name: cell for name, cell in cells if cell is not None}
        line = json.dumps(found, ensure_ascii=False, default=_number)
        text += f"{',' if rows else ''}\n{line}"
        rows += 1
        if len(text) > _PIECE:
            piece, text = text.encode(), ""
            digest.update(piece)
            yield piece
    piece = f"{text}\n]".encode()
    digest.update(piece)
    yield piece
    yield f',\n"rows": {rows}, "sha256": "{digest.hexdigest()}"}}\n'.encode()


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} is no value of an export")
