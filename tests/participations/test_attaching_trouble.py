"""Files that cost too much, and what fails around them: no form is lost (R-7.10b)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

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
from tests.participations.sending import TEXT, fill, receipt_page, send, token_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.participations import (
    attaching,
    attachment_store,
    forgetting,
    tokens,
)
from wagtail_eparticipation.participations.abuse_log import AbuseEvent, AbuseKey
from wagtail_eparticipation.participations.attachment_form import Tray
from wagtail_eparticipation.participations.attachment_settings import limits
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def takes(settings, tmp_path, page):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.WAGTAIL_EPARTICIPATION = UNSCANNED
    take_files(page.consultation)


def html(response):
    return response.content.decode()


def held_keys(response):
    return re.findall(r'name="files_drop" id="drop_([0-9a-f]{32})"', html(response))


def test_refused_files_count_among_those_that_are_opened(client, page, monkeypatch):
    opened, copy_of = [], attachment_store.copy_of

    def counted(data, limits):
        opened.append(data)
        return copy_of(data, limits)

    monkeypatch.setattr(attachment_store, "copy_of", counted)
    files = [upload(b"words %d" % number, f"{number}.pdf") for number in range(9)]
    response = send_files(client, page, *files)
    assert response.status_code == 422
    assert len(opened) == 3
    assert "8.pdf" in html(response)


def test_an_old_address_of_a_receipt_shows_nothing_of_its_files(
    client, page, monkeypatch
):
    photo = upload(made.photo(), "secret.jpg")
    receipt = receipt_page(client, send_files(client, page, photo))
    row = Attachment.objects.get()
    url = re.search(r'href="([^"]+/change/)"', html(receipt))[1]
    typed = {"text": TEXT, "language": "ar", "publication": "without_name"}
    about = f"about_{row.key_hex}"
    # Addresses go by the clock of the machine, which ``rehearse`` does not move.
    monkeypatch.setattr(tokens, "ADDRESS_LIFETIME", timedelta(seconds=-1))
    with clock.rehearse(DURING):
        bare = client.post(url, typed)
        full = client.post(url, {**typed, about: "new", "files_drop": row.key_hex})
    for response in (bare, full):
        assert response.status_code == 422
        assert "secret.jpg" not in html(response)
        assert ABOUT not in html(response)
    assert row.key_hex not in html(bare)
    # What was typed stays, for the code to be written beside it.
    assert held_keys(full) == [row.key_hex]
    assert 'value="new"' in html(full)


def two_steps(client, page):
    """A form that came back with its file, and what is sent in the second step."""
    response = send_files(client, page, made.photo(), text="")
    (key,) = held_keys(response)
    typed = fill(token_of(response), files_shared="on")
    return key, typed | {f"about_{key}": ABOUT}


def test_a_form_in_two_steps_whose_answer_was_lost_is_the_same_form(client, page):
    _key, typed = two_steps(client, page)
    first, second = (send(client, page, typed) for _each in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Participation.objects.get().attachments.count() == 1


@pytest.mark.parametrize("other", ["drop", "about"])
def test_a_form_in_two_steps_that_says_otherwise_is_explained(client, page, other):
    key, typed = two_steps(client, page)
    send(client, page, typed)
    change = {"files_drop": key} if other == "drop" else {f"about_{key}": "آخر"}
    assert send(client, page, typed | change).status_code == 409


def test_a_storage_that_fails_costs_nobody_the_text(
    client, page, settings, monkeypatch
):
    def fail(*_arguments):
        raise OSError("/a/path/that/nobody/is/told")

    monkeypatch.setattr(attachment_store, "_fill_copy", fail)
    response = send_files(client, page, upload(made.photo(), "ظل.jpg"))
    assert response.status_code == 422
    assert "ظل.jpg" in html(response)
    assert TEXT in html(response)
    assert "/a/path" not in html(response)
    folder = Path(f"{settings.MEDIA_ROOT}-private")
    assert not [each for each in folder.rglob("*") if each.is_file()]


def test_a_file_in_another_field_leaves_the_one_before_it(client, page):
    other = {"other": upload(made.picture(), "other.png")}
    assert send_files(client, page, made.photo(), **other).status_code == 302
    assert Participation.objects.get().attachments.get().media_type == "image/jpeg"


def failing(*_arguments, **_options):
    raise PermissionError("/a/path/that/nobody/is/told")


def test_a_file_that_fails_stops_neither_the_others_nor_the_abuse_log(
    client, page, monkeypatch, caplog
):
    send_files(client, page, made.photo(), made.picture())
    Attachment.objects.update(state=Attachment.State.QUARANTINED)
    first = Attachment.objects.order_by("id")[0]
    read = attachment_store.read_original
    monkeypatch.setattr(
        attachment_store,
        "read_original",
        lambda row: failing() if row == first else read(row),
    )
    assert attaching.look_through_again(DURING) == 1
    monkeypatch.setattr(attachment_store, "drop", failing)
    AbuseKey.objects.create(day=DURING.date() - timedelta(days=9), secret="x")
    forgetting.forget(DURING)
    assert not AbuseKey.objects.filter(secret="x").exists()
    assert "PermissionError" in caplog.text
    assert "/a/path" not in caplog.text


class Listed(list):
    """Rows as they were when they were listed."""

    def filter(self, **_which):
        return self


def test_a_file_that_was_taken_in_meanwhile_is_not_dropped(
    client, page, settings, django_capture_on_commit_callbacks
):
    send_files(client, page, made.photo())
    with django_capture_on_commit_callbacks(execute=True):
        assert attachment_store.drop(Listed(Attachment.objects.all())) == 0
    row = Attachment.objects.get()
    assert attachment_store.read_original(row) == made.photo()


def test_a_change_sent_again_attaches_its_file_once(client, page):
    receipt = receipt_page(client, send_files(client, page, made.photo()))
    url = re.search(r'href="([^"]+/change/)"', html(receipt))[1]
    for _each in range(2):
        new = upload(made.picture())
        typed = with_files("", new, opened_at="1", name="")
        with clock.rehearse(DURING):
            assert client.post(url, typed).status_code == 302
    assert Attachment.objects.count() == 2
    assert Participation.objects.get().revision == 2


def test_a_change_sent_twice_at_once_attaches_its_file_once(client, page):
    send_files(client, page, made.photo())
    participation = Participation.objects.get()
    tray = Tray(page.consultation, "amend", participation)
    attachment_store.keep(
        page.consultation,
        made.photo(),
        "ظل.jpg",
        held_for="amend",
        limits=limits(),
        now=DURING,
    )
    assert attaching.replace_files(participation, tray, DURING) == {}
    assert Attachment.objects.count() == 1


def test_a_site_can_say_how_often_files_may_be_sent(client, page, settings):
    settings.WAGTAIL_EPARTICIPATION = UNSCANNED | {
        "LIMITS": {"upload": {"burst": (1, 600)}}
    }
    assert send_files(client, page, made.photo()).status_code == 302
    assert send_files(client, page, made.picture()).status_code == 422
    assert Attachment.objects.count() == 1
    event = AbuseEvent.objects.get(kind="limited")
    assert (event.purpose, event.consultation) == ("upload", page.consultation)
