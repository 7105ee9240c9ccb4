"""Earlier versions of an announced decision stay readable (AC-S5-D1)."""

from datetime import date

from django.http import Http404
from django.template.response import TemplateResponse

from wagtail_eparticipation.consultations.act_names import Part
from wagtail_eparticipation.consultations.withholding import notice
from wagtail_eparticipation.decisions.presentation import answer_sentence
from wagtail_eparticipation.decisions.versions import versions_of
from wagtail_eparticipation.pages_context import public_context

DATES = ("decided_on", "effective_on", "review_on")


def earlier_version(request, page, number: str):
    """One version as it was public, from what was kept, not from the page."""
    if not (number.isascii() and number.isdecimal()) or len(number) > 4:
        raise Http404
    version = versions_of(page).filter(number=int(number)).first()
    if version is None:
        raise Http404
    words = dict(version.content["words"])
    for name in DATES:
        words[name] = words[name] and date.fromisoformat(words[name])
    context = {
        **public_context(request),
        "page": page,
        "version": version,
        "words": words,
        "not_published": notice(page.consultation, Part.SAID),
        "answers": [
            {
                "title": theme["title"],
                "said": theme["said"],
                "decided": answer_sentence(theme["disposition"]),
                "why": theme["reason"],
            }
            for theme in version.content["themes"]
        ],
    }
    template = "wagtail_eparticipation/decisions/decision_version.html"
    return TemplateResponse(request, template, context)
