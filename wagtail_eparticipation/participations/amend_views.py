"""The form in which the holder of a receipt changes the words of a participation."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import receipt_views, tokens, views
from wagtail_eparticipation.participations.amend_forms import amend_form, may_amend
from wagtail_eparticipation.participations.amending import amend
from wagtail_eparticipation.participations.typed import typed_in


@csrf_exempt
@require_http_methods(["GET", "POST"])
@receipt_views.in_language
def change(request, language, token):
    """Protected like withdrawing: the address itself shows that one has the receipt.

    It can be opened as long as a receipt's address; what was typed into it is taken
    as long as any form is.
    """
    sending = request.method == "POST"
    found = receipt_views.read(token, tokens.FORM_LIFETIME if sending else None)
    if found is None:
        return receipt_views.expired(language)
    participation, code, _kind = found
    receipt_url = receipt_views.receipt_address(code, language)
    if not may_amend(participation) and request.method == "GET":
        return redirect(receipt_url)
    status = 200
    form = amend_form(participation)
    if sending:
        typed = typed_in(request)
        if typed is None:
            page = participation.consultation.page_in(language)
            return views.too_big(request, page)
        form = amend_form(participation, typed)
        if form.is_valid() and _carry_out(participation, form):
            return redirect(receipt_url)
        status = 422
    return render(
        request,
        "wagtail_eparticipation/participations/amend.html",
        {
            **public_context(request),
            "form": form,
            "changing_fields": form.changing_fields(),
            "topic": pick(participation.consultation.titles, language),
            "receipt_url": receipt_url,
            "send_url": reverse("eparticipation:amend", args=[language, token]),
            "closes_at": participation.consultation.window.closes_at,
            "limit": get_setting("MAX_TEXT_LENGTH"),
        },
        status=status,
    )


def _carry_out(participation, form) -> bool:
    """Whether it was changed; if not, the form says why and keeps the words."""
    try:
        amend(participation, form.changes())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
