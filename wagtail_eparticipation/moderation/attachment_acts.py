"""Deciding about files: show one, keep it from view, put a redacted copy in its place.

Nothing of a file is shown before somebody released it; each act holds the participation
and is noted by ids and codes (R-7.8c, R-7.10b).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, sanitize
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.discussion.publish import show_files
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.moderation.reasons import find_reason, policy_for
from wagtail_eparticipation.participations import attachment_store
from wagtail_eparticipation.participations.attachment_kinds import FileRefused
from wagtail_eparticipation.participations.attachment_settings import limits
from wagtail_eparticipation.participations.attachments import SEEN, Attachment
from wagtail_eparticipation.participations.models import TAKEN_BACK, Participation

_State = Attachment.State


class FileNotThere(errors.CannotDecide):
    """It waits in quarantine, or its author took it back meanwhile."""

    def __init__(self):
        super().__init__(
            _(
                "Nothing was saved: nothing can be decided about this file now. It is"
                " still searched for malware, or its author has removed it."
            )
        )


class DescriptionNeeded(errors.CannotDecide):
    """A picture is shown with words for those who cannot see it."""

    def __init__(self):
        super().__init__(
            _("Write what the file shows; people who cannot see it need it.")
        )


@transaction.atomic
def release(attachment: Attachment, *, actor, description: str, now=None) -> Attachment:
    """Show a file beside its participation as soon as that is published.

    ``description`` is what is shown with it: the author's, or without what must not be
    published. Raises ``PermissionDenied`` and the errors of ``moderation.errors``.
    """
    row = _hold(attachment, actor)
    if row.consultation.stored_stage in SETTLED:
        raise errors.TopicIsClosed
    words = sanitize.plain(description, max_length=300).replace("\n", " ")
    if not words:
        raise DescriptionNeeded
    row.description, row.reason_code, row.clause = words, "", ""
    return _settle(row, _State.RELEASED, "released", actor, now)


@transaction.atomic
def withhold(
    attachment: Attachment, *, actor, reason_code: str, now=None
) -> Attachment:
    """Keep a file from view, for a reason of the topic's policy; at any stage.

    Only for one that a single person may give: nobody confirms it.
    """
    row = _hold(attachment, actor)
    now = now or clock.database_now()
    policy = policy_for(row.consultation, now)
    reason = find_reason(policy, Outcome.KEEP_UNPUBLISHED, reason_code)
    if reason.second_person:
        raise errors.ReasonNotAllowed(reason.code)
    row.reason_code, row.clause = reason.code, reason.clause
    return _settle(row, _State.WITHHELD, "withheld", actor, now)


def replace_copy(attachment: Attachment, *, actor, data: bytes, now=None) -> Attachment:
    """Put a copy without personal data in place of the one that can be shown.

    The original stays sealed. The new copy waits to be released. Raises
    ``FileRefused`` for what would not be accepted from a participant either.
    """
    access.require(actor, "moderate", attachment.consultation)
    copy = attachment_store.copy_of(data, limits())
    state, _was_scanned = attachment_store.scanned(data)
    if state == _State.QUARANTINED:
        message = _("Nothing searches files for malware just now. Try again later.")
        raise FileRefused("scanner", message)
    with transaction.atomic():
        row = _hold(attachment, actor)
        if row.consultation.stored_stage in SETTLED:
            raise errors.TopicIsClosed
        now = now or clock.database_now()
        row.kind = copy.kind
        attachment_store.replace_copy(row, copy, now)
        return _settle(row, _State.CLEAN, "copy_replaced", actor, now)


def _hold(attachment: Attachment, actor) -> Attachment:
    """The file as it is now, with its participation held."""
    held = Participation.objects.select_for_update().get(pk=attachment.participation_id)
    row = Attachment.objects.select_related(
        "consultation__policy_version", "key", "copy_key"
    ).get(pk=attachment.pk)
    access.require(actor, "moderate", row.consultation)
    if row.state not in SEEN or held.state in TAKEN_BACK:
        raise FileNotThere
    held.consultation = row.consultation
    row.participation = held
    return row


def _settle(row, state: str, kind: str, actor, now: datetime | None) -> Attachment:
    now = now or clock.database_now()
    row.state, row.decided_at = state, now
    row.save(
        update_fields=["state", "description", "reason_code", "clause", "decided_at"]
    )
    data = {
        "participation": str(row.participation.public_id),
        "attachment": str(row.public_id),
    }
    if row.reason_code:
        data |= {"reason_code": row.reason_code, "clause": row.clause}
    record(row.consultation, f"attachment.{kind}", actor=actor, at=now, data=data)
    show_files(row.participation)
    return row
