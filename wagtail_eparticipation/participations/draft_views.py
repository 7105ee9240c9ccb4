"""Saving a form, its link, and going on with it (R-5.3.1b, AC-S3-F8).

Neither account nor cookie: who holds the link, holds the draft.
"""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import closing_words, date_words
from wagtail_eparticipation.consultations.channel_table import portal_takes
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import content_languages, pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    abuse_log,
    drafts,
    form_pages,
    persons,
    tokens,
    views,
)
from wagtail_eparticipation.participations.attachment_form import (
    open_tray,
    show_held,
)
from wagtail_eparticipation.participations.draft_places import place_of
from wagtail_eparticipation.participations.forms import carry_over
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.sending_words import (
    token_refusal,
    wait_message,
)
from wagtail_eparticipation.participations.uploads import receive

_TEMPLATES = "wagtail_eparticipation/participations"


def draft_url(name: str, language: str, token: str) -> str:
    """Path of one of a draft's pages."""
    return reverse(f"eparticipation:{name}", args=[language, token])


@abuse.checks(abuse.SAVING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def save(request, language, public_id, tool):
    """Keep the form of a tool as it is; nothing in it is judged."""
    consultation, page, found = views.page_and_tool(request, language, public_id, tool)
    if request.method != "POST":
        return redirect(f"{page.get_url(request)}participate/{tool}/")
    typed = receive(request)
    if typed is None:
        return form_pages.too_big(request, page)
    form = import_string(found.form)(consultation=consultation)
    holder = persons.holder(request, consultation)
    token = tokens.read_token(typed.get("token", ""), consultation, holder)
    form.tray = open_tray(request, typed, form, consultation, token)

    def show(form, status):
        return form_pages.form_page(request, page, found, form, status=status)

    if form.tray is not None and form.tray.problems:
        typed["token"] = token.signed(consultation)
        carry_over(form, typed).not_saved = " ".join(form.tray.problems)
        return show(form, 422)
    return keep(request, consultation, typed, form, show, tool=tool)


def keep(request, consultation, typed, form, show, *, tool: str, place: str = ""):
    """Save what was typed and lead to its link; else show it, with what is wrong.

    ``form`` is an empty form, ``show(form, status)`` the page with it.
    """
    language = request.resolver_match.kwargs["language"]
    holder = persons.holder(request, consultation)
    token = tokens.read_token(typed.get("token", ""), consultation, holder)
    typed["token"] = token.signed(consultation)
    problem, status, wait = None, 422, 0
    if token.problem == "forged":
        problem = token_refusal(consultation, token.problem)
    elif wait := abuse.wait_seconds(request, abuse.SAVING, token.holder or token.nonce):
        abuse_log.note(request, "limited", abuse.SAVING.purpose, consultation)
        problem, status = wait_message(wait), 429
    else:
        try:
            saved = drafts.save(
                consultation,
                typed,
                tool=tool,
                place=place,
                language=language,
                issued_at=token.issued_at,
                token=typed.get("draft", ""),
            )
        except ValidationError as refusal:
            problem = " ".join(refusal.messages)
        else:
            return redirect(draft_url("draft_saved", language, saved))
    filled = carry_over(form, typed)
    filled.not_saved = problem
    response = show(filled, status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _addresses(name: str, token: str) -> dict[str, str]:
    return {code: draft_url(name, code, token) for code, _own in content_languages()}


def gone(request):
    """The page of a link that opens nothing: sent, deleted, expired or incomplete."""
    context = public_context(request)
    return render(request, f"{_TEMPLATES}/draft_gone.html", context, status=410)


@require_safe
@in_language
def draft(request, language, token):
    """The form as it was left; once the topic is closed, its words to be copied."""
    found = drafts.find(token)
    if found is None:
        return gone(request)
    form = _filled(request, found, token, language)
    stage = found.consultation.stage()
    if form is not None and portal_takes(found.consultation, stage):
        try:
            return place_of(found).show(
                request, found, language, form, _addresses("draft", token)
            )
        except Http404:
            # The page is not there just now: the words are.
            pass
    context = {
        **context_of(request, found, token, language, "draft"),
        "collecting": stage == Stage.COLLECTING,
        "values": _values(found, token, language),
        "until": date_words(
            found.consultation.window.closes_at + drafts.READABLE_FOR, language
        ),
    }
    return render(request, f"{_TEMPLATES}/draft_read.html", context)


def _filled(request, found, token: str, language: str):
    """The form with everything in it, and with the key under which it was begun."""
    form = place_of(found).form(found, language)
    if form is None:
        return None
    consultation = found.consultation
    typed = drafts.typed_of(found, token)
    holder = persons.holder(request, consultation)
    begun = tokens.read_token(typed.get("token", ""), consultation)
    renewed = tokens.FormToken(begun.nonce, clock.now(), holder=holder, filled=True)
    typed["token"] = renewed.signed(consultation)
    typed["draft"] = token
    show_held(form, consultation, begun.nonce)
    return carry_over(form, typed)


def _values(found, token: str, language: str) -> list[dict[str, str]]:
    """What was typed with its labels, as plain texts."""
    form = place_of(found).form(found, language)
    typed = drafts.typed_of(found, token)
    rows = []
    if form is not None and hasattr(form, "in_words"):
        in_words = carry_over(form, typed).in_words()
        rows = [{"label": label, "value": value} for label, value in in_words]
        told = {key for name in form.names for key in form.keys_of(name)}
        typed = {name: typed.getlist(name) for name in typed if name not in told}
        typed = MultiValueDict(typed)
    for name in typed:
        field = form.fields.get(name) if form is not None else None
        if form is not None and (field is None or field.widget.is_hidden):
            continue
        if form is None and name in ("token", "shape", "reply_to"):
            continue
        labels = {
            str(value): str(label) for value, label in getattr(field, "choices", ())
        }
        texts = [labels.get(text, text) for text in typed.getlist(name) if text]
        if texts:
            label = str(field.label) if field is not None else name
            rows.append({"label": label, "value": "\n".join(texts)})
    return rows


def context_of(request, found, token: str, language: str, name: str) -> dict:
    """What each of a draft's pages is given; ``name`` is the page's own address."""
    consultation = found.consultation
    return {
        **public_context(request, _addresses(name, token)),
        "topic": pick(consultation.titles, language),
        "topic_url": consultation.get_absolute_url(),
        "closing": closing_words(consultation.window.closes_at, language),
        "open_url": draft_url("draft", language, token),
        "copy_url": draft_url("draft_copy", language, token),
        "mail_url": draft_url("draft_mail", language, token),
        "delete_url": draft_url("draft_delete", language, token),
    }


@require_safe
@in_language
def copy(request, language, token):
    """The words as a text file to keep."""
    found = drafts.find(token)
    if found is None:
        return gone(request)
    topic, label = pick(found.consultation.titles, language), _("Topic")
    lines = [_("Saved participation, not sent"), f"{label}: {topic}"]
    for value in _values(found, token, language):
        lines += ["", value["label"], *value["value"].splitlines()]
    text = "\r\n".join(lines) + "\r\n"
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/plain")
    response["Content-Disposition"] = 'attachment; filename="participation.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
@abuse.limited(abuse.PRESSING)
def delete(request, language, token):
    """Delete a draft for good; opened, it leads back to the draft."""
    if request.method != "POST":
        return redirect(draft_url("draft_saved", language, token))
    found = drafts.find(token)
    if found is None:
        return gone(request)
    drafts.discard(token)
    context = {
        **public_context(request),
        "topic": pick(found.consultation.titles, language),
        "topic_url": found.consultation.get_absolute_url(),
        "deleted": True,
    }
    return render(request, f"{_TEMPLATES}/draft_gone.html", context)
