"""The form by which anybody reports a published voice (R-8.2b)."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_eparticipation.discussion import reader_pages
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.reader_forms import EXPLANATION_LIMIT, ReportForm
from wagtail_eparticipation.discussion.reporting import (
    NotShownAnyMore,
    file_report,
    hides_name,
)
from wagtail_eparticipation.languages import not_found, pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import abuse, tokens
from wagtail_eparticipation.participations.form_pages import too_big
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.typed import typed_in

#: See ``participations.limits``.
REPORTING = abuse.REPORTING


@abuse.checks(REPORTING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@reader_pages.empty_form_kept
@in_language
def report(request, language, key):
    """Shows the form and takes it in; protected by the form's own token."""
    page, comment = reader_pages.find_voice(request, language, key)
    consultation = comment.consultation
    if request.method != "POST":
        token = reader_pages.new_token(consultation)
        form = ReportForm(consultation=consultation, initial={"token": token})
        return _form_page(request, page, comment, form)
    typed = typed_in(request)
    if typed is None:
        return too_big(request, page)
    token = tokens.read_token(typed.get("token", ""), consultation)
    typed["token"] = token.signed(consultation)
    form = ReportForm(typed, consultation=consultation)
    status = reader_pages.refusal_of(request, form, token, REPORTING, consultation)
    if status:
        return _form_page(request, page, comment, form, status)
    try:
        filed = _file(comment, form, token.nonce, language)
    except NotShownAnyMore:
        raise Http404 from None
    if filed.differs:
        return _sent_before(request, page, comment, typed, filed.report)
    hidden = tokens.hide_in_address(f"report:{filed.report.public_id.hex}")
    return redirect("eparticipation:reported", language, hidden)


def _file(comment, form, nonce: str, language: str):
    data = form.cleaned_data
    return file_report(
        comment,
        reason=data["reason"],
        explanation=data["explanation"],
        email=data["email"],
        language=language,
        key=nonce,
        suspicious=form.is_trapped,
    )


def _sent_before(request, page, comment, typed, earlier):
    """The same form with other entries: kept and explained, not swallowed."""
    consultation = comment.consultation
    typed["token"] = reader_pages.new_token(consultation)
    form = ReportForm(typed, consultation=consultation)
    form.add_error(
        None,
        _(
            "You have already sent this form with other entries; its reference is"
            " %(number)s. Send it again to add what stands here as a further report."
        )
        % {"number": earlier.number},
    )
    return _form_page(request, page, comment, form, 409)


def _form_page(request, page, comment, form, status=200):
    context = {
        **reader_pages.voice_context(request, page, comment, "report"),
        "form": form,
        "limit": EXPLANATION_LIMIT,
    }
    template = f"{reader_pages.TEMPLATES}/report.html"
    return render(request, template, context, status=status)


@require_safe
@in_language
def reported(request, language, token):
    """The reference of a report that has just come in, and what happens next."""
    value = tokens.read_from_address(token) or ""
    kind, _colon, key = value.partition(":")
    if kind != "report":
        raise not_found(language)
    found = ContentReport.objects.select_related("consultation__policy_version")
    filed = found.filter(public_id=key).first()
    if filed is None:
        raise not_found(language)
    consultation = filed.consultation
    page = consultation.page_in(language)
    context = {
        **public_context(request, reader_pages.addresses("reported", token)),
        "report": filed,
        "hides_name": hides_name(filed),
        "topic": pick(consultation.titles, language),
        "topic_url": page.get_url(request) if page else "",
    }
    return render(request, f"{reader_pages.TEMPLATES}/reported.html", context)
