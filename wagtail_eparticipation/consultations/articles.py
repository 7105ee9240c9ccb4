"""The articles of a draft text, which people comment on one by one (R-4.1a).

An article is named by the id of its block, the same in every language and version of
the request. The rooms below tell what they know of it through the two registries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Article:
    """One article in one language; ``text`` is HTML source of the editor."""

    key: str
    number: str
    heading: str = ""
    text: str = ""
    note: str = ""
    chapter: str = ""
    language: str = ""

    @property
    def label(self) -> str:
        """Number and heading in one line."""
        if not self.heading:
            return self.number
        return _("%(number)s: %(heading)s") % {
            "number": self.number,
            "heading": self.heading,
        }

    @property
    def anchor(self) -> str:
        """Id of the element on a page."""
        return f"article-{self.key}"


#: ``(consultation)`` gives the number of published comments by article.
Counter = Callable[..., dict[str, int]]
#: ``(consultation)`` gives the articles that something in the register is about.
Users = Callable[..., set[str]]

_counters: list[Counter] = []
_users: list[Users] = []


def register_counter(counter: Counter) -> None:
    """Tell how many comments on each article are published."""
    _counters[:] = [counter]


def register_users(users: Users) -> None:
    """Tell which articles have participations and may not go any more."""
    _users[:] = [users]


def counts_of(consultation) -> dict[str, int]:
    """Published comments by article, those without any left out; one query."""
    return _counters[0](consultation) if _counters else {}


def used_in(consultation) -> set[str]:
    """Articles that participations are about; one query."""
    return _users[0](consultation) if _users else set()


def in_content(content: dict[str, Any], language: str) -> list[Article]:
    """The articles of a frozen request in one language."""
    parts = (
        (part["type"], part["id"], part["value"])
        for part in content.get("articles") or []
    )
    return _articles(parts, language)


def on_page(page) -> list[Article]:
    """The articles as they stand on a page, saved or not."""
    parts = (
        (child.block_type, child.id or "", _plain(child)) for child in page.articles
    )
    return _articles(parts, page.locale.language_code)


def _plain(child) -> Any:
    if child.block_type != "article":
        return child.value
    return {**child.value, "text": getattr(child.value["text"], "source", "")}


def _articles(parts: Iterable[tuple[str, str, Any]], language: str) -> list[Article]:
    chapter, found = "", []
    for kind, key, value in parts:
        if kind == "chapter":
            chapter = value
        else:
            found.append(
                Article(
                    key,
                    number=value["number"] or "",
                    heading=value["heading"] or "",
                    text=value["text"] or "",
                    note=value["note"] or "",
                    chapter=chapter,
                    language=language,
                )
            )
    return found


def by_chapter(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that name a ``chapter`` as groups of ``chapter`` and ``rows``, in order."""
    groups: list[dict[str, Any]] = []
    for row in rows:
        if not groups or groups[-1]["chapter"] != row["chapter"]:
            groups.append({"chapter": row["chapter"], "rows": []})
        groups[-1]["rows"].append(row)
    return groups


def published(consultation, language: str) -> dict[str, Article]:
    """The articles people can read now, by id, in a language or else another."""
    newest = _versions(consultation, limit=1)
    return _of_version(newest[0], language) if newest else {}


def ever_published(consultation, language: str) -> dict[str, Article]:
    """The articles of all published versions, by id, each as last worded."""
    found: dict[str, Article] = {}
    for version in _versions(consultation):
        for key, article in _of_version(version, language).items():
            found.setdefault(key, article)
    return found


def find(consultation, key: str, language: str) -> Article | None:
    """The article that people can read now under this id."""
    return published(consultation, language).get(key) if key else None


def label_of(consultation, key: str, language: str) -> str:
    """What an article is called; one that is gone by its last wording."""
    if not key:
        return ""
    article = find(consultation, key, language) or ever_published(
        consultation, language
    ).get(key)
    return article.label if article else _("An article that is gone")


def _of_version(version, language: str) -> dict[str, Article]:
    languages = sorted(version.content, key=lambda code: code != language)
    for code in languages:
        found = in_content(version.content[code], code)
        if found:
            return {article.key: article for article in found}
    return {}


def _versions(consultation, limit: int | None = None) -> list:
    """Published versions, the newest first; a page that has them asks for none."""
    if "request_versions" in getattr(consultation, "_prefetched_objects_cache", {}):
        known = consultation.request_versions.all()
        shown = [each for each in known if each.published_at is not None]
        return sorted(shown, key=lambda each: -each.number)[:limit]
    rows = consultation.request_versions.filter(published_at__isnull=False)
    return list(rows.order_by("-number")[:limit])
