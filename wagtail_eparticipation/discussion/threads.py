"""What may be replied to, asked by the form before it takes a reply."""

from dataclasses import dataclass

from wagtail_eparticipation.discussion import listing
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.showing import why_hidden
from wagtail_eparticipation.discussion.voices import name_of


@dataclass(frozen=True)
class ReplyTarget:
    """A published voice to which somebody wants to reply.

    ``participation_id`` is the register's row that becomes the reply's parent: for
    an official reply the one that it answered. ``name`` is the author as shown.
    """

    key: str
    participation_id: int
    name: str
    html: str
    language: str
    url: str


def reply_target(number: str, consultation) -> ReplyTarget | None:
    """The voice with this key in this topic, or ``None`` when it takes no replies.

    Comments of another topic, taken down, hidden or never published ones are ``None``,
    and so are official statements that stand alone (facts: a foreign thread is never
    joined).
    """
    try:
        comment = listing.find(consultation, number)
    except PublishedComment.DoesNotExist:
        return None
    if comment.is_taken_down or why_hidden(consultation, consultation.stage()):
        return None
    participation_id = comment.participation_id
    if participation_id is None and comment.root_id:
        participation_id = (
            PublishedComment.objects.filter(pk=comment.root_id)
            .values_list("participation_id", flat=True)
            .get()
        )
    if participation_id is None:
        return None
    return ReplyTarget(
        key=comment.key,
        participation_id=participation_id,
        name=name_of(comment),
        html=comment.safe_html,
        language=comment.language,
        url=f"discussion/{comment.key}/#{comment.anchor}",
    )
