"""A poll's form on its own address, and taking the vote in (R-4.1c).

The topic's page shows the polls with a link to here: that page is kept by caches and
can hold no form of its own, and a choice in an address would end up in logs.
"""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.consultations.presentation import TopicView
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import (
    abuse,
    door,
    persons,
    screening,
    tokens,
)
from wagtail_eparticipation.participations.form_pages import (
    addresses_of,
    kept_for_back,
    languages_of_form,
    too_big,
    who_context,
)
from wagtail_eparticipation.participations.forms import carry_over
from wagtail_eparticipation.participations.identify_views import identify_url
from wagtail_eparticipation.participations.models import Consent
from wagtail_eparticipation.participations.receipt_views import (
    in_language,
    receipt_address,
)
from wagtail_eparticipation.participations.sending_words import (
    sent_before_message,
    token_refusal,
)
from wagtail_eparticipation.participations.typed import typed_in
from wagtail_eparticipation.participations.views import (
    page_of,
    request_version_in_force,
)
from wagtail_eparticipation.policy.reading import policy_of
from wagtail_eparticipation.policy.views import policy_url
from wagtail_eparticipation.surveys import polls
from wagtail_eparticipation.surveys.poll_forms import form_class_of
from wagtail_eparticipation.surveys.polls import TOOL
from wagtail_eparticipation.surveys.voting import vote

_FORM = "wagtail_eparticipation/surveys/poll_form.html"


@page_route("poll")
def ask(request, page, *rest):
    """``<page>/poll/<id>/``: the empty form; while closed, the topic's page."""
    rest = [part for part in rest if part]
    poll = polls.find(page, rest[0]) if len(rest) == 1 else None
    if poll is None or request.method not in ("GET", "HEAD"):
        raise Http404
    consultation = page.consultation
    if consultation.stage() != Stage.COLLECTING:
        response = redirect(f"{page.get_url(request)}#ep-polls")
        add_never_cache_headers(response)
        return response
    if _must_confirm(request, consultation):
        return redirect(identify_url(page, request, request.path))
    holder = persons.holder(request, consultation)
    token = tokens.new_token(holder).signed(consultation)
    form = form_class_of(poll)(consultation=consultation, initial={"token": token})
    return kept_for_back(form_page(request, page, poll, form))


def _must_confirm(request, consultation) -> bool:
    if not persons.asks_for_address(consultation):
        return False
    known = persons.read_mark(request, consultation)
    return known is None or not known.key


def form_page(request, page, poll, form, *, status: int = 200):
    """The page with the form, filled with whatever was chosen."""
    consultation = page.consultation
    addresses = addresses_of(page, request, f"poll/{poll.id}/")
    place = (consultation.public_id, poll.id)
    sending = {
        code: reverse("eparticipation:vote", args=[code, *place]) for code in addresses
    }
    version = consultation.policy_version
    language = (get_language() or "").split("-")[0]
    page_url = page.get_url(request)
    context = {
        **languages_of_form(request, addresses, sending),
        **who_context(request, page),
        "page": page,
        "page_url": page_url,
        "poll": poll,
        "form": form,
        "influence": TopicView(request, page).influence(),
        "send_url": reverse("eparticipation:vote", args=[language, *place]),
        "confirm_url": identify_url(page, request, f"{page_url}poll/{poll.id}/")
        if _must_confirm(request, consultation)
        else "",
        "closes_at": consultation.window.closes_at,
        "policy": policy_of(version) if version else None,
        "policy_url": policy_url(version, language) if version else "",
    }
    response = render(request, _FORM, context, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


@abuse.checks(abuse.SENDING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def send(request, language, public_id, poll_id):
    """Take a vote in. Protected by the form's own token, as every tool's form."""
    page = page_of(request, language, public_id)
    poll = polls.find(page, str(poll_id))
    if poll is None:
        raise Http404
    if request.method != "POST":
        return redirect(f"{page.get_url(request)}poll/{poll.id}/")
    typed = typed_in(request)
    if typed is None:
        return too_big(request, page)
    return _take(request, page, poll, typed)


def _take(request, page, poll, typed):
    consultation = page.consultation
    holder = persons.holder(request, consultation)
    token = tokens.read_token(typed.get("token", ""), consultation, holder)
    typed["token"] = token.signed(consultation)
    form_class = form_class_of(poll)
    if "other_language" in typed:
        form = carry_over(form_class(consultation=consultation), typed)
        screening.keep_asking(form, token, consultation)
        return form_page(request, page, poll, form)
    form = form_class(typed, consultation=consultation)
    screening.keep_asking(form, token, consultation)
    if not form.is_valid():
        return form_page(request, page, poll, form, status=422)
    if token.problem:
        screening.note_token(request, token, abuse.SENDING, consultation)
        form.add_error(None, token_refusal(consultation, token.problem))
        return form_page(request, page, poll, form, status=422)
    screened = screening.screen(request, form, token, typed, consultation)
    if screened.status:
        response = form_page(request, page, poll, form, status=screened.status)
        return screened.finish(response)
    try:
        standing = form.standing(request, token.nonce)
        submission = _submission(form, token, standing, screened)
        outcome = vote(page, poll, submission, form.answers())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return form_page(request, page, poll, form, status=422)
    if outcome.is_stale:
        again = tokens.new_token(holder, filled=True)
        typed["token"] = again.signed(consultation)
        form = form_class(typed, consultation=consultation)
        form.add_error(None, sent_before_message(outcome))
        return form_page(request, page, poll, form, status=409)
    screened.note(request, outcome)
    language = (get_language() or "").split("-")[0]
    response = redirect(receipt_address(outcome.receipt_code, language, new=True))
    persons.remember(response, request, consultation, standing)
    return response


def _submission(form, token, standing, screened) -> door.Submission:
    consultation = form.consultation
    version = consultation.policy_version
    language = (get_language() or "").split("-")[0]
    return door.Submission(
        tool=TOOL,
        language=language,
        capacity=form.cleaned_data["capacity"],
        person=form.person(),
        consent=Consent.EXPLICIT,
        consent_version=f"{version.pack}/{version.version}" if version else "",
        consent_language=language,
        idempotency_key=token.nonce,
        issued_at=token.issued_at,
        request_version=request_version_in_force(consultation),
        standing=standing,
        suspicious=screened.suspicious,
    )
