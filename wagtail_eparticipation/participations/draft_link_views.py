"""The link to what was saved: shown, and mailed to whom asks for it (AC-S3-F8)."""

import logging
from smtplib import SMTPException

from django import forms
from django.conf import settings
from django.core.mail import send_mail
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import abuse, drafts, screening
from wagtail_eparticipation.participations.draft_views import (
    context_of,
    draft_url,
    gone,
)
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.typed import typed_in

logger = logging.getLogger(__name__)

_TEMPLATES = "wagtail_eparticipation/participations"


class LinkForm(forms.Form):
    """Where the link is mailed to, and whether a reminder follows."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
        help_text=gettext_lazy(
            "It is used for this one message and not kept, unless you ask for a"
            " reminder."
        ),
    )
    remind = forms.BooleanField(
        label=gettext_lazy("Remind me 24 hours before the closing"),
        required=False,
        help_text=gettext_lazy(
            "Then the address is kept, encrypted, until you have sent or deleted what"
            " you saved."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)


@require_safe
@in_language
def saved(request, language, token):
    """The link, just after saving."""
    found = drafts.find(token)
    if found is None:
        return gone(request)
    return _saved_page(request, found, token, language, LinkForm())


def _saved_page(request, found, token, language, form, *, sent="", status=200):
    context = {
        **context_of(request, found, token, language, "draft_saved"),
        "form": form,
        "sent": sent,
        "reminded": found.key_id is not None,
        "link": request.build_absolute_uri(draft_url("draft", language, token)),
        "collecting": found.consultation.stage() == Stage.COLLECTING,
    }
    return render(request, f"{_TEMPLATES}/draft_saved.html", context, status=status)


@abuse.checks(abuse.WRITING_TO_ADDRESSES)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def mail(request, language, token):
    """Mail the link to an address; kept only if a reminder is asked for."""
    if request.method != "POST":
        return redirect(draft_url("draft_saved", language, token))
    found = drafts.find(token)
    if found is None:
        return gone(request)
    form = LinkForm(typed_in(request) or {})
    if not form.is_valid():
        return _saved_page(request, found, token, language, form, status=422)
    if wait := abuse.wait_seconds(request, abuse.WRITING_TO_ADDRESSES):
        limit, topic = abuse.WRITING_TO_ADDRESSES, found.consultation
        screening.too_many(request, form, limit, wait, topic)
        response = _saved_page(request, found, token, language, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    email, remind = form.cleaned_data["email"], form.cleaned_data["remind"]
    try:
        _send(request, found, token, language, email, remind)
    except (SMTPException, OSError) as error:
        logger.warning("The link was not sent: %s", type(error).__name__)
        form.add_error(
            None, _("The message could not be sent just now. Please try again later.")
        )
        return _saved_page(request, found, token, language, form, status=503)
    if remind:
        drafts.remember_address(found, email)
    return _saved_page(
        request, found, token, language, LinkForm(), sent="remind" if remind else "once"
    )


def _send(request, found, token: str, language: str, email: str, remind: bool) -> None:
    context = context_of(request, found, token, language, "draft")
    context["remind"] = remind
    context["link"] = request.build_absolute_uri(context["open_url"])
    body = render_to_string(f"{_TEMPLATES}/draft_mail.txt", context)
    subject = _("Link to your saved participation: %(topic)s") % {
        "topic": context["topic"]
    }
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [email])
