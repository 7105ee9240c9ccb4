"""Which form a saved draft belongs to, and how it is shown again.

Tools with a form of their own need nothing; a room whose tool has pages registers
both functions.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.utils.module_loading import import_string

from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.form_pages import form_page
from wagtail_eparticipation.participations.views import page_and_tool


@dataclass(frozen=True)
class Place:
    """``form(draft, language)`` gives the empty form, or ``None`` when it is gone.

    ``show(request, draft, language, form, addresses)`` gives the page with it, filled,
    and with this draft's own addresses by language; raises ``Http404`` when visitors
    may not see it.
    """

    form: Callable
    show: Callable


def _form_of_tool(draft, language: str):
    try:
        path = tools.get(draft.tool).form
    except tools.UnknownTool:
        return None
    return import_string(path)(consultation=draft.consultation) if path else None


def _show_tool(request, draft, language: str, form, addresses):
    public_id = draft.consultation.public_id
    _topic, page, tool = page_and_tool(request, language, public_id, draft.tool)
    if page.locale.language_code != language:
        raise Http404
    return form_page(request, page, tool, form, addresses=addresses)


_OF_TOOLS = Place(_form_of_tool, _show_tool)
_places: dict[str, Place] = {}


def register(tool: str, place: Place) -> None:
    """Say how drafts of a tool with pages of its own are shown."""
    _places[tool] = place


def place_of(draft) -> Place:
    """How a draft is shown."""
    return _places.get(draft.tool, _OF_TOOLS)
