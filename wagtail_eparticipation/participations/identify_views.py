"""Confirming an address before supporting or voting, where the topic asks for one.

Nothing is stored until then, and afterwards only the browser's own mark.
"""

import json
import logging
from smtplib import SMTPException
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.mail import send_mail
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    persons,
    screening,
    tokens,
)
from wagtail_eparticipation.participations.door import CONFIRM_WITHIN
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.typed import typed_in
from wagtail_eparticipation.participations.views import page_of

logger = logging.getLogger(__name__)

_PURPOSE = "identify"
_TEMPLATES = "wagtail_eparticipation/participations"


class AddressForm(forms.Form):
    """The address to which the link is sent, and where it leads back to."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy(
            "It is used for this one message and not kept. Afterwards this browser is"
            " known as yours in this topic."
        ),
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
    )
    back = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


def identify_url(page, request, back: str = "") -> str:
    """The page that asks for the address; ``back`` is a path of the topic."""
    return f"{page.get_url(request)}identify/?{urlencode({'back': back})}"


@page_route("identify")
def identify(request, page, *rest):
    """``<page>/identify/``: asks for an address, where the topic wants one."""
    consultation = page.consultation
    asked = persons.asks_for_address(consultation)
    if request.method not in ("GET", "HEAD") or any(rest) or not asked:
        raise Http404
    if consultation.stage() != Stage.COLLECTING:
        return redirect(page.get_url(request))
    back = request.GET.get("back", "")[:300]
    return _form_page(request, page, _form(initial={"back": back}))


def _form(*args, **kwargs) -> AddressForm:
    return AddressForm(*args, label_suffix="", use_required_attribute=False, **kwargs)


def _form_page(request, page, form, *, sent: bool = False, status: int = 200):
    language = (get_language() or "").split("-")[0]
    context = {
        **public_context(request),
        "page": page,
        "page_url": page.get_url(request),
        "form": form,
        "sent": sent,
        "send_url": reverse(
            "eparticipation:identify", args=[language, page.consultation.public_id]
        ),
    }
    template = f"{_TEMPLATES}/identify.html"
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


@abuse.checks(abuse.WRITING_TO_ADDRESSES)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def send_link(request, language, public_id):
    """Sends the message with the link; says the same whoever's address it is."""
    page = page_of(request, language, public_id)
    consultation = page.consultation
    if request.method != "POST" or not persons.asks_for_address(consultation):
        return redirect(page.get_url(request))
    form = _form(typed_in(request) or {})
    if not form.is_valid():
        return _form_page(request, page, form, status=422)
    if wait := abuse.wait_seconds(request, abuse.WRITING_TO_ADDRESSES):
        limit = abuse.WRITING_TO_ADDRESSES
        screening.too_many(request, form, limit, wait, consultation)
        response = _form_page(request, page, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    try:
        _mail(request, page, form.cleaned_data, language)
    except (SMTPException, OSError) as error:
        logger.warning("The link was not sent: %s", type(error).__name__)
        form.add_error(
            None, _("The message could not be sent just now. Please try again later.")
        )
        return _form_page(request, page, form, status=503)
    return _form_page(request, page, form, sent=True)


def _mail(request, page, data, language: str) -> None:
    content = json.dumps([page.consultation.pk, data["email"], data["back"]])
    token = tokens.hide_in_address(f"{_PURPOSE}:{content}")
    path = reverse("eparticipation:identified", args=[language, token])
    context = {"topic": page.title, "url": request.build_absolute_uri(path)}
    body = render_to_string(f"{_TEMPLATES}/identify_mail.txt", context)
    subject = _("Confirm your address: %(topic)s") % {"topic": page.title}
    send_mail(
        " ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [data["email"]]
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
@abuse.limited(abuse.PRESSING)
def identified(request, language, token):
    """The link in the message: one press of a button leaves the mark."""
    value = tokens.read_from_address(token, CONFIRM_WITHIN) or ""
    purpose, _colon, content = value.partition(":")
    consultation = None
    if purpose == _PURPOSE:
        key, email, back = json.loads(content)
        rows = Consultation.objects.select_related("window")
        consultation = rows.filter(pk=key).first()
    page = consultation and consultation.page_in(language)
    context = {
        **public_context(request),
        "found": page is not None,
        "error": "",
        "topic": page.title if page else "",
        "topic_url": page.get_url(request) if page else "",
    }
    if page is None or request.method != "POST":
        status = 200 if page else 410
        return render(request, f"{_TEMPLATES}/confirm.html", context, status=status)
    page_url = page.get_url(request)
    response = redirect(back if back.startswith(page_url) else page_url)
    standing = persons.Standing(persons.key_of_address(consultation, email))
    persons.remember(response, request, consultation, standing)
    return response
