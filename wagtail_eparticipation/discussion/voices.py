"""Published comments as the components of the public pages want them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.consultations.articles import Article
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.participations import tools


def name_of(comment: PublishedComment) -> str:
    """Whose voice it is: the office, the name its author chose, or anybody."""
    if comment.is_official:
        return pick(comment.office) or _("The municipality")
    return comment.shown_name or _("A participant")


def item(
    comment: PublishedComment,
    page_url: str,
    *,
    may_reply: bool = False,
    replies: list[PublishedComment] = (),
    articles: dict[str, Article] | None = None,
) -> dict[str, Any]:
    """One voice for ``components/participation.html``.

    ``articles`` are those of the draft by id; a voice on one of them says so.
    """
    address = f"{page_url}discussion/{comment.key}/"
    shown = {
        "anchor": comment.anchor,
        "name": name_of(comment),
        "date": date_words(comment.published_at),
        "language": comment.language,
        "url": address,
        "official": comment.is_official,
        "kind": kind_name(comment),
        "removed": comment.is_taken_down,
        "replies": [item(each, page_url, may_reply=may_reply) for each in replies],
    }
    about = (articles or {}).get(comment.article)
    if about is not None:
        shown["about"] = about.label
        shown["about_url"] = f"{page_url}draft/#{about.anchor}"
    if comment.is_taken_down:
        shown.update(removed_text=tombstone(comment), date="")
        return shown
    shown.update(title=comment.title, html=comment.safe_html, sources=comment.sources)
    shown["files"] = files_of(comment, page_url)
    if comment.reply_to_id:
        shown["in_reply_to"] = (
            "" if comment.reply_to.is_taken_down else name_of(comment.reply_to)
        )
    shown["agree_count"] = comment.agree_count
    if may_reply and comment.participation_id:
        shown["agree_url"] = _address("agree", comment)
    shown["report_url"] = _address("report", comment)
    if may_reply and (comment.participation_id or comment.root_id):
        shown["reply_url"] = f"{page_url}participate/comment/?reply_to={comment.key}"
    more = comment.reply_count - len([r for r in replies if not r.is_taken_down])
    if replies and more > 0:
        shown["more_replies"], shown["thread_url"] = comment.reply_count, address
    return shown


def files_of(comment: PublishedComment, page_url: str) -> list[dict[str, Any]]:
    """Released files for ``components/files.html``, each with its address."""
    return [
        {**file, "url": f"{page_url}files/{file['key']}/"} for file in comment.files
    ]


def follow_url(comment: PublishedComment) -> str:
    """Where mails about a thread are asked for, in the reader's language."""
    return _address("follow", comment)


def _address(name: str, comment: PublishedComment) -> str:
    language = (get_language() or "").split("-")[0]
    return reverse(f"eparticipation:{name}", args=[language, comment.public_id])


def kind_name(comment: PublishedComment) -> str:
    """What sort of contribution it is, where that is not plain to see."""
    if comment.kind in ("", "comment", "official"):
        return ""
    try:
        return str(tools.get(comment.kind).label)
    except tools.UnknownTool:
        return ""


def tombstone(comment: PublishedComment) -> str:
    """What stands in place of a comment that was taken down (R-8.1a)."""
    date = date_words(comment.removed_at)
    if comment.removed_under:
        return _(
            "Taken down on %(date)s under clause %(clause)s of the policy. "
            "It stays counted."
        ) % {"date": date, "clause": comment.removed_under}
    if comment.is_official:
        return _("Taken back by the municipality on %(date)s.") % {"date": date}
    return _("Taken back by its author on %(date)s.") % {"date": date}
