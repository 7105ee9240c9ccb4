"""The categories of a topic's suggestions, kept by id and worded by each language."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.addresses import other_languages


def _own(page) -> dict[str, str]:
    return {str(block.id): block.value for block in page.suggestion_categories}


def categories_on(page) -> dict[str, str]:
    """Labels by id as a public page offers them; empty where nobody is asked.

    Which there are is said by the page in which the topic was first written; what
    another language has not worded stays in the first one's words.
    """
    leader = min([page, *other_languages(page)], key=lambda each: each.pk)
    words = _own(page)
    return {key: words.get(key) or label for key, label in _own(leader).items()}


def categories_of(consultation, language: str | None = None) -> dict[str, str]:
    """Labels by id in a language, empty while the topic has no public page."""
    page = consultation.page_in(language)
    return categories_on(page) if page else {}


def lacking(page) -> Iterator[tuple[str, str]]:
    """What a translation still has to word."""
    original = page.original()
    if original is None or original.pk == page.pk:
        return
    if _own(page).keys() != _own(original).keys():
        yield (
            "suggestion_categories",
            _("The categories of suggestions are not those of the first language."),
        )
