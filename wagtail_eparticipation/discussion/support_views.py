"""The form with which somebody supports a suggestion, or takes the support back.

On its own address and never kept: the public list knows nothing of who reads it.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.consultations.addresses import addresses_of, other_languages
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.discussion import suggestion_listing as listing
from wagtail_eparticipation.discussion import supports
from wagtail_eparticipation.discussion.showing import hidden_because
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    persons,
    screening,
    tokens,
)
from wagtail_eparticipation.participations.form_pages import too_big
from wagtail_eparticipation.participations.forms import WordsField
from wagtail_eparticipation.participations.identify_views import identify_url
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.refusals import ConfirmFirst, SignInFirst
from wagtail_eparticipation.participations.sending_words import token_refusal
from wagtail_eparticipation.participations.typed import typed_in
from wagtail_eparticipation.participations.views import page_of

_TEMPLATE = "wagtail_eparticipation/discussion/support.html"

#: See ``participations.limits``.
SUPPORTING = abuse.SUPPORTING


class SupportForm(forms.Form):
    """The invitation code where the topic asks for one, the token, and the trap."""

    invitation = WordsField(
        label=gettext_lazy("Code of your invitation"),
        limit=100,
        widget=forms.TextInput({"autocomplete": "off", "dir": "ltr"}),
        error_messages={"required": gettext_lazy("Write the code of your invitation.")},
    )
    website = forms.CharField(required=False, label=gettext_lazy("Leave this empty"))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, consultation, **kwargs):
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)
        if not persons.asks_for_code(consultation):
            del self.fields["invitation"]


def ask(request, page, key: str):
    """``…/suggestions/<key>/support/``: the empty form; while closed, the list."""
    suggestion = listing.find(page.consultation, key)
    consultation = page.consultation
    if consultation.stage() != Stage.COLLECTING:
        response = redirect(_address(page, request, suggestion))
        add_never_cache_headers(response)
        return response
    holder = persons.holder(request, consultation)
    token = tokens.new_token(holder).signed(consultation)
    form = SupportForm(consultation=consultation, initial={"token": token})
    done = "taken_back" if "taken_back" in request.GET else ""
    return _form_page(request, page, suggestion, form, done=done)


def _address(page, request, suggestion) -> str:
    return f"{page.get_url(request)}suggestions/{suggestion.comment.key}/"


def _form_page(request, page, suggestion, form, *, done: str = "", status: int = 200):
    consultation = page.consultation
    suggestion.consultation = consultation
    tail = f"suggestions/{suggestion.comment.key}/support/"
    language = (get_language() or "").split("-")[0]
    pages = [page, *other_languages(page)]
    given, sign_in_url, confirm_url = None, "", ""
    page_url = page.get_url(request)
    try:
        standing = persons.supporter(request, consultation)
        given = supports.supports(suggestion, standing)
    except SignInFirst:
        sign_in_url = persons.sign_in_url(request, consultation, f"{page_url}{tail}")
    except ConfirmFirst:
        confirm_url = identify_url(page, request, f"{page_url}{tail}")
    except ValidationError:
        # No valid code is known yet: both buttons are offered.
        pass
    context = {
        **public_context(request, addresses_of(pages, request, tail)),
        "page": page,
        "page_url": page_url,
        "suggestion": suggestion,
        "suggestion_url": _address(page, request, suggestion),
        "form": form,
        "given": given,
        "done": done,
        "sign_in_url": sign_in_url,
        "confirm_url": confirm_url,
        "send_url": reverse(
            "eparticipation:support",
            args=[language, consultation.public_id, suggestion.comment.public_id],
        ),
    }
    response = render(request, _TEMPLATE, context, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


@abuse.checks(SUPPORTING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def send(request, language, public_id, key):
    """Take a support in, or back. Protected by the form's own token."""
    page = page_of(request, language, public_id)
    if hidden_because(page.results_display, page.consultation.stage()):
        raise Http404
    try:
        suggestion = listing.find(page.consultation, key.hex)
    except PublicSuggestion.DoesNotExist:
        raise Http404 from None
    if request.method != "POST":
        return redirect(f"{_address(page, request, suggestion)}support/")
    typed = typed_in(request)
    if typed is None:
        return too_big(request, page)
    return _take(request, page, suggestion, typed)


def _take(request, page, suggestion, typed):
    consultation = suggestion.consultation = page.consultation
    holder = persons.holder(request, consultation)
    token = tokens.read_token(typed.get("token", ""), consultation, holder)
    typed["token"] = token.signed(consultation)
    form = SupportForm(typed, consultation=consultation)
    if not form.is_valid():
        return _form_page(request, page, suggestion, form, status=422)
    if token.problem:
        form.add_error(None, token_refusal(consultation, token.problem))
        return _form_page(request, page, suggestion, form, status=422)
    if form.cleaned_data["website"]:
        # Only programs fill it; a support holds no words that could be lost.
        form.add_error(None, _("Leave the hidden field empty and send this again."))
        return _form_page(request, page, suggestion, form, status=422)
    if wait := abuse.wait_seconds(request, SUPPORTING, token.holder or token.nonce):
        screening.too_many(request, form, SUPPORTING, wait, consultation)
        response = _form_page(request, page, suggestion, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    code = form.cleaned_data.get("invitation", "")
    work = supports.take_back if "take_back" in typed else supports.support
    try:
        standing = persons.supporter(
            request, consultation, code=code, nonce=token.nonce
        )
        work(suggestion, standing)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _form_page(request, page, suggestion, form, status=422)
    address = _address(page, request, suggestion)
    done = "taken_back" if "take_back" in typed else "given"
    response = redirect(f"{address}support/?{done}")
    persons.remember(response, request, consultation, standing)
    return response
