"""Publishing many participations at once: the same as one by one, in few statements.

What stands alone and was never shown is written set-wise: Django creates no inherited
rows in bulk, so each of the three tables is filled by itself. Replies, which take a
place in their thread, and what is shown again go the way of ``publish``.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import router, transaction
from django.db.models import F
from django_comments.models import Comment
from django_comments.signals import comment_was_posted
from django_comments_xtd.models import XtdComment

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion import article_counts, suggestions
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import (
    build,
    may_be_published,
    publish,
)
from wagtail_eparticipation.discussion.purging import purge_later
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.signals import participation_published, voice_published

#: Rows in one statement, for databases that bound a statement's values.
_SOME = 200


@transaction.atomic
def publish_many(
    participations: Sequence[Participation], *, now: datetime
) -> list[PublishedComment]:
    """Show these in the discussion; the caller holds their rows.

    All may be published (``may_be_published``); ``ValueError`` otherwise. Signals are
    sent for each, once all are written.
    """
    for row in participations:
        if not may_be_published(row):
            raise ValueError(f"{row.number} is not for publication.")
    keys = [row.pk for row in participations]
    shown_before = set(
        PublishedComment.objects.filter(participation__in=keys)
        .order_by()
        .values_list("participation_id", flat=True)
    )
    alone, others = [], []
    for row in participations:
        is_new_root = row.parent_id is None and row.pk not in shown_before
        (alone if is_new_root else others).append(row)
    comments = [build(row, now=now) for row in alone]
    # Counted first, in one order: see ``publish.publish``.
    _count(comments)
    for start in range(0, len(comments), _SOME):
        _write(comments[start : start + _SOME])
    _announce(comments, now)
    # A reply may answer what has just been published.
    return comments + [publish(row, now=now) for row in others]


def _count(comments: list[PublishedComment]) -> None:
    topics = Counter(comment.consultation_id for comment in comments)
    articles = Counter(
        (comment.consultation_id, comment.article)
        for comment in comments
        if comment.article
    )
    for key in sorted(topics):
        Consultation.objects.filter(pk=key).update(
            published_count=F("published_count") + topics[key]
        )
    for (key, article), number in sorted(articles.items()):
        article_counts.change(key, article, number)


def _write(comments: list[PublishedComment]) -> None:
    """The rows of the three tables, parents first, with the keys of the first."""
    bases = [
        Comment(
            **{
                field.attname: getattr(comment, field.attname)
                for field in Comment._meta.local_concrete_fields
                if not field.primary_key
            }
        )
        for comment in comments
    ]
    Comment.objects.bulk_create(bases)
    for comment, base in zip(comments, bases, strict=True):
        comment.pk = comment.id = base.pk
        comment.comment_ptr_id = comment.xtdcomment_ptr_id = base.pk
        comment.level, comment.order = 0, 1
        comment.parent_id = comment.thread_id = base.pk
    for model in (XtdComment, PublishedComment):
        model._base_manager._insert(
            comments,
            fields=model._meta.local_concrete_fields,
            using=router.db_for_write(model),
        )
    for comment in comments:
        comment._state.adding = False


def _announce(comments: list[PublishedComment], now: datetime) -> None:
    for topic, article in sorted({(c.consultation_id, c.article) for c in comments}):
        purge_later(topic, article)
    for comment in comments:
        suggestions.follow(comment)
        voice_published.send(sender=PublishedComment, comment=comment, now=now)
        participation_published.send(
            sender=PublishedComment,
            participation=comment.participation,
            comment=comment,
            now=now,
        )
        transaction.on_commit(partial(_tell_comment_tools, comment))


def _tell_comment_tools(comment: PublishedComment) -> None:
    comment_was_posted.send_robust(
        sender=PublishedComment, comment=comment, request=None
    )
