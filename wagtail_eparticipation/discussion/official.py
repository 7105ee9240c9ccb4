"""What the municipality itself says in a discussion, under its office's name."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import PUBLIC_STAGES, Stage
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import (
    NAME_LENGTH,
    announce,
    comment_fields,
    count,
    remove,
)
from wagtail_eparticipation.discussion.report_reasons import TAKEN_BACK
from wagtail_eparticipation.discussion.reporting import settle_all
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.sanitize import clean_html, plain

#: Stages in which the municipality may still speak in the discussion.
SPEAKING = PUBLIC_STAGES - {Stage.CLOSED, Stage.ARCHIVED}


@transaction.atomic
def reply_officially(
    consultation,
    *,
    text: str,
    language: str,
    actor,
    to: PublishedComment | None = None,
    now: datetime | None = None,
) -> PublishedComment:
    """Publish an official reply, or a statement of its own when ``to`` is empty.

    The responsible department's name is shown, never a person's (R-8.2c). Raises
    ``PermissionDenied`` without the duty to reply, ``ValidationError`` for an empty
    text or one that the topic's stage does not allow any more.
    """
    access.require(actor, "reply", consultation)
    now = now or clock.database_now()
    if consultation.stage(now) not in SPEAKING:
        raise ValidationError(_("This topic takes no replies at its present stage."))
    words = plain(text, max_length=get_setting("MAX_TEXT_LENGTH"))
    if not words:
        raise ValidationError(_("Write the reply."))
    office = office_of(consultation)
    comment = PublishedComment(
        published_at=now,
        is_official=True,
        office=office,
        user_name=pick(office, language)[:NAME_LENGTH],
        comment=words,
        html=clean_html(words),
        language=language,
        kind="official",
        **comment_fields(consultation.pk, now),
    )
    if to is not None:
        if to.consultation_id != consultation.pk:
            raise ValidationError(_("The comment belongs to another topic."))
        comment.root_id = to.root_id or to.pk
        comment.reply_to_id = to.pk if to.root_id else None
    comment.save()
    count(comment, +1)
    record(
        consultation,
        "communication.reply",
        actor=actor,
        at=now,
        data={"comment": comment.key, "to": to.key if to else ""},
    )
    announce(comment, now)
    return comment


@transaction.atomic
def take_back(comment: PublishedComment, *, actor, now: datetime | None = None) -> None:
    """Replace an official reply by a tombstone; the ledger keeps that it was there."""
    access.require(actor, "reply", comment.consultation)
    if not comment.is_official:
        raise ValidationError(_("Only official replies can be taken back here."))
    if comment.is_taken_down:
        return
    now = now or clock.database_now()
    remove(comment, now=now, clause="")
    settle_all(
        comment.content_reports, code=TAKEN_BACK, clause="", actor=actor, now=now
    )
    record(
        comment.consultation,
        "communication.reply_taken_back",
        actor=actor,
        at=now,
        data={"comment": comment.key},
    )


def office_of(consultation) -> dict[str, str]:
    """The responsible department's name in each of its languages."""
    department = consultation.department
    if department is None:
        return {}
    translations = department.get_translations(inclusive=True).select_related("locale")
    return {each.locale.language_code: each.name for each in translations}
