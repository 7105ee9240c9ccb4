"""Pictures drawn anew, so that only what can be seen is left of them (AC-S3-E5).

Pure: bytes in, bytes out. Place, camera, comments, colour profiles, thumbnails and
whatever hangs behind the picture are not carried over, because only the dots are.
"""

import re
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from wagtail_eparticipation.participations.attachment_kinds import FileRefused

#: Dots of a picture that must be held whole to be read.
MAX_DOTS = 40_000_000
#: Dots of a JPEG, which can be read at a fraction of its measures.
MAX_JPEG_DOTS = 170_000_000
#: Passes in which a JPEG may be drawn; cameras and programs make about ten.
MAX_SCANS = 100
#: Longest side of what is shown.
LONGEST_SIDE = 4096

#: The head of a pass, with the number of colours in it; nothing that stands by chance.
_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e]([\x01-\x04])")

_READ_AS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
}


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew."""

    data: bytes
    media_type: str
    width: int
    height: int


def redraw(data: bytes, media_type: str) -> Picture:
    """The same picture without anything but its dots; raises :class:`FileRefused`."""
    try:
        return _redraw(data, media_type)
    except FileRefused:
        raise
    # A warning, where a site makes errors of them.
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_dots() from error
    # Hostile files fail in whatever way the decoder's authors did not foresee.
    except Exception as error:
        raise FileRefused(
            "broken",
            _("The picture is damaged and cannot be read. Save it anew and try again."),
        ) from error


def _redraw(data: bytes, media_type: str) -> Picture:
    colours = _SCAN.findall(data) if media_type == "image/jpeg" else []
    if len(colours) > MAX_SCANS:
        raise _too_many_dots()
    with Image.open(BytesIO(data), formats=_READ_AS[media_type]) as found:
        _judge(found, media_type, colours)
        if media_type == "image/jpeg":
            found.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        found.load()
        upright = ImageOps.exif_transpose(found) or found
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        mode = _mode_of(upright)
        dots = upright.convert(mode)
    # A new canvas: nothing that the decoder remembered comes along.
    clean = Image.new(mode, dots.size)
    clean.paste(dots)
    written = BytesIO()
    if media_type == "image/jpeg":
        clean.save(written, "JPEG", quality=85, optimize=True)
    elif media_type == "image/webp":
        clean.save(written, "WEBP", quality=85)
    else:
        media_type = "image/png"
        clean.save(written, "PNG", optimize=False)
    return Picture(written.getvalue(), media_type, *clean.size)


def _judge(found: Image.Image, media_type: str, colours: list[bytes]) -> None:
    dots = found.width * found.height
    if dots > _most_dots(found, media_type, colours) or max(found.size) > 65_500:
        raise _too_many_dots()
    if media_type != "image/jpeg" and getattr(found, "n_frames", 1) > 1:
        raise FileRefused(
            "moving", _("Moving pictures are not accepted. Choose a still one.")
        )


def _most_dots(found: Image.Image, media_type: str, colours: list[bytes]) -> int:
    """One that comes in passes is held whole, at whatever fraction it is read."""
    if media_type != "image/jpeg" or "progressive" in found.info:
        return MAX_DOTS
    in_passes = any(each[0] < found.layers for each in colours)
    return MAX_DOTS if in_passes else MAX_JPEG_DOTS


def _too_many_dots() -> FileRefused:
    return FileRefused(
        "dots",
        _(
            "The picture has too many dots. Make it smaller, such as 4000 by 3000, and"
            " choose it again."
        ),
    )


def _mode_of(picture: Image.Image) -> str:
    if picture.format == "JPEG":
        return "RGB"
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if clear:
        return "RGBA"
    return "L" if picture.mode in ("1", "L") else "RGB"
