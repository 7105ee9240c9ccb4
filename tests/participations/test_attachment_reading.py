"""What files are taken for, and what is left of them: never what their names say."""

import io

import pytest
from PIL import Image

from tests.participations import files_made as made
from wagtail_eparticipation.participations import (
    attachment_images,
    attachment_pdf,
    pdf_worker,
)
from wagtail_eparticipation.participations.attachment_kinds import (
    ACCEPTABLE,
    FileRefused,
    kind_of,
)

TYPES = list(ACCEPTABLE)

#: Name, file and the code of the refusal.
HOSTILE = [
    ("nothing", b"", "empty"),
    ("only zeros", b"\0" * 5000, "empty"),
    ("words", b"just words", "unknown"),
    ("zip named png", made.archive(), "archive"),
    ("office file with a macro", made.office_with_macro(), "archive"),
    ("old office file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office"),
    ("rich text", b"{\\rtf1 text}", "office"),
    ("gzip", b"\x1f\x8b\x08\0" + b"x" * 50, "archive"),
    ("tar", b"a" * 257 + b"ustar\x0000" + b"\0" * 300, "archive"),
    ("rar", b"Rar!\x1a\x07\x01\0" + b"x" * 50, "archive"),
    ("drawing with a script", b"<svg><script>alert(1)</script></svg>", "markup"),
    ("drawing behind a mark", b"\xef\xbb\xbf\n<?xml version='1.0'?><svg/>", "markup"),
    ("web page named jpg", b"<!DOCTYPE html><script>alert(1)</script>", "markup"),
    ("Windows program", b"MZ\x90\0" + b"\0" * 100, "program"),
    ("Linux program", b"\x7fELF" + b"\0" * 100, "program"),
    ("shell script", b"#!/bin/sh\nrm -rf /", "program"),
    ("picture of a telephone", b"\0\0\0\x18ftypheic" + b"\0" * 40, "heic"),
    ("film", b"\0\0\0\x18ftypmp42" + b"\0" * 40, "unknown"),
    ("GIF that is a program", made.gif_that_is_a_program(), "two"),
    ("picture and archive", made.picture() + made.archive(), "two"),
    ("picture and PDF", made.picture()[:40] + b"%PDF-1.7" + b"\0" * 50, "two"),
    (
        "picture and web page",
        made.picture("JPEG", comment=b"<script>alert(1)</script>"),
        "two",
    ),
    ("PDF and archive", made.pdf() + made.archive(), "two"),
    ("picture of 900 million dots", made.bomb(), "dots"),
    ("picture in thousands of passes", made.picture_in_passes(3000), "dots"),
    (
        "large picture that is held whole",
        made.large_picture(b"\xff\xc2", progressive=True),
        "dots",
    ),
    ("comment that unfolds to 200 MB", made.text_bomb(), "broken"),
    ("half a picture", made.photo(size=(800, 600))[:900], "broken"),
    ("head of a picture", b"\x89PNG\r\n\x1a\n" + b"x" * 90, "broken"),
    ("moving picture", made.moving(), "moving"),
    ("PDF behind a line", b"\n" + made.pdf(), "unknown"),
    ("half a PDF", made.pdf()[:-40], "broken"),
    ("PDF with something behind", made.pdf() + b"MZ" * 40, "broken"),
    ("PDF without an inside", b"%PDF-1.7\n%%EOF", "broken"),
    ("locked PDF", made.pdf(password="secret"), "locked"),
    ("long PDF", made.pdf(pages=pdf_worker.MAX_PAGES + 1), "pages"),
    ("PDF with a script", made.pdf(made.with_script), "active"),
    ("PDF with a file", made.pdf(made.with_file), "active"),
    ("PDF that starts a program", made.pdf(made.with_launch), "active"),
    ("PDF with an act of a page", made.pdf(made.with_page_action), "active"),
    ("PDF with an XML form", made.pdf(made.with_form_of_xml), "active"),
    ("PDF with media", made.pdf(made.with_media), "active"),
    ("PDF with a loose script", made.pdf(made.with_loose_script), "active"),
    ("PDF with a script spelt in numbers", made.script_by_another_spelling(), "active"),
]


def take(data, types=TYPES):
    kind = kind_of(data, types)
    if kind == "application/pdf":
        return attachment_pdf.clean_copy(data)[0]
    return attachment_images.redraw(data, kind).data


@pytest.mark.parametrize(
    ("data", "code"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_a_hostile_file_is_refused_with_its_reason(data, code):
    with pytest.raises(FileRefused) as refusal:
        take(data)
    assert refusal.value.code == code
    assert str(refusal.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_taken_for_what_it_is(kind):
    drawn = Image.open(io.BytesIO(take(made.picture(kind))))
    assert drawn.size == (64, 48)


def test_a_kind_that_the_site_does_not_want_is_refused():
    with pytest.raises(FileRefused) as refusal:
        take(made.picture("GIF"), ["image/png", "application/pdf"])
    assert refusal.value.code == "type"
    assert "PNG" in str(refusal.value)
    assert "GIF" not in str(refusal.value)


def test_nothing_of_a_photo_is_left_but_what_can_be_seen():
    drawn = take(made.photo())
    assert made.CAMERA.encode() not in drawn
    assert b"at my home" not in drawn
    assert b"PROFILE-MARK" not in drawn
    found = Image.open(io.BytesIO(drawn))
    assert not found.getexif()
    assert "icc_profile" not in found.info


def test_a_photo_stands_upright_without_the_entry_that_turned_it():
    drawn = Image.open(io.BytesIO(take(made.photo(size=(64, 48)))))
    assert drawn.size == (48, 64)


def test_what_hangs_behind_a_picture_is_not_carried_over():
    drawn = take(made.picture("JPEG") + b"alert(document.domain)" * 20)
    assert b"alert" not in drawn


def test_a_large_photo_is_shown_at_a_size_that_a_page_can_bear():
    drawn = Image.open(io.BytesIO(take(made.picture("JPEG", (6000, 3000)))))
    assert max(drawn.size) == attachment_images.LONGEST_SIDE


def test_a_photo_in_some_passes_is_taken():
    drawn = Image.open(io.BytesIO(take(made.picture("JPEG", progressive=True))))
    assert drawn.size == (64, 48)


def test_a_large_photo_in_one_pass_may_have_more_dots():
    assert take(made.large_picture(b"\xff\xc0"))


def test_a_clear_picture_stays_clear():
    written = io.BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 0)).save(written, "PNG")
    assert Image.open(io.BytesIO(take(written.getvalue()))).getpixel((0, 0))[3] == 0


def test_the_copy_of_a_pdf_does_not_say_who_made_it():
    data = made.pdf(pages=3)
    assert made.AUTHOR.encode() in data
    copy, pages = attachment_pdf.clean_copy(data)
    assert pages == 3
    assert made.AUTHOR.encode() not in copy


def test_a_photo_inside_a_pdf_loses_its_camera_too():
    data = made.pdf_with_photo()
    assert made.CAMERA.encode() in data
    assert made.CAMERA.encode() not in take(data)


def test_a_page_of_a_pdf_becomes_a_picture_for_staff():
    shown = attachment_pdf.page_picture(made.pdf(pages=2), 2)
    assert Image.open(io.BytesIO(shown)).format == "PNG"
    with pytest.raises(FileRefused):
        attachment_pdf.page_picture(made.pdf(pages=2), 3)


def test_work_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(attachment_pdf, "PATIENCE", 0.01)
    with pytest.raises(FileRefused) as refusal:
        attachment_pdf.clean_copy(made.pdf())
    assert refusal.value.code == "big"


def test_a_copy_much_longer_than_its_pdf_is_refused(monkeypatch):
    data = made.pdf(pages=9)
    assert pdf_worker.clean(data)
    monkeypatch.setattr(pdf_worker, "ROOM", -2 * len(data))
    with pytest.raises(pdf_worker.Refused, match="big"):
        pdf_worker.clean(data)
