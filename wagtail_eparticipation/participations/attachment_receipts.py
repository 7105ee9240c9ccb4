"""The files of a participation as its author sees them on the receipt."""

from django.utils.translation import gettext as _

from wagtail_eparticipation.participations.attachment_store import words_of
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.models import TAKEN_BACK, Publication

_State = Attachment.State
#: What becomes of a file, to its author; of what was removed nothing is said.
_TOLD = frozenset({*_State} - {_State.REMOVED})


def files_part(participation, language: str) -> dict | None:
    """What ``receipt_files.html`` shows; no query where no file was sent."""
    sent = participation.attachment_count or participation.consultation.takes_files
    if participation.state in TAKEN_BACK or not sent:
        return None
    rows = participation.attachments.filter(state__in=_TOLD).select_related("key")
    files = [
        {
            "name": words_of(row).get("name") or _("file"),
            "kind": row.get_kind_display(),
            "size": row.size,
            "description": row.description,
            "state": _state_words(row, participation),
        }
        for row in rows
    ]
    return {"files": files} if files else None


def _state_words(row: Attachment, participation) -> str:
    if participation.publication == Publication.NOT_PUBLISHED and (
        row.state in (_State.CLEAN, _State.RELEASED)
    ):
        return _("It is not shown, because you chose that nothing is published.")
    return {
        _State.QUARANTINED: _("It waits until it has been searched for malware."),
        _State.CLEAN: _("A moderator looks at it before it is shown."),
        _State.RELEASED: _("It is shown with your text as soon as that is published."),
        _State.WITHHELD: _("A moderator decided that it is not shown."),
        _State.REFUSED: _("Malware was found in it, so it was destroyed."),
    }[row.state]
