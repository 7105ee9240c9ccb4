"""Whether an exported file is still the one that was made."""

import hashlib
import re
import struct
import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import ParseError

from django.db import DatabaseError
from django.utils.translation import gettext as _

from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations.export_files import TRAILER, CsvText
from wagtail_eparticipation.participations.exporting import COLUMNS

_PIECE = 1 << 20
#: What a damaged archive of XML raises, wherever in it the damage is.
_DAMAGES = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    ParseError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    # Among them a method of compression that is not known, and a password.
    RuntimeError,
)
#: How XLSX writes a character that XML has no other way for.
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def faults_of(path: Path) -> list[str]:
    """What is wrong with an exported file, in words; empty when nothing is.

    Its rows against the number and the checksum that it states, and the whole file
    against a ``.sha256`` file beside it when there is one.
    """
    is_book = path.suffix.lower() == ".xlsx"
    faults = _faults_of_book(path) if is_book else _faults_of_csv(path)
    beside = path.with_name(f"{path.name}.sha256")
    if beside.exists() and beside.read_text().split()[:1] != [digest_of(path)]:
        faults.append(
            _("The file is not the one that %(name)s was made for.")
            % {"name": beside.name}
        )
    return faults


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_on_record(path: Path) -> bool:
    """Whether a ledger of this site names exactly this file."""
    events = LedgerEvent.objects.filter(kind="register.exported")
    try:
        return events.filter(data__sha256=digest_of(path)).exists()
    except DatabaseError:
        # A file can be checked anywhere, also where there is no database.
        return False


def _faults_of_csv(path: Path) -> list[str]:
    digest, quotes, rows, line = hashlib.sha256(), 0, -1, b""
    with path.open("rb") as file:
        for following in file:
            if line:
                digest.update(line)
                quotes += line.count(b'"')
                # Within quotes a line end belongs to a text.
                rows += quotes % 2 == 0
            line = following
    found = TRAILER.fullmatch(line)
    if found is None:
        return [_("The last line with the checksum is missing: the file was cut off.")]
    return _compare(rows, digest.hexdigest(), int(found[1]), found[2].decode())


def _compare(rows: int, checksum: str, said: int, promised: str) -> list[str]:
    faults = []
    if rows != said:
        faults.append(
            _("The file holds %(rows)s rows and says that it holds %(said)s.")
            % {"rows": rows, "said": said}
        )
    if checksum != promised:
        faults.append(_("The rows are not those that the checksum was made of."))
    return faults


def _faults_of_book(path: Path) -> list[str]:
    unreadable = [_("The file cannot be read as a spreadsheet: it is damaged.")]
    try:
        with zipfile.ZipFile(path) as members:
            if members.testzip() is not None:
                return unreadable
        return _faults_of_sheets(path)
    except _DAMAGES:
        return unreadable


def _faults_of_sheets(path: Path) -> list[str]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    try:
        *sheets, about = book.worksheets
        lines = list(about.iter_rows(max_row=3, values_only=True))
        said, promised = int(lines[1][1]), str(lines[2][1])
        text = CsvText()
        for sheet in sheets:
            for cells in sheet.iter_rows(min_row=2, values_only=True):
                values = [_characters(cell) for cell in cells]
                values += [""] * (len(COLUMNS) - len(values))
                fixed = len(COLUMNS) - 1
                text.add((*values[:fixed], "".join(values[fixed:])))
                if text.is_full:
                    text.take()
        text.take()
        return _compare(text.rows, text.checksum(), said, promised)
    finally:
        book.close()


def _characters(cell) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), str(cell or ""))
