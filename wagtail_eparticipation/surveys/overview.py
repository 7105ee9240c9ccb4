"""All of a survey at once, with its conditions in words: for editors, never public."""

from typing import Any

from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import override

from wagtail_eparticipation.surveys.condition_words import ConditionsInWords
from wagtail_eparticipation.surveys.forms import names_of
from wagtail_eparticipation.surveys.questions import Question

_PAGE = "wagtail_eparticipation/surveys/all_questions.html"


def preview(request, survey):
    """The preview with all branches: every page and question, and when it is shown."""
    with override(survey.locale.language_code):
        context = {**survey.get_context(request), "parts": whole(survey)}
        return rendered(request, _PAGE, context)


def rendered(request, template: str, context: dict[str, Any], status: int = 200):
    """A page for editors, in the language that is active now and never kept."""
    response = TemplateResponse(request, template, context, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response.render()


def whole(survey, form=None) -> list[dict[str, Any]]:
    """Each part with its items, for the template.

    Parts have ``title``, ``condition`` and ``items``; items have ``condition`` and
    either ``text`` or ``question`` with its ``number`` and, of a ``form``, its
    ``fields``. A condition has a ``heading`` and ``rules``.
    """
    parts = survey.parts_list()
    words = ConditionsInWords(parts)

    def told(condition):
        return {"heading": words.heading(condition), "rules": words.rules(condition)}

    found, number = [], 0
    for part in parts:
        items: list[dict[str, Any]] = []
        for item in part.items:
            shown: dict[str, Any] = {"condition": told(item.show_if)}
            if isinstance(item, Question):
                number += 1
                names = names_of(item) if form is not None else []
                shown |= {
                    "question": item,
                    "number": number,
                    "fields": [form[name] for name in names if name in form.fields],
                }
            else:
                shown["text"] = item.text
            items.append(shown)
        found.append(
            {"title": part.title, "condition": told(part.show_if), "items": items}
        )
    return found
