"""The link in a message that shows an address to be somebody's own.

Opening it changes nothing, for programs open links in messages too; the page has one
button.
"""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation import clock
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import abuse, persons, receipts, tokens
from wagtail_eparticipation.participations.confirming import (
    confirm,
    is_too_late,
    too_late_words,
)
from wagtail_eparticipation.participations.door import CONFIRM_WITHIN
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.receipt_views import (
    in_language,
    receipt_address,
)

_PURPOSE = "confirm"


def confirm_path(participation, language: str) -> str:
    """Path of the page that confirms a participation."""
    token = tokens.hide_in_address(f"{_PURPOSE}:{participation.public_id.hex}")
    return reverse("eparticipation:confirm", args=[language, token])


def _find(token: str) -> Participation | None:
    value = tokens.read_from_address(token, CONFIRM_WITHIN * 2) or ""
    purpose, _colon, key = value.partition(":")
    if purpose != _PURPOSE:
        return None
    rows = Participation.objects.select_related("consultation__window")
    return rows.filter(public_id=key).first()


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
@abuse.limited(abuse.PRESSING)
def confirm_page(request, language, token):
    """Asks for one press of a button, then leads to the receipt."""
    participation = _find(token)
    error = ""
    if participation is not None and participation.state == State.WITHDRAWN:
        return redirect(_receipt_of(participation, language))
    if participation is not None and request.method == "POST":
        try:
            participation = confirm(participation)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
        else:
            return _confirmed(request, language, participation)
    if participation is not None and participation.state != State.UNCONFIRMED:
        return redirect(_receipt_of(participation, language))
    if participation is not None and is_too_late(participation, clock.now()):
        error = too_late_words()
    consultation = participation and participation.consultation
    context = {
        **public_context(request),
        "found": participation is not None,
        "error": error,
        "topic": pick(consultation.titles, language) if consultation else "",
        "topic_url": consultation.get_absolute_url() if consultation else "",
    }
    status = 200 if participation is not None and not error else 410
    template = "wagtail_eparticipation/participations/confirm.html"
    return render(request, template, context, status=status)


def _confirmed(request, language, participation):
    response = redirect(_receipt_of(participation, language))
    standing = persons.Standing(participation.person_key)
    persons.remember(response, request, participation.consultation, standing)
    return response


def _receipt_of(participation, language: str) -> str:
    code = receipts.code_matching(
        participation.idempotency_key, participation.receipt_hash
    )
    return receipt_address(code, language, kind="confirmed")
