"""Hints while somebody is typing, for the page's script (AC-S3-E1).

Nothing of the text is kept: not in the database, not in a log, not in a cache.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from wagtail_eparticipation.participations import abuse, hinting, persons, tokens
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.typed import typed_in
from wagtail_eparticipation.participations.views import page_and_tool
from wagtail_eparticipation.policy.views import policy_url


@abuse.checks(abuse.HINTING)
@csrf_exempt
@sensitive_post_parameters()
@require_POST
@in_language
def look(request, language, public_id, tool):
    """The hints about a text as a piece of the page; empty when there are none.

    Protected by the form's own token, as sending is. An answer without content says
    that nothing can be said now: the script then shows nothing, and the hints come
    when the form is sent.
    """
    consultation, _page, found = page_and_tool(request, language, public_id, tool)
    typed = typed_in(request)
    if typed is None:
        return HttpResponse(status=413)
    holder = persons.holder(request, consultation)
    if tokens.read_token(typed.get("token", ""), consultation, holder).problem:
        return HttpResponse(status=403)
    if wait := abuse.wait_seconds(request, abuse.HINTING):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    form = import_string(found.form)(typed, consultation=consultation)
    version = consultation.policy_version
    context = {
        "hinting": hinting.live(form, typed.get("hinted", "")),
        "form": form,
        "policy_url": policy_url(version, language) if version else "",
    }
    template = "wagtail_eparticipation/participations/hints_live.html"
    return render(request, template, context)
