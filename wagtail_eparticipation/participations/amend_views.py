"""The form in which the holder of a receipt changes the words of a participation."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import abuse, receipt_views, tokens, views
from wagtail_eparticipation.participations.amend_forms import (
    CodeField,
    amend_form,
    may_amend,
)
from wagtail_eparticipation.participations.amending import amend
from wagtail_eparticipation.participations.typed import typed_in


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@receipt_views.in_language
def change(request, language, token):
    """Protected like withdrawing: the address itself shows that one has the receipt.

    It can be opened as long as a receipt's address. What was typed into it is kept as
    long as any form is, but after that hour the code is asked for again: an address
    in the history of a shared computer opens no receipt.
    """
    sending = request.method == "POST"
    found = receipt_views.read(token)
    too_old = sending and found is None
    if too_old:
        found = receipt_views.read(token, tokens.FORM_LIFETIME)
    if found is None:
        return receipt_views.expired(language)
    participation, code, _kind = found
    receipt_url = receipt_views.receipt_address(code, language)
    leave_url = receipt_url
    if too_old:
        leave_url = reverse("eparticipation:look_up", args=[language])
    if not sending and not may_amend(participation):
        return redirect(receipt_url)
    status = 200
    form = amend_form(participation)
    if form is None:
        return redirect(leave_url)
    if sending:
        typed = typed_in(request)
        if typed is None:
            page = participation.consultation.page_in(language)
            return views.too_big(request, page)
        form = amend_form(participation, typed)
        if too_old:
            form.fields["code"] = CodeField(code)
        status = _carry_out(request, participation, form)
        if status == 200:
            return redirect(receipt_url)
    return render(
        request,
        "wagtail_eparticipation/participations/amend.html",
        {
            **public_context(request),
            "form": form,
            "changing_fields": form.changing_fields(),
            "topic": pick(participation.consultation.titles, language),
            "leave_url": leave_url,
            "send_url": reverse("eparticipation:amend", args=[language, token]),
            "closes_at": participation.consultation.window.closes_at,
            "limit": get_setting("MAX_TEXT_LENGTH"),
        },
        status=status,
    )


def _carry_out(request, participation, form) -> int:
    """200 when it was changed; if not, the form says why and keeps the words."""
    tries_a_code = "code" in form.fields and form.data.get("code")
    if tries_a_code and (wait := abuse.wait_seconds(request, abuse.LOOKING_UP)):
        form.add_error(None, receipt_views.too_often(wait))
        return 429
    if not form.is_valid():
        return 422
    try:
        amend(participation, form.changes())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return 422
    return 200
