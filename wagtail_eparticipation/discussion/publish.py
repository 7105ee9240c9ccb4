"""Writing the public discussion from the register: publish, take down, restore.

Each function is one transaction or joins its caller's, keeps the counts in it, and
purges and announces once it is committed. Whether something may be published is for
``moderation.decide`` to say; nothing else should call these.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django_comments.signals import comment_was_posted

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion import article_counts, suggestions
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.purging import purge_later
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.attachments import public_files
from wagtail_eparticipation.participations.models import Participation, Publication
from wagtail_eparticipation.signals import participation_published, voice_published

#: A comment that says nothing any more.
_NO_WORDS = {
    "shown_name": "",
    "user_name": "",
    "title": "",
    "comment": "",
    "html": "",
    "sources": "",
    "files": [],
}
#: What contrib-comments keeps of a name; the whole one is in ``shown_name``.
NAME_LENGTH = 50


class NotForPublication(ValueError):
    """Its author chose to be counted only (R-6.4.1a), or nothing is to be shown."""


@transaction.atomic
def publish(participation: Participation, *, now: datetime) -> PublishedComment:
    """Show a participation in the discussion; shows it again if it was taken down.

    A reply joins its parent's thread. Raises :class:`NotForPublication`. The caller
    holds the participation's row.
    """
    if not may_be_published(participation):
        raise NotForPublication(participation.number)
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None:
        comment = build(participation, now=now)
        # Counted first: on MariaDB a new row holds its topic's row for reading, and two
        # that both hold it so cannot both go on to count there.
        count(comment, +1)
        comment.save()
        announce(comment, now)
    else:
        show_again(comment, now=now)
    suggestions.follow(comment)
    participation_published.send(
        sender=PublishedComment, participation=participation, comment=comment, now=now
    )
    return comment


def may_be_published(participation: Participation) -> bool:
    """Whether its author and its tool let it be shown, and there is a text to show."""
    if participation.publication == Publication.NOT_PUBLISHED:
        return False
    try:
        publishable = tools.get(participation.tool).publishable
    except tools.UnknownTool:
        publishable = True
    return publishable and bool(participation.releasable_text)


def build(participation: Participation, *, now: datetime) -> PublishedComment:
    """The comment that would show a participation, not saved."""
    answered = _answered(participation)
    comment = PublishedComment(
        public_id=participation.public_id,
        participation=participation,
        published_at=now,
        kind=participation.tool,
        article=participation.article,
        **releasable(participation),
        **comment_fields(participation.consultation_id, now),
    )
    if answered is not None:
        comment.root_id = answered.root_id or answered.pk
        comment.reply_to_id = answered.pk if answered.root_id else None
    return comment


def releasable(participation: Participation) -> dict:
    """What of a participation the public may read, as fields of the comment."""
    named = participation.publication == Publication.WITH_NAME
    name = participation.public_name if named else ""
    return {
        "shown_name": name,
        "user_name": name[:NAME_LENGTH],
        "title": participation.title,
        "comment": participation.releasable_text,
        "html": participation.text_html,
        "sources": participation.releasable_sources,
        "files": public_files(participation),
        "language": participation.language,
    }


def comment_fields(consultation_id: int, now: datetime) -> dict:
    """What the comments package wants to know, the same for each of ours."""
    return {
        "consultation_id": consultation_id,
        "content_type": ContentType.objects.get_for_model(Consultation),
        "object_pk": str(consultation_id),
        "site_id": settings.SITE_ID,
        "submit_date": now,
        "is_public": True,
        "followup": False,
    }


@transaction.atomic
def rewrite(participation: Participation) -> None:
    """Bring the comment in line with the releasable text, after a redaction.

    One that is not shown stays without words.
    """
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None or comment.is_taken_down or comment.hidden:
        return
    update(comment, **releasable(participation))
    suggestions.follow(comment)
    purge_later(comment.consultation_id, comment.article)


@transaction.atomic
def show_files(participation: Participation) -> None:
    """Bring the files beside a shown voice in line with what is released."""
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None or comment.is_taken_down or comment.hidden:
        return
    gone = {file["key"] for file in comment.files}
    update(comment, files=public_files(participation))
    purge_later(comment.consultation_id, comment.article, files=gone)


@transaction.atomic
def take_down(
    participation: Participation, *, now: datetime, clause: str = ""
) -> PublishedComment | None:
    """Leave a tombstone with date and clause in a comment's place (R-8.1a).

    Replies stay where they are. ``None`` when it was not shown.
    """
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None or comment.is_taken_down:
        return None
    remove(comment, now=now, clause=clause)
    return comment


def remove(comment: PublishedComment, *, now: datetime, clause: str) -> None:
    """Turn one comment into a tombstone; its words leave the table."""
    gone = {file["key"] for file in comment.files}
    update(
        comment,
        removed_at=now,
        removed_under=clause,
        is_removed=True,
        **_NO_WORDS,
    )
    suggestions.leave_list(comment)
    count(comment, -1)
    purge_later(comment.consultation_id, comment.article, files=gone)


@transaction.atomic
def erase(participation: Participation) -> None:
    """Empty a comment that is not shown any more, whatever it came to hold."""
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None:
        return
    gone = {file["key"] for file in comment.files}
    update(comment, **_NO_WORDS)
    suggestions.leave_list(comment)
    purge_later(comment.consultation_id, comment.article, files=gone)


@transaction.atomic
def withdraw(participation: Participation, *, now: datetime) -> PublishedComment | None:
    """Take a comment out of the discussion altogether: its author withdrew it.

    Where others replied, a tombstone without a clause keeps the thread together.
    """
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None or comment.hidden:
        return None
    if comment.is_taken_down:
        # That it was taken down, and under which clause, stays public (R-8.1a).
        return None
    remove(comment, now=now, clause="")
    if not comment.reply_count:
        update(comment, hidden=True, is_public=False)
    return comment


def show_again(comment: PublishedComment, *, now: datetime) -> None:
    """Restore a comment that was taken down, at its old place."""
    if not comment.is_taken_down and not comment.hidden:
        return
    update(
        comment,
        removed_at=None,
        removed_under="",
        is_removed=False,
        hidden=False,
        is_public=True,
        **releasable(comment.participation),
    )
    count(comment, +1)
    purge_later(comment.consultation_id, comment.article)


def update(voice: PublishedComment, /, **fields) -> None:
    """Change columns of the three tables without ``save`` and its signals."""
    PublishedComment.objects.filter(pk=voice.pk).update(**fields)
    for name, value in fields.items():
        setattr(voice, name, value)


def _answered(participation: Participation) -> PublishedComment | None:
    """The shown voice that this one answers: an official reply, or the parent's."""
    if participation.parent_id is None:
        return None
    voices = PublishedComment.objects.filter(
        consultation_id=participation.consultation_id, hidden=False
    ).only("root_id")
    key = participation.data.get("reply_to", "")
    if key:
        answered = voices.filter(public_id=UUID(hex=key)).first()
        if answered is not None:
            return answered
    return voices.filter(participation_id=participation.parent_id).first()


def count(comment: PublishedComment, change: int) -> None:
    """Keep the counts: replies of a thread, published voices of a topic, an article."""
    if comment.root_id:
        PublishedComment.objects.filter(pk=comment.root_id).update(
            reply_count=F("reply_count") + change
        )
    if comment.participation_id:
        Consultation.objects.filter(pk=comment.consultation_id).update(
            published_count=F("published_count") + change
        )
        if comment.article:
            article_counts.change(comment.consultation_id, comment.article, change)


def announce(comment: PublishedComment, now: datetime) -> None:
    """Tell the other rooms, and the site's comment tools as if it was posted there."""
    purge_later(comment.consultation_id, comment.article)
    voice_published.send(sender=PublishedComment, comment=comment, now=now)
    transaction.on_commit(
        lambda: comment_was_posted.send_robust(
            sender=PublishedComment, comment=comment, request=None
        )
    )
