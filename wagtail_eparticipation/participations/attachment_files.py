"""Files as answers of a server: downloads that no browser runs anything of."""

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from wagtail_eparticipation.participations.attachments import Attachment

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "application/pdf": "pdf",
}


def as_download(data: bytes, row: Attachment) -> HttpResponse:
    """The copy of a file; pictures in a page are shown all the same."""
    return _answer(data, row.copy_type, f"file-{row.key_hex[:8]}")


def as_sealed_original(data: bytes, row: Attachment) -> HttpResponse:
    """The file as it was sent, under a name of our own, kept nowhere on the way."""
    response = _answer(data, row.media_type, f"original-{row.key_hex[:8]}")
    # What it is stands in its name; to the browser it is bytes.
    response["Content-Type"] = "application/octet-stream"
    return kept_nowhere(response)


def as_picture(data: bytes, media_type: str) -> HttpResponse:
    """A rendition for staff, shown in the page."""
    response = HttpResponse(data, content_type=media_type)
    return kept_nowhere(_guarded(response))


def kept_nowhere(response: HttpResponse) -> HttpResponse:
    """Let no cache and no disk keep it."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def _answer(data: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    ending = _ENDINGS.get(media_type, "bin")
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return _guarded(response)


def _guarded(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
