"""Names that a topic's page shows, read from its frozen request where there is one.

Departments, segments and subjects are called in the page's language in the frozen
content already, so the public page asks the database for none of them.
"""

from typing import Any

from wagtail_eparticipation.consultations.request_versions import content_of


def named_content(page, versions) -> dict[str, Any]:
    """The frozen content in the page's language, else made from the page itself.

    ``versions`` are the topic's request versions, the newest last. A preview shows
    what was typed just now.
    """
    language = page.locale.language_code
    if versions and not getattr(page, "is_preview", False):
        frozen = versions[-1].content.get(language)
        if frozen:
            return frozen
    return content_of(page)


def segment_names(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Segments by the id of their audience row."""
    return {
        row["id"]: row["value"]["segment"] or {} for row in content.get("audience", [])
    }
