"""A draft text as the public reads it: chapters, articles, what was said on each."""

from typing import Any

from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.consultations.request_fields import Tool

#: Up to so many articles the list of contents is open from the start.
OPEN_CONTENTS = 12


def draft_of(view) -> dict[str, Any] | None:
    """What the templates show of a ``TopicView``'s draft; one query, for all counts.

    ``None`` for a topic without a draft. A preview shows the text in full on the
    topic's own page, because the draft's address shows what is public alone.
    """
    found = articles.on_page(view.page)
    if not found:
        return None
    preview = getattr(view.request, "is_preview", False)
    counts = {} if preview else articles.counts_of(view.consultation)
    takes_comments = view.can_take_part() and Tool.COMMENT in view.page.tools
    rows = [
        {
            "article": article,
            "chapter": article.chapter,
            "count": counts.get(article.key, 0),
            "read_url": f"{view.address}discussion/?article={article.key}",
            "comment_url": comment_url(view.address, article.key)
            if takes_comments
            else "",
        }
        for article in found
    ]
    return {
        "url": f"{view.address}draft/",
        "number": len(rows),
        "level": 3 if any(row["chapter"] for row in rows) else 2,
        "chapters": articles.by_chapter(rows),
        "can_comment": takes_comments,
        "contents_open": len(rows) <= OPEN_CONTENTS,
        "in_full": preview,
    }


def comment_url(page_url: str, key: str) -> str:
    """Where somebody comments on an article."""
    return f"{page_url}participate/comment/?article={key}"
