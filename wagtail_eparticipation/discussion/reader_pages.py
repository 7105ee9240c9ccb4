"""What the forms at a published voice share: finding it, limits, and answers."""

from functools import wraps
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.showing import hidden_because
from wagtail_eparticipation.discussion.voices import item
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    abuse_log,
    screening,
    tokens,
)
from wagtail_eparticipation.participations.form_pages import kept_for_back
from wagtail_eparticipation.participations.sending_words import too_often

TEMPLATES = "wagtail_eparticipation/discussion"


def find_voice(request, language: str, key: UUID):
    """A shown voice and its live page; 404 for what this visitor may not see."""
    comment = get_object_or_404(
        PublishedComment.objects.select_related(
            "consultation__window",
            "consultation__policy_version",
            "consultation__department",
            "reply_to",
        ),
        public_id=key,
        removed_at=None,
        hidden=False,
    )
    page = comment.consultation.page_in(language)
    if page is None or not page.is_public:
        raise Http404
    if hidden_because(page.results_display, comment.consultation.stage()):
        raise Http404
    for restriction in page.get_view_restrictions():
        if not restriction.accept_request(request):
            raise Http404
    return page, comment


def addresses(name: str, *args) -> dict[str, str]:
    """One of our addresses in each language of the site."""
    return {
        code: reverse(f"eparticipation:{name}", args=[code, *args])
        for code, _name in content_languages()
    }


def voice_context(request, page, comment, name: str) -> dict:
    """The voice as it is shown, and the way back to it."""
    page_url = page.get_url(request)
    others = addresses(name, comment.public_id)
    languages = comment.consultation.pages.filter(live=True).values_list(
        "locale__language_code", flat=True
    )
    switch = {code: others[code] for code in languages if code in others}
    if request.method == "POST":
        # A link would lose what was typed.
        switch = None
    return {
        **public_context(request, switch),
        "page": page,
        "page_url": page_url,
        "voice": item(comment, page_url),
        "voice_url": f"{page_url}discussion/{comment.key}/#{comment.anchor}",
    }


def empty_form_kept(view):
    """Let the browser's Back show the empty form with its key: sent twice, it counts
    once. What was typed is kept by the browser alone."""

    @wraps(view)
    def kept(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method != "POST" and response.status_code == 200:
            kept_for_back(response)
        return response

    return kept


def new_token(consultation) -> str:
    """A token for a form that is handed out now."""
    return tokens.new_token().signed(consultation)


def refusal_of(request, form, token, limit: abuse.Limit, consultation) -> int:
    """Status of a form that cannot be taken in now, said in the form; 0 when it can."""
    if not form.is_valid():
        return 422
    if token.problem:
        screening.note_token(request, token, limit, consultation)
        form.add_error(None, _("This form is too old. Please send it once more."))
        return 422
    if wait := abuse.wait_seconds(request, limit, token.holder or token.nonce):
        abuse_log.note(request, "limited", limit.purpose, consultation)
        request.ep_retry_after = wait
        form.add_error(None, too_often(wait))
        return 429
    return 0
