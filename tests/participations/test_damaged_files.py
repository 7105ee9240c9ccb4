"""A file that cannot be read to its end is refused as a whole, with the place."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.factories import DURING, make_user
from tests.participations.damaged import DAMAGED, of_three_sheets, workbook
from tests.participations.inviting import by_invitation, make_editor
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import batch_course, table_files
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.invitation_lists import InvitationList
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db

damaged = pytest.mark.parametrize("make", DAMAGED.values(), ids=DAMAGED)


@pytest.fixture(autouse=True)
def during(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def clerk(client):
    user = make_user(permissions=["moderate_participation"])
    client.force_login(user)
    return user


def lines(number: int) -> list[bytes]:
    head = [b"text,date"]
    return head + [f"نص {n},2026-04-10".encode() for n in range(number)]


def bring_in(page, clerk, tmp_path, content: bytes, name="posts.csv") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    told = io.StringIO()
    call_command(
        "eparticipation_import",
        page.consultation.reference,
        str(path),
        f"--user={clerk.username}",
        "--channel=social",
        stdout=told,
        stderr=io.StringIO(),
    )
    return told.getvalue()


def test_a_byte_that_is_no_text_is_named_with_its_line(page, clerk, tmp_path):
    rows = lines(1500)
    rows[1200] = b"\xc3(,2026-04-10"
    with pytest.raises(CommandError, match="1201"):
        bring_in(page, clerk, tmp_path, b"\n".join(rows))
    assert not Participation.objects.exists()
    assert not ImportBatch.objects.exists()


@damaged
def test_a_damaged_workbook_imports_nothing_by_command(page, clerk, tmp_path, make):
    with pytest.raises(CommandError):
        bring_in(page, clerk, tmp_path, make(), "posts.xlsx")
    assert not Participation.objects.exists()
    assert not ImportBatch.objects.exists()


@damaged
def test_a_damaged_workbook_is_refused_at_its_field(client, page, clerk, make):
    answer = client.post(
        reverse("eparticipation_admin:imports", args=[page.consultation_id]),
        {
            "channel": "social",
            "tool": "comment",
            "file": SimpleUploadedFile("posts.xlsx", make()),
        },
    )
    assert answer.status_code == 200
    assert "w-field__errors" in answer.content.decode()
    assert not ImportBatch.objects.exists()


@damaged
def test_a_damaged_list_of_people_is_not_kept(client, page, make):
    topic = by_invitation(page)
    client.force_login(make_editor())
    answer = client.post(
        reverse("eparticipation_admin:invitations", args=[topic.consultation_id]),
        {
            "action": "upload",
            "list-file": SimpleUploadedFile("people.xlsx", make()),
        },
    )
    assert answer.status_code == 200
    assert "w-field__errors" in answer.content.decode()
    assert not InvitationList.objects.exists()


def test_sheets_that_are_not_read_are_named(client, page, clerk, tmp_path):
    answer = client.post(
        reverse("eparticipation_admin:imports", args=[page.consultation_id]),
        {
            "channel": "social",
            "tool": "comment",
            "file": SimpleUploadedFile("posts.xlsx", of_three_sheets()),
        },
    )
    html = client.get(answer["Location"]).content.decode()
    assert "ورقة أخرى" in html
    assert "فارغة" not in html


def test_of_a_list_of_people_they_are_named_too(client, page):
    topic = by_invitation(page)
    client.force_login(make_editor())
    answer = client.post(
        reverse("eparticipation_admin:invitations", args=[topic.consultation_id]),
        {
            "action": "upload",
            "list-file": SimpleUploadedFile("people.xlsx", of_three_sheets()),
        },
    )
    html = client.get(answer["Location"]).content.decode()
    assert "ورقة أخرى" in html
    assert "فارغة" not in html


def test_a_sound_workbook_is_read_to_its_end():
    file = io.BytesIO(workbook(5))
    table_files.read_through(file, "posts.xlsx")
    with table_files.opened(file, "posts.xlsx") as (_headings, rows):
        assert len(list(rows)) == 5


@pytest.mark.parametrize("length", [20_000, 140_000, 300_000])
def test_a_cell_that_is_too_long_is_the_mistake_of_its_row(
    page, clerk, tmp_path, length
):
    rows = lines(3)
    rows[2] = b"x" * length + b",2026-04-10"
    told = bring_in(page, clerk, tmp_path, b"\n".join(rows))
    assert "3" in told
    batch = ImportBatch.objects.get()
    assert (batch.imported, batch.failed) == (2, 1)
    assert [number for number, _message in batch.errors] == [3]


def test_a_quotation_mark_that_is_never_closed_does_not_fill_the_memory(
    page, clerk, monkeypatch
):
    monkeypatch.setattr(table_files, "_LONGEST_CELL", 1)
    limit = table_files.csv.field_size_limit()
    try:
        table_files.csv.field_size_limit(1000)
        content = b'text,date\n"' + b"\n".join(lines(500))
        file = ContentFile(content, name="posts.csv")
        with pytest.raises(table_files.UnreadableFile, match="1"):
            batch_course.prepare(
                page.consultation, file, "posts.csv", channel="social", actor=clerk
            )
    finally:
        table_files.csv.field_size_limit(limit)
    assert not ImportBatch.objects.exists()
