"""The form in which the holder of a receipt changes the words of a participation."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    abuse_log,
    form_pages,
    hinting,
    receipt_views,
    receipts,
    screening,
    tokens,
)
from wagtail_eparticipation.participations.amend_forms import (
    CodeField,
    amend_form,
    may_amend,
)
from wagtail_eparticipation.participations.amending import amend
from wagtail_eparticipation.participations.attachment_form import (
    amend_tray,
    is_complete,
)
from wagtail_eparticipation.participations.sending_words import too_often
from wagtail_eparticipation.participations.uploads import receive
from wagtail_eparticipation.policy.views import policy_url


@abuse.checks(abuse.SENDING)
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
    if not sending:
        if not may_amend(participation):
            return redirect(receipt_url)
        form = amend_form(participation)
        form.tray = amend_tray(request, None, form, participation, proven=True)
        return _form_page(request, language, token, form, leave_url=receipt_url)
    leave_url = receipt_url
    if too_old:
        leave_url = reverse("eparticipation:look_up", args=[language])
    typed = receive(request)
    if typed is None:
        page = participation.consultation.page_in(language)
        return form_pages.too_big(request, page)
    form = amend_form(participation, typed)
    if form is None:
        return redirect(leave_url)
    proven = not too_old or receipts.hash_of(typed.get("code", "")) == (
        receipts.hash_of(code)
    )
    tray = amend_tray(request, typed, form, participation, proven=proven)

    def build():
        form = amend_form(participation, typed)
        form.tray = tray
        if too_old:
            form.fields["code"] = CodeField(code)
        return form

    form = build()
    status, wait = 422, _seconds_to_wait(request, form)
    if not wait:
        form = hinting.read(typed, build)
    if wait:
        status = 429
    elif form.hinting:
        is_complete(form)
        status = hinting.status_of(form)
    elif is_complete(form) and (kind := _carry_out(participation, form)):
        return redirect(receipt_views.receipt_address(code, language, kind=kind))
    response = _form_page(request, language, token, form, leave_url, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _form_page(request, language, token, form, leave_url, status=200):
    consultation = form.participation.consultation
    version = consultation.policy_version
    context = {
        **public_context(request),
        "form": form,
        "changing_fields": form.changing_fields(),
        "topic": pick(consultation.titles, language),
        "leave_url": leave_url,
        "send_url": reverse("eparticipation:amend", args=[language, token]),
        "closes_at": consultation.window.closes_at,
        "limit": get_setting("MAX_TEXT_LENGTH"),
        "policy_url": policy_url(version, language) if version else "",
        "opened_at": _opened_at(form),
    }
    template = "wagtail_eparticipation/participations/amend.html"
    return render(request, template, context, status=status)


def _opened_at(form) -> int:
    """The revision that was on the screen when somebody began to change it."""
    typed = form.data.get("opened_at", "")[:6] if form.is_bound else ""
    return int(typed) if typed.isdecimal() else form.participation.revision


def _seconds_to_wait(request, form) -> int:
    """0 when it may be judged, else how long from this network; the form says it.

    Each change is kept for good, so changing is limited as sending is.
    """
    tries_a_code = "code" in form.fields and form.data.get("code")
    if tries_a_code and (wait := abuse.wait_seconds(request, abuse.LOOKING_UP)):
        abuse_log.note(request, "limited", abuse.LOOKING_UP.purpose)
        form.add_error(None, too_often(wait))
        return wait
    holder = str(form.participation.public_id)
    if wait := abuse.wait_seconds(request, abuse.SENDING, holder):
        topic = form.participation.consultation
        screening.too_many(request, form, abuse.SENDING, wait, topic)
    return wait


def _carry_out(participation, form) -> str:
    """What the receipt is to tell; empty when the form says why it was refused."""
    before = participation.revision
    try:
        after = amend(participation, form.changes()).revision
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return ""
    if after != before:
        return "changed"
    # Sent once more, after the answer to the first was lost: it stands already.
    return "unchanged" if _opened_at(form) >= before else "saved"
