"""Where a participant finds the published words again."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.showing import is_shown
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote


def shown(participation, language: str) -> Iterable[ReceiptNote]:
    """The permalink, and how many replied; nothing while it is not shown to readers."""
    if participation.state != State.PUBLISHED:
        return
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None or comment.is_taken_down:
        return
    if is_shown(participation.consultation, participation.consultation.stage()):
        yield ReceiptNote(_("Shown in the discussion"), url=comment.get_absolute_url())
