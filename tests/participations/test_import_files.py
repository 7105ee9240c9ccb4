"""Files of other channels: read row by row, each with its mistake or as a voice."""

import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from wagtail_eparticipation.participations import import_files, table_files
from wagtail_eparticipation.participations.import_files import Plan
from wagtail_eparticipation.participations.table_files import UnreadableFile

ARABIC = "المعرف;النص;التاريخ\n7;نريد ظلاً;٢٥/٠٤/٢٠٢٦ 14:30\n"


def read(content, name="posts.csv", columns=None, **plan):
    file = io.BytesIO(content)
    with table_files.opened(file, name) as (headings, rows):
        columns = columns or import_files.propose(headings)
        return list(import_files.read(headings, rows, Plan(columns, **plan)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_arabic_is_read_in_every_encoding_that_offices_use(encoding):
    # Windows' Arabic has no Arabic-Indic digits.
    plain = ARABIC.replace("٢٥/٠٤/٢٠٢٦", "25/04/2026")
    text = plain if encoding == "cp1256" else ARABIC
    (row,) = read(text.encode(encoding))
    assert (row.number, row.text, row.source_id) == (2, "نريد ظلاً", "7")
    assert row.made_at == datetime(2026, 4, 25, 11, 30, tzinfo=UTC)


def test_a_spreadsheet_is_read_with_its_own_dates():
    book = Workbook()
    sheet = book.active
    sheet.append(["text", "date", "id"])
    sheet.append(["More shade", datetime(2026, 4, 25, 14, 30), 1234.0])
    sheet.append([None, None, None])
    sheet.append(["A bench", date(2026, 4, 26), "x"])
    file = io.BytesIO()
    book.save(file)
    first, second = read(file.getvalue(), "forms.xlsx")
    assert (first.source_id, first.made_at.hour, second.number) == ("1234", 14, 4)


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("2026-04-25", 0),
        ("2026-04-25T10:15:00+03:00", 10),
        ("25.04.2026 09:05", 9),
        ("25/4/2026", 0),
    ],
)
def test_days_are_read_as_people_write_them(cell, hour):
    (row,) = read(f"text,date\na,{cell}\n".encode())
    assert (row.made_at.day, row.made_at.month, row.made_at.hour) == (25, 4, hour)


@pytest.mark.parametrize(
    "cell",
    [
        "32/13/2026",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59:59-10:00",
        "0001-01-01T00:00:00+10:00",
        "10000-01-01",
    ],
)
def test_days_at_the_ends_of_time_are_the_mistake_of_their_row(cell):
    (row,) = read(f"text,date\na,{cell}\n".encode())
    assert "2026-04-25" in row.error
    assert cell not in row.error


def test_a_day_for_all_at_the_ends_of_time_is_the_mistake_of_each_row():
    (row,) = read(b"text,date\na,\n", made_on=date(1, 1, 1))
    assert row.error


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("a,32/13/2026", "2026-04-25"),
        ("a,", "لا تاريخ له"),
        ("a,2026-04-25,Klingon", "English"),
        ("a,32/13/2026", "date"),
        ("a,2026-04-25,Klingon", "language"),
        ("a,2026-04-25,en,many", "likes"),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(cells, told):
    rows = read(f"text,date,language,likes\n{cells}\nb,2026-04-25,en\n".encode())
    assert told in rows[0].error
    assert (rows[0].number, rows[1].error) == (2, "")


@pytest.mark.parametrize(
    "cells",
    [
        "a,سلمى,ar,tourist,1",
        "a,2026-04-25,سلمى,tourist,1",
        "a,2026-04-25,ar,سلمى,1",
        "a,2026-04-25,ar,,سلمى",
    ],
)
def test_what_a_cell_holds_is_not_told(cells):
    (row,) = read(f"text,date,language,capacity,likes\n{cells}\n".encode())
    assert row.error
    assert "سلمى" not in row.error


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("Text,Text,Date", ["Text", "Text (2)", "Date"]),
        ("Text,Text,Text (2),Text", ["Text", "Text (3)", "Text (2)", "Text (4)"]),
        ("Text,,", ["Text", "", ""]),
    ],
)
def test_equal_headings_are_told_apart(given, told):
    file = io.BytesIO(f"{given}\n".encode())
    with table_files.opened(file, "posts.csv") as (headings, _rows):
        assert headings == told


def test_the_second_of_two_equal_columns_can_be_chosen():
    content = b"text,text,date\na,b,2026-04-25\n"
    (row,) = read(content, columns={"text": "text (2)", "made_at": "date"})
    assert row.text == "b"


def test_a_day_for_all_stands_in_where_a_row_has_none():
    (row,) = read(b"text,date\na,\n", made_on=date(2026, 4, 25))
    assert row.made_at.date() == date(2026, 4, 25)


def test_what_is_no_column_is_no_field():
    columns = import_files.propose(["النص", "Views", "permalink", "الحساب"])
    assert columns == {"text": "النص", "source_id": "permalink", "name": "الحساب"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b",,\n", "blank.csv"),
        (b"PK\x03\x04 no workbook", "broken.xlsx"),
        (b"text\nx\n", "posts.exe"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content, name):
    with pytest.raises(UnreadableFile):
        read(content, name)
