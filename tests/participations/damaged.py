"""Workbooks, sound and as they are when a disk, a mail or a program damaged them."""

import io
import zipfile

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: int = 2000) -> bytes:
    """A sound one with a text and a date in each row."""
    book = Workbook()
    sheet = book.active
    sheet.append(["text", "date", "name"])
    for number in range(rows):
        sheet.append([f"نص {number}", "2026-04-10", ""])
    return _saved(book)


def of_three_sheets() -> bytes:
    """One whose second sheet is empty and whose third holds words."""
    book = Workbook()
    book.active.append(["text", "date", "name"])
    book.active.append(["نص", "2026-04-10", ""])
    book.create_sheet("فارغة")
    book.create_sheet("ورقة أخرى").append(["text"])
    return _saved(book)


def without_rows() -> bytes:
    """One that holds a chart alone."""
    book = Workbook()
    book.create_chartsheet()
    book.remove(book.active)
    return _saved(book)


def cut_in_two() -> bytes:
    """The sheet's XML ends in its middle."""
    return _changed(lambda name, data: data[: len(data) // 2])


def without_its_sheet() -> bytes:
    """The workbook names a sheet that is not in the file."""
    return _changed(lambda name, data: None)


def flipped() -> bytes:
    """Bytes in the middle of the compressed sheet are others."""
    content = workbook()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo(SHEET)
    middle = info.header_offset + 60 + info.compress_size // 2
    noise = bytes(255 - byte for byte in content[middle : middle + 64])
    return content[:middle] + noise + content[middle + 64 :]


def _saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _changed(change) -> bytes:
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == SHEET:
                data = change(name, data)
            if data is not None:
                new.writestr(name, data)
    return result.getvalue()


DAMAGED = {
    "chart alone": without_rows,
    "cut in two": cut_in_two,
    "without its sheet": without_its_sheet,
    "flipped": flipped,
}
