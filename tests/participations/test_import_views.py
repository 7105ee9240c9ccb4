"""Imports in the admin: uploaded, looked at, tried, imported, taken back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import DURING, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db

POSTS = "id,text,date\np1,نريد ظلاً,2026-04-10\np2,<b>مقاعد</b>,32/13/2026\n"


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


def address(name, page, *args):
    return reverse(f"eparticipation_admin:{name}", args=[page.consultation_id, *args])


def upload(client, page, content=POSTS, name="posts.csv", **fields):
    file = SimpleUploadedFile(name, content.encode())
    typed = {"channel": "social", "tool": "comment", "file": file, **fields}
    return client.post(address("imports", page), typed)


def mapped(**changes):
    return {
        "column_text": "text",
        "column_made_at": "date",
        "column_source_id": "id",
        "language": "ar",
        "consent": "none",
        "publication": "not_published",
        **changes,
    }


def test_a_file_is_looked_at_tried_imported_and_taken_back(client, page, clerk):
    batch_url = upload(client, page)["Location"]
    html = client.get(batch_url).content.decode()
    assert "&lt;b&gt;مقاعد&lt;/b&gt;" in html
    assert '<option value="text" selected>' in html
    tried = client.post(batch_url, mapped(action="try")).content.decode()
    assert "25/04/2026" in tried
    assert not Participation.objects.exists()
    client.post(batch_url, mapped(action="import"))
    row = Participation.objects.get()
    assert (row.text, row.channel) == ("نريد ظلاً", "social")
    done = client.get(batch_url).content.decode()
    assert "25/04/2026" in done
    client.post(batch_url, {"action": "roll_back", "reason": "خطأ"})
    assert not Participation.objects.counted().exists()
    assert "خطأ" in client.get(batch_url).content.decode()


def test_a_cancelled_import_leaves_no_file(client, page, clerk, tmp_path):
    batch_url = upload(client, page)["Location"]
    client.post(batch_url, {"action": "cancel"})
    assert not ImportBatch.objects.exists()
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "fields"),
    [
        (POSTS, "posts.exe", {}),
        ("\n", "posts.csv", {}),
        (POSTS, "posts.csv", {"channel": "portal"}),
        (
            POSTS,
            "posts.csv",
            {"evidence": SimpleUploadedFile("macro.docm", b"x")},
        ),
    ],
)
def test_what_cannot_be_imported_is_refused_at_the_field(
    client, page, clerk, content, name, fields
):
    answer = upload(client, page, content, name, **fields)
    assert answer.status_code == 200
    assert "w-field__errors" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_without_a_column_for_the_text_nothing_is_imported(client, page, clerk):
    batch_url = upload(client, page)["Location"]
    client.post(batch_url, mapped(action="import", column_text=""))
    assert ImportBatch.objects.get().state == "prepared"


def test_a_day_for_all_at_the_ends_of_time_is_named_at_its_field(client, page, clerk):
    batch_url = upload(client, page)["Location"]
    for day in ("0001-01-01", "9999-12-31"):
        answer = client.post(batch_url, mapped(action="import", made_on=day))
        assert "w-field__errors" in answer.content.decode()
    assert ImportBatch.objects.get().state == "prepared"


def test_importing_twice_or_trying_after_it_changes_nothing(client, page, clerk):
    batch_url = upload(client, page)["Location"]
    for action in ("import", "import", "try", "cancel"):
        assert client.post(batch_url, mapped(action=action)).status_code in (200, 302)
    assert Participation.objects.count() == 1
    assert ImportBatch.objects.get().imported == 1


@pytest.mark.parametrize(
    "permission", ["analyse_participation", "take_decision", "reply_officially"]
)
@pytest.mark.parametrize("name", ["imports", "import", "import_evidence"])
def test_only_moderators_get_in(client, page, clerk, permission, name):
    evidence = SimpleUploadedFile("scan.pdf", b"%PDF-")
    upload(client, page, evidence=evidence)
    batch = ImportBatch.objects.get()
    args = [] if name == "imports" else [batch.pk]
    url = address(name, page, *args)
    assert client.get(url).status_code == 200
    client.force_login(make_user(permissions=[permission]))
    assert client.get(url).status_code == 302
    assert client.post(url, {"action": "cancel"}).status_code in (302, 405)
    assert ImportBatch.objects.filter(pk=batch.pk).exists()


def test_evidence_is_a_download_and_lies_at_no_address_to_be_guessed(
    client, page, clerk
):
    evidence = SimpleUploadedFile("scan.pdf", b"%PDF-")
    upload(client, page, evidence=evidence)
    batch = ImportBatch.objects.get()
    answer = client.get(address("import_evidence", page, batch.pk))
    assert "attachment" in answer["Content-Disposition"]
    assert len(batch.evidence.name.split("/")[2]) == 32


def test_no_upload_lies_where_media_are_served(client, page, clerk, tmp_path):
    upload(client, page, evidence=SimpleUploadedFile("scan.pdf", b"%PDF-"))
    batch = ImportBatch.objects.get()
    for file in (batch.file, batch.evidence):
        assert (tmp_path / "media-private" / file.name).is_file()
        assert not (tmp_path / "media" / file.name).exists()
        with pytest.raises(ValueError, match="address"):
            _address = file.url


def test_the_desk_leads_to_the_imports(client, page, clerk):
    html = client.get(address("desk", page)).content.decode()
    assert address("imports", page) in html
