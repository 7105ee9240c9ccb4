"""What a file is, by what it holds: neither its name nor what a browser calls it.

Pure: bytes in, a kind out. What sniffs as two things at once is refused, for what one
program shows as a picture another one would run (R-7.10b).
"""

from django.utils.translation import gettext as _

#: Everything that can be accepted, by media type, and what people call it.
ACCEPTABLE = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/gif": "GIF",
    "application/pdf": "PDF",
}
PDF = "application/pdf"

#: A reader of PDF looks for its beginning this far into a file.
_PDF_HEAD = 1024
#: The end record of a ZIP archive lies at most this far from the end.
_ZIP_TAIL = 65_557
_MARKUP = (b"<script", b"<html", b"<!doctype html", b"<svg", b"<?php")
_PHONE_PICTURES = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class FileRefused(ValueError):
    """A file that is not accepted; ``code`` is stable, ``str()`` is for its sender."""

    def __init__(self, code: str, message: str):
        self.code = code
        super().__init__(message)


def accepted_names(types) -> str:
    """The accepted kinds as people write them: "JPEG, PNG, PDF"."""
    return _(", ").join(ACCEPTABLE[each] for each in ACCEPTABLE if each in types)


def kind_of(data: bytes, types) -> str:
    """The media type of a file, one of ``types``; raises :class:`FileRefused`."""
    if not data.strip(b"\0 \t\r\n"):
        raise FileRefused("empty", _("The file is empty."))
    found = _sniff(data)
    if found not in ACCEPTABLE:
        raise FileRefused(found, _sentence(found, types))
    if found not in types:
        raise FileRefused("type", _sentence("unknown", types))
    if _is_two(data, found):
        raise FileRefused(
            "two",
            _(
                "The file can be read as two kinds of file at once, which is not"
                " accepted. Save it anew, or take a picture of it, and choose that."
            ),
        )
    return found


def _sniff(data: bytes) -> str:
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in _PHONE_PICTURES else "unknown"
    if data[257:262] == b"ustar":
        return "archive"
    head = data[:_PDF_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").lower()
    if head.startswith(b"<") or any(mark in head for mark in _MARKUP):
        return "markup"
    return "unknown"


_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "office"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)


def _sentence(found: str, types) -> str:
    values = {"accepted": accepted_names(types)}
    if found in ("archive", "office"):
        return (
            _(
                "Archives and office files such as Word and Excel are not accepted,"
                " because they can hold programs. Save it as a PDF and choose that."
                " Accepted: %(accepted)s."
            )
            if PDF in types
            else _(
                "Archives and office files such as Word and Excel are not accepted,"
                " because they can hold programs. Accepted: %(accepted)s."
            )
        ) % values
    if found == "heic":
        return (
            _(
                "Pictures in the HEIC format are not accepted. Choose “Most compatible”"
                " in the settings of your camera, or save the picture as JPEG."
                " Accepted: %(accepted)s."
            )
            % values
        )
    if found == "markup":
        return (
            _(
                "Web pages and drawings such as HTML and SVG are not accepted, because"
                " they can hold programs. Accepted: %(accepted)s."
            )
            % values
        )
    if found == "program":
        return _("Programs are not accepted. Accepted: %(accepted)s.") % values
    return (
        _(
            "This kind of file is not accepted, whatever its name."
            " Accepted: %(accepted)s."
        )
        % values
    )


def _is_two(data: bytes, found: str) -> bool:
    """Whether another program would take it for something else."""
    tail = data[-_ZIP_TAIL:]
    if b"PK\x05\x06" in tail and (b"PK\x01\x02" in data or b"PK\x03\x04" in data):
        return True
    head = data[:_PDF_HEAD]
    if found == PDF:
        return any(mark in head.lower() for mark in _MARKUP)
    # A picture whose measures spell the beginning of a comment in a program.
    if found == "image/gif" and data[6:8] == b"/*":
        return True
    return b"%PDF-" in head or any(mark in head.lower() for mark in _MARKUP)
