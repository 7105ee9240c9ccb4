"""Attaching files on the form: nothing is lost, nothing hostile comes in (R-7.10b)."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image

from tests.factories import DURING
from tests.participations import files_made as made
from tests.participations.attaching_files import (
    ABOUT,
    UNSCANNED,
    send_files,
    take_files,
    upload,
    with_files,
)
from tests.participations.scanners import MARK, clamd
from tests.participations.sending import (
    TEXT,
    ask,
    fill,
    receipt_page,
    send,
    token_of,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations import (
    attaching,
    attachment_store,
    forgetting,
    tools,
    withdrawal,
)
from wagtail_eparticipation.participations.assisted import entry_form
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    destroy,
    destroy_many,
)
from wagtail_eparticipation.participations.models import Participation, PersonKey

pytestmark = pytest.mark.django_db

State = Attachment.State


@pytest.fixture(autouse=True)
def takes(settings, tmp_path, request):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WAGTAIL_EPARTICIPATION = UNSCANNED
    if "page" in request.fixturenames:
        take_files(request.getfixturevalue("page").consultation)


def stored(settings):
    folder = Path(f"{settings.MEDIA_ROOT}-private")
    return [each for each in folder.rglob("*") if each.is_file()]


def html(response):
    return response.content.decode()


def held_keys(response):
    return re.findall(r'name="files_drop" id="drop_([0-9a-f]{32})"', html(response))


def test_a_form_offers_files_only_where_the_topic_takes_them(client, page, settings):
    assert 'name="files"' in html(ask(client, page))
    assert 'enctype="multipart/form-data"' in html(ask(client, page))
    page.consultation.takes_files = False
    page.consultation.save()
    assert 'name="files"' not in html(ask(client, page))


def test_the_forms_of_staff_offer_no_files_that_nobody_would_keep(page):
    form = entry_form(tools.get("comment"), consultation=page.consultation, now=DURING)
    assert not {"files", "files_about", "files_shared"} & set(form.fields)


def test_a_site_without_a_scanner_takes_none_until_it_says_so(client, page, settings):
    settings.WAGTAIL_EPARTICIPATION = {}
    assert 'name="files"' not in html(ask(client, page))


def test_the_form_names_no_pdf_where_nothing_can_read_one(client, page, monkeypatch):
    monkeypatch.setattr(
        "wagtail_eparticipation.participations.attachment_pdf.find_spec",
        lambda name: None,
    )
    assert "PDF" not in html(ask(client, page))
    response = send_files(client, page, made.pdf())
    assert response.status_code == 422
    assert not Attachment.objects.exists()


def test_a_file_arrives_with_its_participation(client, page, settings):
    response = send_files(client, page, upload(made.photo(), "بيتي.jpg"))
    assert response.status_code == 302, html(response)
    participation = Participation.objects.get()
    row = participation.attachments.get()
    assert (row.state, row.kind, row.description) == (State.CLEAN, "image", ABOUT)
    assert participation.attachment_count == 1
    assert row.declared_at is not None
    assert row.held_for is None
    events = LedgerEvent.objects.filter(kind="attachment.received")
    assert events.get().data["attachment"] == str(row.public_id)


def test_the_copy_holds_no_place_and_the_original_is_sealed_whole(
    client, page, settings
):
    """AC-S3-E5."""
    photo = made.photo()
    send_files(client, page, photo)
    row = Attachment.objects.get()
    copy = attachment_store.read_copy(row)
    assert not Image.open(io.BytesIO(copy)).getexif()
    assert made.CAMERA.encode() not in copy
    assert attachment_store.read_original(row) == photo
    for path in stored(settings):
        assert made.CAMERA.encode() not in path.read_bytes()
        assert not path.suffix


def test_names_and_words_of_a_file_stand_nowhere_in_the_clear(client, page):
    send_files(client, page, upload(made.photo(), "secret-name.jpg"))
    row = Attachment.objects.get()
    assert attachment_store.words_of(row)["name"] == "secret-name.jpg"
    values = Attachment.objects.values().get()
    assert "secret-name" not in str(values)
    events = LedgerEvent.objects.values_list("data", flat=True)
    assert "secret-name" not in str(list(events))
    assert ABOUT not in str(list(events))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (made.archive(), "مضغوط"),
        (b"<svg/>", "SVG"),
        (made.bomb(), "نقطة"),
        (made.pdf(made.with_script), "PDF"),
        (b"", "فارغ"),
    ],
)
def test_a_refused_file_is_named_and_everything_else_stays(client, page, data, word):
    response = send_files(
        client, page, upload(data, "سيئ.png"), upload(made.photo(), "جيد.jpg")
    )
    assert response.status_code == 422
    shown = html(response)
    assert "سيئ.png" in shown
    assert word in shown
    assert "جيد.jpg" in shown
    assert TEXT in shown
    assert len(held_keys(response)) == 1
    assert not Participation.objects.exists()


def test_files_wait_while_the_form_comes_back_for_another_reason(client, page):
    response = send_files(client, page, made.photo(), text="")
    assert response.status_code == 422
    assert len(held_keys(response)) == 1
    again = send(client, page, fill(token_of(response), files_shared="on"))
    assert again.status_code == 302, html(again)
    assert Participation.objects.get().attachments.count() == 1


def test_a_file_that_waits_can_be_taken_out(client, page, settings):
    response = send_files(client, page, made.photo(), text="")
    (key,) = held_keys(response)
    again = send(client, page, fill(token_of(response), files_drop=[key]))
    assert again.status_code == 302
    assert not Attachment.objects.exists()


def test_a_file_waits_for_its_own_form_alone(client, page):
    first = send_files(client, page, made.photo(), text="")
    (key,) = held_keys(first)
    other = send(client, page, fill(token_of(ask(client, page)), files_drop=[key]))
    assert other.status_code == 302
    assert Participation.objects.get().attachments.count() == 0
    assert Attachment.objects.get().held_for


def test_files_go_along_into_the_other_language(client, page):
    token = token_of(ask(client, page))
    data = with_files(token, made.photo(), other_language="1")
    response = send(client, page, data, language="en")
    assert response.status_code == 200
    assert len(held_keys(response)) == 1


def test_a_form_that_is_not_ours_keeps_no_file_and_says_so(client, page):
    response = send_files(client, page, made.photo(), token="forged")
    assert response.status_code == 422
    assert not Attachment.objects.exists()
    assert "files" in response.content.decode()


@pytest.mark.parametrize("missing", ["files_shared", "files_about"])
def test_files_need_a_declaration_and_a_description(client, page, missing):
    data = with_files(token_of(ask(client, page)), made.photo())
    del data[missing]
    response = send(client, page, data)
    assert response.status_code == 422
    assert f'id="id_{missing}_error"' in html(response)
    assert not Participation.objects.exists()


def test_more_files_than_allowed_are_refused_by_name(client, page):
    files = [upload(made.picture(color=(n, n, n)), f"رقم{n}.png") for n in range(4)]
    response = send_files(client, page, *files)
    assert response.status_code == 422
    assert len(held_keys(response)) == 3
    assert "رقم3.png" in html(response)


def test_a_file_above_the_limit_is_refused_by_name_and_the_text_stays(
    client, page, settings
):
    settings.WAGTAIL_EPARTICIPATION = {
        "ATTACHMENTS": {"UNSCANNED": True, "MAX_BYTES": 200_000}
    }
    large = upload(made.picture("PNG") + b"x" * 300_000, "كبير.png")
    response = send_files(client, page, large, upload(made.photo(), "جيد.jpg"))
    assert response.status_code == 422
    assert "كبير.png" in html(response)
    assert TEXT in html(response)
    assert len(held_keys(response)) == 1


class Endless(io.RawIOBase):
    """100 MB that are made while they are read."""

    def __init__(self, size):
        self.left, self.read_so_far = size, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        length = min(len(buffer), self.left)
        buffer[:length] = b"x" * length
        self.left -= length
        self.read_so_far += length
        return length


def test_a_hundred_megabytes_are_not_even_read(client, page):
    size = 100 * 1024 * 1024
    body = Endless(size)
    url = reverse(
        "eparticipation:send", args=["ar", page.consultation.public_id, "comment"]
    )
    with clock.rehearse(DURING):
        response = client.generic(
            "POST",
            url,
            b"",
            content_type="multipart/form-data; boundary=xxx",
            CONTENT_LENGTH=str(size),
            **{"wsgi.input": body},
        )
    assert response.status_code == 413
    assert body.read_so_far == 0


def test_the_same_form_sent_twice_attaches_once(client, page):
    token = token_of(ask(client, page))
    first = send_files(client, page, made.photo(), token=token)
    second = send_files(client, page, made.photo(), token=token)
    assert first.status_code == second.status_code == 302
    assert Participation.objects.get().attachments.count() == 1


def test_the_same_form_with_another_file_is_kept_and_explained(client, page):
    token = token_of(ask(client, page))
    send_files(client, page, made.photo(), token=token)
    response = send_files(client, page, made.picture(), token=token)
    assert response.status_code == 409
    assert len(held_keys(response)) == 1
    again = send(client, page, fill(token_of(response), files_shared="on", text="آخر"))
    assert again.status_code == 302
    assert [
        row.attachments.count() for row in Participation.objects.order_by("id")
    ] == [
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\me\\x.png", "x.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("x" * 500 + ".png", "x" * 95 + "….png"),
        ("\u200f", "الملف"),
        ("a\nb.png", "a b.png"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(sent, shown):
    from django.utils.translation import override

    with override("ar"):
        assert attachment_store.clean_name(sent) == shown


def test_a_receipt_lists_the_files(client, page):
    response = receipt_page(
        client, send_files(client, page, upload(made.photo(), "ظل.jpg"))
    )
    shown = html(response)
    assert "ظل.jpg" in shown
    assert ABOUT in shown


def test_withdrawing_destroys_the_files(
    client, page, settings, django_capture_on_commit_callbacks
):
    send_files(client, page, made.photo())
    participation = Participation.objects.get()
    assert len(stored(settings)) == 2
    with clock.rehearse(DURING), django_capture_on_commit_callbacks(execute=True):
        withdrawal.withdraw(participation)
    row = Attachment.objects.get()
    assert row.state == State.REMOVED
    assert row.description == row.digest == ""
    assert not PersonKey.objects.exists()
    assert stored(settings) == []
    participation.refresh_from_db()
    assert participation.attachment_count == 0


@pytest.mark.parametrize("many", [False, True])
def test_erasing_the_person_destroys_the_original_and_leaves_the_copy(
    client, page, many
):
    send_files(client, page, made.photo(), name="سارة")
    participation = Participation.objects.get()
    if many:
        destroy_many(Participation.objects.all())
    else:
        destroy(participation, ground="retention")
    row = Attachment.objects.get()
    with pytest.raises(IdentityUnreadable):
        attachment_store.read_original(row)
    assert attachment_store.words_of(row) == {}
    assert attachment_store.read_copy(row)


def test_files_of_a_form_that_was_never_sent_are_deleted(client, page, settings):
    send_files(client, page, made.photo(), text="")
    forgetting.forget(DURING + timedelta(hours=47))
    assert Attachment.objects.exists()
    done = forgetting.forget(DURING + timedelta(hours=49))
    assert "1 abandoned files deleted" in done
    assert not Attachment.objects.exists()
    assert not PersonKey.objects.exists()


def test_a_draft_keeps_its_files_while_they_wait(client, page):
    token = token_of(ask(client, page))
    url = reverse(
        "eparticipation:save_draft", args=["ar", page.consultation.public_id, "comment"]
    )
    with clock.rehearse(DURING):
        saved = client.post(url, with_files(token, made.photo()))
        assert saved.status_code == 302, html(saved)
        link = saved["Location"].removesuffix("saved/")
        opened = client.get(link)
    assert len(held_keys(opened)) == 1


def test_a_draft_with_a_bad_file_says_so(client, page):
    token = token_of(ask(client, page))
    url = reverse(
        "eparticipation:save_draft", args=["ar", page.consultation.public_id, "comment"]
    )
    with clock.rehearse(DURING):
        saved = client.post(url, with_files(token, upload(made.archive(), "سيئ.zip")))
    assert saved.status_code == 422
    assert "سيئ.zip" in html(saved)
    assert TEXT in html(saved)


# The search for malware


def scanning(settings, options):
    settings.WAGTAIL_EPARTICIPATION = {
        "ATTACHMENT_SCANNER": {
            "BACKEND": "wagtail_eparticipation.participations.clamav.ClamAV",
            "OPTIONS": {**options, "timeout": 0.5},
        }
    }


def test_malware_is_refused_at_once_and_not_kept(client, page, settings, tmp_path):
    infected = made.picture("JPEG") + MARK
    with clamd(tmp_path / "clamd.sock") as (options, _server):
        scanning(settings, options)
        response = send_files(client, page, upload(infected, "سيئ.jpg"))
    assert response.status_code == 422
    assert "سيئ.jpg" in html(response)
    assert not Attachment.objects.exists()
    assert stored(settings) == []


def test_a_file_waits_in_quarantine_until_the_scanner_is_back(
    client, page, settings, tmp_path
):
    scanning(settings, {"socket": str(tmp_path / "none.sock")})
    assert send_files(client, page, made.photo()).status_code == 302
    row = Attachment.objects.get()
    assert (row.state, row.may_be_looked_at) == (State.QUARANTINED, False)
    assert attaching.look_through_again(DURING) == 0
    with clamd(tmp_path / "clamd.sock") as (options, _server):
        scanning(settings, options)
        assert attaching.look_through_again(DURING) == 1
    row.refresh_from_db()
    assert (row.state, row.scanned_at) == (State.CLEAN, DURING)


def test_malware_that_is_found_later_is_destroyed_and_told(
    client, page, settings, tmp_path, django_capture_on_commit_callbacks
):
    scanning(settings, {"socket": str(tmp_path / "none.sock")})
    sent = send_files(client, page, made.picture("JPEG") + MARK)
    with clamd(tmp_path / "clamd.sock") as (options, _server):
        scanning(settings, options)
        with django_capture_on_commit_callbacks(execute=True):
            assert attaching.look_through_again(DURING) == 1
    assert Attachment.objects.get().state == State.REFUSED
    assert stored(settings) == []
    assert Participation.objects.get().attachment_count == 0
    assert LedgerEvent.objects.filter(kind="attachment.malware").count() == 1
    assert "أُتلف" in html(receipt_page(client, sent))


# Changing what was sent


def change(client, receipt, **changes):
    url = re.search(r'href="([^"]+/change/)"', html(receipt))[1]
    with clock.rehearse(DURING):
        form = client.get(url)
        data = {
            "text": TEXT,
            "language": "ar",
            "publication": "without_name",
            "name": "",
            "opened_at": "1",
            **changes,
        }
        return form, client.post(url, data)


def test_a_file_is_added_and_another_removed_by_its_author(client, page):
    receipt = receipt_page(client, send_files(client, page, made.photo()))
    before = Attachment.objects.get()
    form, response = change(
        client,
        receipt,
        files_drop=[before.key_hex],
        files=[upload(made.picture(), "جديد.png")],
        files_about="الملعب",
        files_shared="on",
    )
    assert before.key_hex in held_keys(form)
    assert response.status_code == 302, html(response)
    before.refresh_from_db()
    assert before.state == State.REMOVED
    participation = Participation.objects.get()
    new = participation.attachments.exclude(pk=before.pk).get()
    assert (new.description, new.state) == ("الملعب", State.CLEAN)
    assert (participation.attachment_count, participation.revision) == (1, 2)
    kept = participation.revisions.get().data["attachments"]
    assert kept == [str(before.public_id)]


def test_a_change_of_the_text_alone_leaves_the_files(client, page):
    receipt = receipt_page(client, send_files(client, page, made.photo()))
    row = Attachment.objects.get()
    about = {f"about_{row.key_hex}": ABOUT}
    _form, response = change(client, receipt, text="نص آخر", **about)
    assert response.status_code == 302
    row.refresh_from_db()
    assert row.state == State.CLEAN
    assert "attachments" not in Participation.objects.get().revisions.get().data


def test_another_description_of_a_released_file_is_read_anew(client, page):
    receipt = receipt_page(client, send_files(client, page, made.photo()))
    row = Attachment.objects.get()
    Attachment.objects.update(state=State.RELEASED)
    change(client, receipt, **{f"about_{row.key_hex}": "وصف آخر"})
    row.refresh_from_db()
    assert (row.state, row.description) == (State.CLEAN, "وصف آخر")
