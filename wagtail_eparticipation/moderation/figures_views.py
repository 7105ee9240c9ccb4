"""The public page on which decisions are counted by rule (R-7.0.2e)."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.moderation.figures import HEADINGS, by_rule, other_figures
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations.form_pages import addresses_of


@page_route("moderation")
def moderation(request, page, *rest):
    """How many contributions were not published as sent, and under which rule."""
    return _figures(request, page, rest)


@require_safe
def _figures(request, page, rest):
    if rest:
        raise Http404
    now = clock.now()
    consultation = page.consultation
    context = {
        **public_context(request, addresses_of(page, request, "moderation/")),
        "page": page,
        "page_url": page.get_url(request),
        "policy": policy_for(consultation, now),
        "headings": HEADINGS.values(),
        "figures": by_rule(consultation, now),
        **other_figures(consultation),
        "as_of": now,
    }
    template = "wagtail_eparticipation/moderation/figures.html"
    return limit_caching(render(request, template, context), [consultation])
