"""Files that were released with a published voice, handed out by a view alone.

Never from ``MEDIA_ROOT``, always as a download, and as nothing that a browser runs
(R-7.10b). The page has been found live and the visitor admitted to it.
"""

from uuid import UUID

from django.http import Http404, HttpResponse

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.showing import hidden_because
from wagtail_eparticipation.participations.attachment_files import as_download
from wagtail_eparticipation.participations.attachment_store import read_copy
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.identity import IdentityUnreadable
from wagtail_eparticipation.participations.models import Participation, State


@page_route("files")
def file(request, page, *rest) -> HttpResponse:
    """``<page>/files/<key>/``: while its voice is shown and it is released."""
    now = clock.now()
    consultation = page.consultation
    rest = [part for part in rest if part]
    hidden = hidden_because(page.results_display, consultation.stage(now))
    if len(rest) != 1 or hidden or request.method not in ("GET", "HEAD"):
        raise Http404
    row = _released(consultation, rest[0])
    try:
        response = as_download(read_copy(row), row)
    except IdentityUnreadable:
        raise Http404 from None
    return limit_caching(response, [consultation], now)


def _released(consultation, key: str) -> Attachment:
    try:
        public_id = UUID(hex=key)
    except ValueError:
        raise Http404 from None
    shown = PublishedComment.objects.filter(
        consultation=consultation.pk, hidden=False, removed_at=None
    )
    row = (
        Attachment.objects.filter(
            public_id=public_id,
            state=Attachment.State.RELEASED,
            participation__in=Participation.objects.filter(
                consultation=consultation.pk, state=State.PUBLISHED
            ),
            participation__published_comment__in=shown,
        )
        .select_related("copy_key")
        .first()
    )
    if row is None:
        raise Http404
    return row
