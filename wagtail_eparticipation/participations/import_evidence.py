"""The evidence of an import, handed out to who works with it."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from wagtail_eparticipation.consultations.desk_base import DeskView

#: How a picture of each kind begins; the name alone proves nothing.
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def picture_kind(batch) -> str:
    """The media type of evidence that a browser can show beside a row; else empty."""
    if not batch.evidence:
        return ""
    with batch.evidence.open("rb") as file:
        head = file.read(16)
    for beginning, kind in _PICTURES.items():
        if head.startswith(beginning):
            return kind
    return ""


class Evidence(DeskView):
    """As a download that no browser interprets; a picture is shown with ``?show``."""

    duty = "moderate"

    def get(self, request, *args, **kwargs):
        batch = get_object_or_404(self.consultation.import_batches, pk=kwargs["batch"])
        if not batch.evidence:
            raise Http404
        kind = picture_kind(batch) if "show" in request.GET else ""
        response = FileResponse(
            batch.evidence.open("rb"),
            as_attachment=not kind,
            filename=batch.evidence.name.rpartition("/")[2],
            content_type=kind or "application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
