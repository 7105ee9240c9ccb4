"""The page on which the holder of a receipt objects to a decision (R-7.0.2d)."""

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.moderation import objecting
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    abuse_log,
    receipt_views,
    tokens,
)
from wagtail_eparticipation.participations.amend_forms import CodeField
from wagtail_eparticipation.participations.form_pages import too_big
from wagtail_eparticipation.participations.forms import WordsField
from wagtail_eparticipation.participations.sending_words import too_often, wait_message
from wagtail_eparticipation.participations.typed import typed_in
from wagtail_eparticipation.policy.reading import NotInPolicy

#: Characters of an objection; a whole page and a half.
LIMIT = 4000

_TEMPLATE = "wagtail_eparticipation/moderation/object.html"


class ObjectionForm(forms.Form):
    """Why the decision was wrong, in the author's words and language."""

    text = WordsField(
        label=_("Why do you object?"),
        limit=LIMIT,
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
        help_text=_(
            "You can object once. Somebody else than the person who decided reads it;"
            " you are told the outcome on your receipt, and by e-mail if you left an"
            " address."
        ),
        error_messages={"required": _("Write why you object.")},
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)


@abuse.checks(abuse.OBJECTING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@receipt_views.in_language
def object_to(request, language, token):
    """Protected like changing: the address itself shows that one has the receipt."""
    sending = request.method == "POST"
    found = receipt_views.read(token)
    too_old = sending and found is None
    if too_old:
        found = receipt_views.read(token, tokens.FORM_LIFETIME)
    if found is None:
        return receipt_views.expired(language)
    participation, code, _kind = found
    receipt_url = receipt_views.receipt_address(code, language)
    decision = objecting.decision_to_object(participation)
    if not sending:
        if decision is None:
            return redirect(receipt_url)
        return _page(request, participation, decision, ObjectionForm(), token)
    typed = typed_in(request)
    if typed is None:
        return too_big(request, participation.consultation.page_in(language))
    form = ObjectionForm(typed)
    if too_old:
        form.fields["code"] = CodeField(code)
    status, wait = 422, _seconds_to_wait(request, form)
    if wait:
        status = 429
    elif form.is_valid() and _take_in(participation, form, language):
        return redirect(receipt_url)
    response = _page(request, participation, decision, form, token, status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _take_in(participation, form, language: str) -> bool:
    """Whether the objection stands now; else the form says why it cannot."""
    text = form.cleaned_data["text"]
    try:
        objecting.make(participation, text, language)
    except objecting.NothingToObject:
        # Pressed twice is once.
        if participation.objections.filter(text=text).exists():
            return True
        form.add_error(
            None,
            _(
                "You cannot object any more: it was decided anew or changed meanwhile,"
                " or the topic was closed. Copy your text if you want to keep it."
            ),
        )
        return False
    return True


def _seconds_to_wait(request, form) -> int:
    tries_a_code = "code" in form.fields and form.data.get("code")
    if tries_a_code and (wait := abuse.wait_seconds(request, abuse.LOOKING_UP)):
        abuse_log.note(request, "limited", abuse.LOOKING_UP.purpose)
        form.add_error(None, too_often(wait))
        return wait
    if wait := abuse.wait_seconds(request, abuse.OBJECTING):
        abuse_log.note(request, "limited", abuse.OBJECTING.purpose)
        form.add_error(None, wait_message(wait))
    return wait


def _page(request, participation, decision, form, token, status=200):
    language = get_language().split("-")[0]
    context = {
        **public_context(request),
        "form": form,
        "topic": pick(participation.consultation.titles, language),
        "reason": _reason(participation, decision, language),
        "clause": decision.clause if decision else "",
        "send_url": reverse("eparticipation:object", args=[language, token]),
        "leave_url": reverse("eparticipation:receipt", args=[language, token]),
        "limit": LIMIT,
    }
    return render(request, _TEMPLATE, context, status=status)


def _reason(participation, decision, language: str) -> str:
    if decision is None:
        return ""
    policy = policy_for(participation.consultation, decision.decided_at)
    try:
        return policy.reason(decision.full_code).label.in_language(language)
    except NotInPolicy:
        return ""
