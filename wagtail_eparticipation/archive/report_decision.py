"""A decision as blocks, for part 5 of the report and for the package."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from wagtail_eparticipation.analysis.models import Disposition
from wagtail_eparticipation.archive.report_blocks import (
    Block,
    facts,
    heading,
    isolate,
    table,
    text,
)
from wagtail_eparticipation.archive.request_blocks import plain
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.decisions.pages import DecisionPage


def decision_page(consultation, language: str) -> DecisionPage | None:
    """The public decision page in a language, else in another one."""
    pages = DecisionPage.objects.filter(
        consultation=consultation, live=True
    ).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages}
    return by_language.get(language) or next(iter(by_language.values()), None)


def decision_blocks(words: Mapping[str, Any], language: str) -> Iterable[Block]:
    """Record, question, introduction, decision and what happens next.

    ``words`` is what ``decisions.versions.words_of`` gives.
    """

    def day(name: str) -> str:
        value = words.get(name)
        return date_words(date.fromisoformat(value), language) if value else "–"

    yield facts(
        [
            (_("Decision number"), isolate(words["number"])),
            (_("Date of the decision"), day("decided_on")),
            (_("Decided by"), words["body"]),
            (_("In force from"), day("effective_on")),
            (_("Carried out by"), words["implementer"] or "–"),
            (_("Review"), day("review_on")),
        ]
    )
    for label, value in (
        (_("We asked"), words["asked"]),
        (_("You said"), plain(words["said"])),
        (_("The decision"), plain(words["decision"])),
        (_("What happens next"), plain(words["next_steps"])),
    ):
        if value:
            yield heading(label)
            yield text(value)


def answers_table(themes: Sequence[Mapping[str, Any]]) -> Block:
    """What was said to each theme and why, from ``decisions.versions.themes_of``."""
    return table(
        _("Answers by theme"),
        [
            _("Theme"),
            _("What people said"),
            _("Participations"),
            _("Disposition"),
            _("Reason"),
        ],
        [
            [
                theme["title"],
                theme["said"] or "–",
                theme["participations"],
                str(Disposition(theme["disposition"]).label)
                if theme["disposition"]
                else "–",
                theme["reason"] or "–",
            ]
            for theme in themes
        ],
        numeric=[2],
        empty=_("No themes were formed."),
    )
