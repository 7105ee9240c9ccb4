"""The form in which the holder of a receipt changes the words of a participation."""

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import receipt_views, views
from wagtail_eparticipation.participations.amend_forms import may_amend, words_form
from wagtail_eparticipation.participations.amending import amend


@csrf_exempt
@require_http_methods(["GET", "POST"])
@receipt_views.in_language
def change(request, language, token):
    """Protected like withdrawing: the address itself shows that one has the receipt."""
    found = receipt_views.read(token)
    if found is None:
        return redirect("eparticipation:look_up", language)
    participation, code, _new = found
    receipt_url = receipt_views.receipt_address(code, language)
    if not may_amend(participation) and request.method == "GET":
        return redirect(receipt_url)
    status = 200
    form = words_form(participation)
    if request.method == "POST":
        try:
            form = words_form(participation, request.POST)
        except SuspiciousOperation:
            page = participation.consultation.page_in(language)
            return views.too_big(request, page)
        if form.is_valid() and _carry_out(participation, form):
            return redirect(receipt_url)
        status = 422
    return render(
        request,
        "wagtail_eparticipation/participations/amend.html",
        {
            **public_context(request),
            "form": form,
            "main_fields": [form[name] for name in form.main_fields],
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
    data = {**participation.data, **form.data_of_tool()}
    for name in form.main_fields:
        if name in data and not form.cleaned_data.get(name):
            del data[name]
    try:
        amend(
            participation,
            text=form.cleaned_data["text"],
            title=form.cleaned_data.get("title", ""),
            data=data,
            language=form.cleaned_data["language"],
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
