"""Files as people and attackers make them, built here byte by byte."""

import io
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

#: Metadata that must be found in no copy.
CAMERA = "SecretCam 3000"
AUTHOR = "Author of the file"


def picture(kind="PNG", size=(64, 48), color=(20, 120, 60), **options):
    written = io.BytesIO()
    Image.new("RGB", size, color).save(written, kind, **options)
    return written.getvalue()


def photo(size=(64, 48)):
    """A JPEG with a place, a camera, a comment and a profile."""
    exif = Image.Exif()
    exif[0x010F] = CAMERA
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 19.0, 33.5), 3: "E"})
    return picture(
        "JPEG", size, exif=exif, comment=b"at my home", icc_profile=b"PROFILE-MARK" * 20
    )


def picture_in_passes(number):
    """A progressive JPEG whose last pass comes again and again."""
    data = picture("JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * number + data[-2:]


def large_picture(frame, side=9000, **options):
    """A JPEG of a few bytes that says it has 81 million dots."""
    data = picture("JPEG", **options)
    place = data.index(frame) + 5
    return data[:place] + side.to_bytes(2, "big") * 2 + data[place + 4 :]


def moving():
    written = io.BytesIO()
    first, *others = (Image.new("RGB", (8, 8), (n, 90, 20)) for n in (0, 120, 250))
    first.save(written, "GIF", save_all=True, append_images=others)
    return written.getvalue()


def gif_that_is_a_program():
    """A GIF whose measures open a comment, closed behind the picture."""
    data = bytearray(picture("GIF"))
    data[6:8] = b"/*"
    return bytes(data) + b"*/=1;alert(document.domain)//"


def bomb(side=30_000):
    """A PNG of a few bytes that says it has 900 million dots."""

    def chunk(name, body):
        code = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + code

    header = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def text_bomb():
    """A PNG with a compressed comment that unfolds to 200 MB."""
    data = picture()
    body = b"Comment\0\0" + zlib.compress(b"A" * 200_000_000, 9)
    code = zlib.crc32(b"zTXt" + body).to_bytes(4, "big")
    chunk = len(body).to_bytes(4, "big") + b"zTXt" + body + code
    return data[:33] + chunk + data[33:]


def archive(names=("a.txt",)):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name in names:
            made.writestr(name, "content")
    return written.getvalue()


def office_with_macro():
    return archive(("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"))


def pdf(change=None, pages=1, **options):
    """A PDF with an author; ``change`` is given the writer before it is written."""
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(200, 300)
    writer.add_metadata({"/Author": AUTHOR})
    if change is not None:
        change(writer)
    if options.get("password"):
        writer.encrypt(options["password"])
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_script(writer):
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def with_file(writer):
    writer.add_attachment("inside.exe", b"MZ")


def with_launch(writer):
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/Launch"),
            NameObject("/F"): TextStringObject("calc"),
        }
    )


def with_page_action(writer):
    action = DictionaryObject({NameObject("/S"): NameObject("/URI")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})


def with_form_of_xml(writer):
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/XFA"): ArrayObject()}
    )


def with_media(writer):
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/RichMedia")})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])


def with_loose_script(writer):
    """An action that nothing leads to."""
    writer._add_object(
        DictionaryObject({NameObject("/JS"): TextStringObject("app.alert(1)")})
    )


def script_by_another_spelling():
    """Names may be written by numbers, which a search for words does not find."""
    written = pdf(with_loose_script)
    return written.replace(b"/JS", b"/#4AS")


def pdf_with_photo():
    """A PDF around a photo as it left the camera."""
    written = io.BytesIO()
    Image.open(io.BytesIO(photo())).save(written, "PDF")
    data = written.getvalue()
    start = data.index(b"\xff\xd8\xff")
    marked = CAMERA.encode()
    segment = b"\xff\xe1" + (len(marked) + 2).to_bytes(2, "big") + marked
    changed = data[: start + 2] + segment + data[start + 2 :]
    # The table is wrong now; a reader mends it, as readers of damaged files do.
    return changed.replace(
        b"/Length %d" % _length(data), b"/Length %d" % (_length(data) + len(segment))
    )


def _length(data):
    import re

    before = data[: data.index(b"\xff\xd8\xff")]
    return int(re.findall(rb"/Length (\d+)", before)[-1])
