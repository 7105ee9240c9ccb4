"""Contact us: the form of an enquiry, and the page on which its sender follows it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.languages import content_languages, pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    proof,
    receipt_views,
    receipts,
    screening,
    tokens,
)
from wagtail_eparticipation.participations.form_pages import (
    addresses_of,
    kept_for_back,
    languages_of_form,
    too_big,
)
from wagtail_eparticipation.participations.forms import carry_over
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.typed import typed_in
from wagtail_eparticipation.participations.views import page_of
from wagtail_eparticipation.replies import converting, enquiries, public_answers
from wagtail_eparticipation.replies.answering import NotPossible
from wagtail_eparticipation.replies.enquiry_words import sent_before, token_problem
from wagtail_eparticipation.replies.forms import AgreementForm, EnquiryForm
from wagtail_eparticipation.replies.receipts import deferral_words

_TEMPLATES = "wagtail_eparticipation/replies"


@page_route("contact")
def contact(request, page, *rest):
    """``<topic>/contact/``: an enquiry about a topic, whatever its stage."""
    if rest or request.method not in ("GET", "HEAD"):
        raise Http404
    return kept_for_back(_form_page(request, page, _empty(page.consultation)))


@abuse.checks(abuse.SENDING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def contact_send(request, language, public_id):
    """Take an enquiry about a topic in; opened, it leads to the form."""
    page = page_of(request, language, public_id)
    if request.method != "POST":
        return redirect(f"{page.get_url(request)}contact/")
    return _take(request, page)


@abuse.checks(abuse.SENDING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def contact_desk(request, language):
    """An enquiry that concerns no topic: the form, and where it is sent to."""
    if request.method != "POST":
        return _form_page(request, None, _empty(None))
    return _take(request, None)


def _empty(consultation) -> EnquiryForm:
    token = tokens.new_token().signed(consultation)
    return EnquiryForm(initial={"token": token})


def _form_page(request, page, form, *, status: int = 200):
    codes = [code for code, _name in content_languages()]
    if page is None:
        addresses = {
            code: reverse("eparticipation:contact", args=[code]) for code in codes
        }
        sending = addresses
    else:
        addresses = addresses_of(page, request, "contact/")
        topic = page.consultation.public_id
        sending = {
            code: reverse("eparticipation:contact_send", args=[code, topic])
            for code in addresses
        }
    language = (get_language() or "").split("-")[0]
    if not getattr(form, "proof", ""):
        form.proof = proof.offered_always(page.consultation if page else None)
    context = {
        **languages_of_form(request, addresses, sending),
        "page": page,
        "page_url": page.get_url(request) if page else "",
        "form": form,
        "send_url": sending[language],
        "limit": get_setting("MAX_TEXT_LENGTH"),
    }
    response = render(request, f"{_TEMPLATES}/contact.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _take(request, page):
    """Whatever stands in the way, the form comes back with everything in it."""
    typed = typed_in(request)
    if typed is None:
        return too_big(request, page)
    consultation = page.consultation if page else None
    token = tokens.read_token(typed.get("token", ""), consultation)
    typed["token"] = token.signed(consultation)
    if "other_language" in typed:
        form = screening.keep_asking(EnquiryForm(), token, consultation)
        return _form_page(request, page, carry_over(form, typed))
    form = screening.keep_asking(EnquiryForm(typed), token, consultation)
    if not form.is_valid():
        return _form_page(request, page, form, status=422)
    if token.problem:
        screening.note_token(request, token, abuse.SENDING, consultation)
        form.add_error(None, token_problem(token.problem))
        return _form_page(request, page, form, status=422)
    screened = screening.screen(request, form, token, typed, consultation)
    if screened.status:
        response = _form_page(request, page, form, status=screened.status)
        return screened.finish(response)
    data = form.cleaned_data
    receipt = enquiries.receive(
        consultation,
        enquiries.Enquiry(
            subject=data["subject"],
            text=data["text"],
            language=data["language"],
            person=form.person(),
            suspicious=screened.suspicious,
            key=token.nonce,
        ),
    )
    if receipt.differs:
        typed["token"] = tokens.new_token(filled=True).signed(consultation)
        form = EnquiryForm(typed)
        form.add_error(None, sent_before(receipt.code))
        return _form_page(request, page, form, status=409)
    screened.note_apart(request, consultation)
    language = (get_language() or "").split("-")[0]
    return redirect(case_address(receipt.code, language, kind="new"))


def case_address(code: str, language: str, *, kind: str = "seen") -> str:
    """Address of a case's page for the next hour; the code is encrypted in it."""
    token = tokens.hide_in_address(f"case:{kind}:{code}")
    return reverse("eparticipation:case", args=[language, token])


def look_up(code: str, language: str) -> str:
    """Where a receipt code leads that belongs to an enquiry; empty for others."""
    found = enquiries.find(code)
    return case_address(receipts.as_printed(code), language) if found else ""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
@abuse.limited(abuse.PRESSING)
def case(request, language, token):
    """An enquiry as its sender sees it; a POST agrees that it becomes a participation.

    Who holds the code may: the address is made from it, so no other site can know it.
    """
    value = tokens.read_from_address(token) or ""
    mark, _colon, rest = value.partition(":")
    kind, _colon, code = rest.partition(":")
    found = enquiries.find(code) if mark == "case" else None
    if found is None:
        return receipt_views.expired(language)
    if request.method == "POST":
        return _agree(request, language, found, code)
    return _case_page(request, language, found, code, kind)


def _agree(request, language, found, code: str):
    typed = typed_in(request) or {}
    if not converting.may_agree(found) and found.participation_id is None:
        return redirect(case_address(code, language))
    form = AgreementForm(typed, consultation=found.consultation)
    if not form.is_valid():
        return _case_page(request, language, found, code, "seen", form, status=422)
    data = form.cleaned_data
    agreement = converting.Agreement(data["publication"], language, data["name"])
    try:
        new_code = converting.agree(found, agreement)
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refusal:
        form.add_error(None, refusal)
    else:
        return redirect(receipt_views.receipt_address(new_code, language, new=True))
    return _case_page(request, language, found, code, "seen", form, status=422)


def _case_page(request, language, found, code, kind, form=None, *, status=200):
    if form is None and converting.may_agree(found):
        form = AgreementForm(consultation=found.consultation)
    consultation = found.consultation
    addresses = {
        each: case_address(code, each, kind=kind) for each, _name in content_languages()
    }
    context = {
        **public_context(request, addresses),
        "case": found,
        "code": code,
        "new": kind == "new",
        "topic": pick(consultation.titles, language) if consultation else "",
        "topic_url": consultation.get_absolute_url() if consultation else "",
        "resumes": instant_words(found.resumes_at, language),
        "due": instant_words(found.next_due, language),
        "deferral": deferral_words(found, language),
        "answers": public_answers.with_public_places(
            found.answers.order_by("id"), language
        ),
        "clarification_url": public_answers.clarification_of(found, language),
        "form": form,
        "agree_url": case_address(code, language),
        "look_up_url": reverse("eparticipation:look_up", args=[language]),
    }
    return render(request, f"{_TEMPLATES}/case.html", context, status=status)
