"""A file of the register holds what may leave it, and shows whether it was changed."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import DURING, make_consultation, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.participations import (
    export_checks,
    export_files,
    exporting,
)
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.exporting import COLUMNS
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.withdrawal import withdraw

pytestmark = pytest.mark.django_db
#: What spreadsheets run, break at, or do not show as it is.
NASTY = [
    "=HYPERLINK(1)",
    "  +1",
    "＝1",
    '"quoted", with\nlines "and" more\n',
    "# rows=1 sha256=" + "0" * 64,
    "_x0041_ <b>&amp;</b>",
    "سطر\tأول 👩‍👩‍👧",
    "  مسافات  ",
    "0012",
]


def send(consultation, text="نص", **fields):
    submission = Submission(tool="comment", language="ar", text=text, **fields)
    with clock.rehearse(DURING):
        return submit(consultation, submission).participation


@pytest.fixture
def topic():
    return make_consultation()


@pytest.fixture
def nasty(topic):
    for text in NASTY:
        send(topic, text)
    # Longer than a cell of a spreadsheet, and not as the door would leave it.
    row = send(topic)
    Participation.objects.filter(pk=row.pk).update(text="كلمة " * 9_000, title="=1")
    return topic


@pytest.fixture
def analyst(client):
    user = make_user("analyst", permissions=["analyse_participation"])
    client.force_login(user)
    return user


def taken(client, form="csv", **query):
    name = "register_export" if form == "csv" else "register_export_xlsx"
    response = client.get(reverse(f"eparticipation_admin:{name}"), query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_in(content: bytes) -> list[dict]:
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert lines[-1]["number"].startswith("# rows=")
    return lines[:-1]


def kept(tmp_path, content: bytes, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_no_cell_of_the_csv_is_a_formula(client, analyst, nasty):
    texts = [row["text"] for row in rows_in(taken(client))]
    assert texts[0] == "'=HYPERLINK(1)"
    assert not [text for text in texts if text.lstrip(" ")[:1] in ("=", "+", "＝")]


def test_a_spreadsheet_holds_texts_exactly_and_as_texts(client, analyst, nasty):
    book = load_workbook(io.BytesIO(taken(client, "xlsx")))
    register = book.worksheets[0]
    stored = Participation.objects.order_by("pk").values_list("text", flat=True)
    for line, text in enumerate(stored, start=2):
        cells = [
            cell
            for cell in register[line][len(COLUMNS) - 1 :]
            if cell.value is not None
        ]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
        shown = "".join(cell.value for cell in cells)
        assert export_checks._characters(shown) == text
    assert register.sheet_view.rightToLeft


def test_its_last_sheet_says_what_the_file_is(client, analyst, topic):
    send(topic)
    send(topic, channel="counter", made_at=DURING)
    content = taken(client, "xlsx", channel="counter", consultation=topic.pk)
    about = load_workbook(io.BytesIO(content)).worksheets[-1]
    words = list(about.iter_rows(values_only=True))
    assert ("الصفوف", "1") in words
    assert ("الاستشارة", topic.reference) in words
    assert ("القناة", "مكتب خدمة المستفيدين") in words
    assert ("state=published", "منشور") in words


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_that_nobody_touched_verifies(client, analyst, nasty, tmp_path, form):
    path = kept(tmp_path, taken(client, form), f"register.{form}")
    assert export_checks.faults_of(path) == []


def test_the_same_rows_have_the_same_checksum_in_either_form(client, analyst, nasty):
    in_csv = re.search(rb"rows=(\d+) sha256=(\w+)\r\n$", taken(client))
    book = load_workbook(io.BytesIO(taken(client, "xlsx")))
    about = list(book.worksheets[-1].iter_rows(max_row=3, values_only=True))
    assert [about[1][1], about[2][1]] == [part.decode() for part in in_csv.groups()]


def test_every_changed_byte_of_a_csv_file_is_found(client, analyst, topic, tmp_path):
    send(topic, "نص قصير")
    content = taken(client)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        assert export_checks.faults_of(kept(tmp_path, changed, "register.csv")), place


@pytest.mark.parametrize("cut", [1, 80, 140, 10_000])
def test_a_csv_file_that_was_cut_off_is_found(client, analyst, topic, tmp_path, cut):
    send(topic)
    path = kept(tmp_path, taken(client)[:-cut], "register.csv")
    assert export_checks.faults_of(path)


def test_a_changed_cell_of_a_spreadsheet_is_found(client, analyst, topic, tmp_path):
    send(topic, "الأصل")
    path = kept(tmp_path, taken(client, "xlsx"), "register.xlsx")
    book = load_workbook(path)
    book.worksheets[0]["K2"] = "غيره"
    book.save(path)
    assert len(export_checks.faults_of(path)) == 1
    book.worksheets[0].delete_rows(2)
    book.save(path)
    assert len(export_checks.faults_of(path)) == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"# rows=0"])
@pytest.mark.parametrize("name", ["register.csv", "register.xlsx"])
def test_what_is_no_export_is_damaged(tmp_path, content, name):
    assert export_checks.faults_of(kept(tmp_path, content, name))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_empty_register_is_a_file_as_well(client, analyst, tmp_path, form):
    path = kept(tmp_path, taken(client, form), f"register.{form}")
    assert export_checks.faults_of(path) == []


def test_neither_names_nor_withdrawn_words_leave_the_register(client, analyst, topic):
    send(topic, "سحبتُ كلامي")
    withdrawn = Participation.objects.get()
    with clock.rehearse(DURING):
        withdraw(withdrawn)
    person = Person(name="سارة الاسم", email="sara@citizens.example")
    send(topic, person=person, publication="with_name")
    content = taken(client).decode()
    book = load_workbook(io.BytesIO(taken(client, "xlsx")))
    cells = [
        str(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    for words in (content, " ".join(cells)):
        assert withdrawn.number in words
        for hidden in ("سحبتُ كلامي", "سارة الاسم", "sara@", "09:00", "12:00:"):
            assert hidden not in words.replace(" (بتوقيت", "")


def test_the_file_is_cut_and_searched_like_the_listing(client, analyst, topic):
    send(topic, "شجرة")
    send(topic, "مقعد")
    send(make_consultation(), "شجرة أخرى")
    found = rows_in(taken(client, consultation=topic.pk, q="شجرة"))
    assert [row["text"] for row in found] == ["شجرة"]
    assert rows_in(taken(client, state=State.PUBLISHED)) == []


def test_words_that_were_taken_back_are_not_found_by_them(client, analyst, topic):
    gone = send(topic, "شجرة باسقة")
    Participation.objects.filter(pk=gone.pk).update(state=State.WITHDRAWN)
    assert rows_in(taken(client, q="باسقة")) == []
    listing = client.get(reverse("eparticipation_admin:register"), {"q": "باسقة"})
    assert not listing.context["object_list"]


@pytest.mark.parametrize("form", ["register_export", "register_export_xlsx"])
@pytest.mark.parametrize("query", [{"consultation": 10**6}, {"state": "x"}])
def test_a_filter_that_is_not_known_exports_nothing(
    client, analyst, topic, form, query
):
    send(topic)
    response = client.get(reverse(f"eparticipation_admin:{form}"), query, follow=True)
    assert response.redirect_chain
    assert "لم يُصدَّر شيء" in response.content.decode()
    assert not topic.ledger_events.filter(kind="register.exported").exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_somebody_limited_to_another_department_takes_no_row(client, topic, form):
    send(topic, "نص إدارة أخرى")
    user = make_user(permissions=["moderate_participation"])
    StaffScope.objects.create(user=user)
    client.force_login(user)
    content = taken(client, form)
    if form == "csv":
        assert rows_in(content) == []
    else:
        register = load_workbook(io.BytesIO(content)).worksheets[0]
        assert register.max_row == 1


def test_each_consultation_notes_who_took_its_rows_out(client, analyst, topic):
    send(topic)
    untouched = make_consultation()
    taken(client)
    content = taken(client, "xlsx")
    first, second = topic.ledger_events.filter(kind="register.exported")
    assert first.actor == second.actor == f"user:{analyst.pk}"
    assert (first.data["form"], second.data["form"]) == ("csv", "xlsx")
    assert second.data["sha256"] == export_checks.hashlib.sha256(content).hexdigest()
    assert not untouched.ledger_events.filter(kind="register.exported").exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_without_a_login_nothing_is_exported(client, form):
    name = "register_export" if form == "csv" else "register_export_xlsx"
    response = client.get(reverse(f"eparticipation_admin:{name}"))
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_without_xlsxwriter_the_reader_is_told_what_to_install(
    client, analyst, topic, monkeypatch
):
    send(topic)
    monkeypatch.setattr(export_files, "find_spec", lambda name: None)
    address = reverse("eparticipation_admin:register_export_xlsx")
    shown = client.get(address, follow=True).content.decode()
    assert "wagtail-eparticipation[xlsx]" in shown
    assert not topic.ledger_events.filter(kind="register.exported").exists()


def test_a_long_register_is_read_page_by_page(topic, monkeypatch):
    for number in range(7):
        send(topic, f"نص {number}")
    monkeypatch.setattr(exporting, "PAGE", 3)
    rows = exporting.rows_of(topic.participations.all())
    assert [row[-1] for row in rows] == [f"نص {number}" for number in range(7)]


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(topic, monkeypatch, tmp_path):
    for number in range(5):
        send(topic, f"نص {number}")
    monkeypatch.setattr(export_files, "SHEET", 2)
    path = tmp_path / "register.xlsx"
    with path.open("wb") as file:
        rows = exporting.rows_of(topic.participations.all())
        export_files.write_xlsx(file, rows, made_at=DURING)
    assert [sheet.max_row for sheet in load_workbook(path).worksheets[:-1]] == [3, 3, 2]
    assert export_checks.faults_of(path) == []


@pytest.mark.parametrize("rows", [20, 200])
def test_the_file_takes_as_many_queries_however_long(client, analyst, topic, rows):
    first = send(topic)
    fields = {
        field.attname: getattr(first, field.attname)
        for field in Participation._meta.concrete_fields
        if field.attname not in ("id", "public_id")
    }
    Participation.objects.bulk_create(
        Participation(
            **fields | {"idempotency_key": f"k{number}", "receipt_hash": f"r{number}"}
        )
        for number in range(rows - 1)
    )
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(rows_in(taken(client))) == rows
    # The second page of rows, which is empty, ends it.
    assert len([q for q in captured if "public_id" in q["sql"]]) <= 3


def test_the_command_writes_a_file_and_finds_one_that_was_changed(
    analyst, nasty, tmp_path, capsys
):
    for form in ("csv", "xlsx"):
        path = tmp_path / f"register.{form}"
        call_command("eparticipation_export", str(path), user="analyst")
        capsys.readouterr()
        call_command("eparticipation_export", str(path), verify=True)
        assert "ok" in capsys.readouterr().out
        assert export_checks.is_on_record(path)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        with pytest.raises(CommandError):
            call_command("eparticipation_export", str(path), verify=True)
    assert nasty.ledger_events.filter(kind="register.exported").count() == 2


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_no_damage_to_a_spreadsheet_is_an_error_of_the_check(tmp_path, topic, bit):
    whole, path = tmp_path / "whole.xlsx", tmp_path / "damaged.xlsx"
    send(topic)
    with whole.open("wb") as file:
        rows = exporting.rows_of(topic.participations.all())
        export_files.write_xlsx(file, rows, made_at=DURING)
    content = whole.read_bytes()
    digest = f"{export_checks.digest_of(whole)}  damaged.xlsx"
    path.with_name("damaged.xlsx.sha256").write_text(digest)
    for place in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= bit
        path.write_bytes(damaged)
        assert export_checks.faults_of(path)


def test_a_change_outside_the_rows_is_found_by_the_file_beside(
    analyst, topic, tmp_path
):
    send(topic)
    path = tmp_path / "register.xlsx"
    call_command("eparticipation_export", str(path), user="analyst")
    with path.open("ab") as file:
        file.write(b"\0")
    assert len(export_checks.faults_of(path)) == 1
    assert not export_checks.is_on_record(path)


def test_the_command_takes_one_topic_of_those_that_its_user_sees(
    analyst, topic, tmp_path
):
    send(topic, "هنا")
    send(make_consultation(), "هناك")
    path = tmp_path / "register.csv"
    call_command(
        "eparticipation_export", str(path), user="analyst", reference=topic.reference
    )
    assert [row["text"] for row in rows_in(path.read_bytes())] == ["هنا"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("register.pdf", {"user": "analyst"}),
        ("register.csv", {}),
        ("register.csv", {"user": "nobody"}),
        ("register.csv", {"user": "guest"}),
        ("register.csv", {"user": "analyst", "reference": "none"}),
        ("there.csv", {"user": "analyst"}),
        ("nowhere/register.csv", {"user": "analyst"}),
        ("missing.csv", {"verify": True}),
    ],
)
def test_the_command_says_what_it_cannot_do(analyst, tmp_path, name, options):
    make_user("guest")
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(CommandError):
        call_command("eparticipation_export", str(tmp_path / name), **options)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.csv"]
    assert (tmp_path / "there.csv").read_text() == "mine"
