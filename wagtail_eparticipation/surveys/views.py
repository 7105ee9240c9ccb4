"""A survey in public: its page, its form, and taking the form in."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.addresses import addresses_of
from wagtail_eparticipation.consultations.caching import limit_caching, max_age
from wagtail_eparticipation.consultations.presentation import TopicView
from wagtail_eparticipation.participations import (
    abuse,
    door,
    draft_places,
    draft_views,
    drafts,
    hinting,
    persons,
    screening,
    tokens,
)
from wagtail_eparticipation.participations.attachment_form import (
    is_complete,
    open_tray,
)
from wagtail_eparticipation.participations.form_pages import (
    kept_for_back,
    languages_of_form,
    too_big,
    who_context,
)
from wagtail_eparticipation.participations.models import Consent
from wagtail_eparticipation.participations.receipt_views import (
    in_language,
    receipt_address,
)
from wagtail_eparticipation.participations.sending_words import (
    grace_words,
    sent_before_message,
    token_refusal,
)
from wagtail_eparticipation.participations.uploads import receive
from wagtail_eparticipation.participations.views import request_version_in_force
from wagtail_eparticipation.policy.reading import policy_of
from wagtail_eparticipation.policy.views import policy_url
from wagtail_eparticipation.surveys import periods, places
from wagtail_eparticipation.surveys.answers import TOOL, take_in
from wagtail_eparticipation.surveys.course import NEXT, REVIEW, SEND, Course, filled
from wagtail_eparticipation.surveys.presentation import shown_versions
from wagtail_eparticipation.surveys.restrictions import admits

_FORM = "wagtail_eparticipation/surveys/survey_form.html"


def show(request, survey):
    """The survey's page: what is asked, until when, and later the results."""
    response = TemplateResponse(
        request, survey.get_template(request), survey.get_context(request)
    )
    now = clock.now()
    limit_caching(response, [survey.consultation], now)
    if changes := periods.next_change(survey, now):
        patch_cache_control(response, max_age=max_age(changes, now))
    return response


def ask(request, survey):
    """``<survey>/answer/``: the empty form; while closed, the page says so."""
    now = clock.now()
    stage = survey.consultation.stage(now)
    if not periods.is_open(survey, stage, now) or places.is_full(survey):
        response = redirect(survey.get_url(request))
        add_never_cache_headers(response)
        return response
    return kept_for_back(form_page(request, survey, empty_form(request, survey)))


def empty_form(request, survey):
    """A form with a token of its own, handed out now."""
    consultation = survey.consultation
    holder = persons.holder(request, consultation)
    token = tokens.new_token(holder).signed(consultation)
    return survey.get_form(consultation=consultation, initial={"token": token})


def form_page(
    request, survey, form, *, step: str = "", status: int = 200, addresses=None
):
    """The page with the form, filled with whatever was typed, at a step of its course.

    ``addresses`` are those of this form by language, where they are not the survey's.
    """
    version = survey.consultation.policy_version
    language = survey.locale.language_code
    versions = shown_versions(survey)
    sending = {
        each.locale.language_code: reverse(
            "eparticipation:answer", args=[each.locale.language_code, each.pk]
        )
        for each in versions
    }
    if addresses is None:
        addresses = addresses_of(versions, request)
    else:
        addresses = {code: url for code, url in addresses.items() if code in sending}
    context = {
        **survey.get_context(request),
        **languages_of_form(request, addresses, sending),
        **who_context(request, survey),
        "form": form,
        "course": Course(form, step or form.typed.get("step", "")),
        "grace": grace_words(),
        "influence": TopicView(request, survey.topic_page).influence(),
        "limit": get_setting("MAX_TEXT_LENGTH"),
        "send_url": reverse("eparticipation:answer", args=[language, survey.pk]),
        "save_url": reverse("eparticipation:save_answers", args=[language, survey.pk]),
        "policy": policy_of(version) if version else None,
        "policy_url": policy_url(version, language) if version else "",
    }
    response = TemplateResponse(request, _FORM, context, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


def preview(request, survey, mode_name: str):
    """The editor's preview, as page or as form."""
    if mode_name == "form" and survey.consultation is not None:
        return form_page(request, survey, empty_form(request, survey))
    return TemplateResponse(
        request, survey.get_template(request), survey.get_context(request)
    )


@abuse.checks(abuse.SENDING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def answer(request, language, page_id):
    """Take a form in. Protected by the form's own token, as every tool's form.

    Whatever stands in the way, the form comes back with everything in it.
    """
    survey = _survey_or_404(request, language, page_id)
    if request.method != "POST":
        return redirect(f"{survey.get_url(request)}answer/")
    typed = receive(request)
    if typed is None:
        return too_big(request, survey)
    return _take(request, survey, typed)


@abuse.checks(abuse.SAVING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def save_answers(request, language, page_id):
    """Keep the answers to go on with them later; nothing in them is judged."""
    survey = _survey_or_404(request, language, page_id)
    if request.method != "POST":
        return redirect(f"{survey.get_url(request)}answer/")
    typed = receive(request)
    if typed is None:
        return too_big(request, survey)
    consultation = survey.consultation
    form = survey.get_form(consultation=consultation)
    holder = persons.holder(request, consultation)
    token = tokens.read_token(typed.get("token", ""), consultation, holder)
    form.tray = open_tray(request, typed, form, consultation, token)

    def show(form, status):
        return form_page(request, survey, filled(form, typed), status=status)

    if form.tray is not None and form.tray.problems:
        typed["token"] = token.signed(consultation)
        form.not_saved = " ".join(form.tray.problems)
        return show(form, 422)
    return draft_views.keep(
        request,
        consultation,
        typed,
        form,
        show,
        tool=TOOL,
        place=str(survey.translation_key),
    )


def _form_of_draft(draft, language: str):
    from wagtail_eparticipation.surveys.listing import find

    key = {"translation_key": draft.place}
    survey = find(**key, locale__language_code=language) or find(**key)
    return survey and survey.get_form(consultation=draft.consultation)


def _show_draft(request, draft, language: str, form, addresses):
    survey = _survey_or_404(request, language, translation_key=draft.place)
    form.typed = drafts.typed_of(draft, form.initial["draft"])
    form.draw_order()
    return form_page(request, survey, form, addresses=addresses)


#: How a survey's saved drafts are shown again.
DRAFTS = draft_places.Place(_form_of_draft, _show_draft)


def _survey_or_404(request, language: str, page_id: int | None = None, **lookup):
    from wagtail_eparticipation.surveys.listing import find

    if page_id is not None:
        if page_id > models.BigIntegerField.MAX_BIGINT:
            raise Http404
        lookup["pk"] = page_id
    page = find(**lookup, live=True, locale__language_code=language)
    if page is None or not page.is_public:
        raise Http404
    if not admits(request, page):
        raise Http404
    return page


def _take(request, survey, typed):
    consultation = survey.consultation
    token = tokens.read_token(
        typed.get("token", ""), consultation, persons.holder(request, consultation)
    )
    typed["token"] = token.signed(consultation)

    form_class = survey.get_form_class()
    tray = open_tray(request, typed, form_class, consultation, token)

    def empty():
        form = survey.get_form(consultation=consultation)
        form.tray = tray
        form = filled(form, typed)
        return screening.keep_asking(form, token, consultation)

    def build():
        form = survey.get_form(typed, consultation=consultation)
        form.tray = tray
        return screening.keep_asking(form, token, consultation)

    if "other_language" in typed:
        return form_page(request, survey, empty())
    if walking := _walked(request, survey, typed, build, empty):
        return walking
    form = build() if token.problem else hinting.read(typed, build)
    if form.hinting:
        status = hinting.status_of(form)
        return form_page(request, survey, form, step=REVIEW, status=status)
    if not is_complete(form):
        return _wrong(request, survey, form)
    if token.problem:
        screening.note_token(request, token, abuse.SENDING, consultation)
        form.add_error(None, token_refusal(consultation, token.problem))
        return form_page(request, survey, form, step=REVIEW, status=422)
    screened = screening.screen(request, form, token, typed, consultation)
    if screened.status:
        status = screened.status
        response = form_page(request, survey, form, step=REVIEW, status=status)
        return screened.finish(response)
    try:
        standing = form.standing(request)
        submission = _submission(survey, form, token, standing, screened)
        form.drop_hidden_files()
        outcome = take_in(survey, submission, form.answers(), order=form.order_drawn)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _wrong(request, survey, form)
    if outcome.is_stale:
        holder = persons.holder(request, consultation)
        again = tokens.new_token(holder, filled=True)
        typed["token"] = again.signed(consultation)
        form = survey.get_form(typed, consultation=consultation)
        if tray is not None:
            form.tray = tray
            form.tray.move_to(again.nonce)
        form.add_error(None, sent_before_message(outcome))
        return form_page(request, survey, form, step=REVIEW, status=409)
    screened.note(request, outcome)
    drafts.discard(typed.get("draft", ""))
    language = survey.locale.language_code
    return redirect(receipt_address(outcome.receipt_code, language, new=True))


def _walked(request, survey, typed, build, empty):
    """The page to which somebody goes on, back or over; nothing where it is sent."""
    at_the_end = typed.get("step") == REVIEW or len(survey.parts_list()) == 1
    if at_the_end and typed.get("go", SEND) == SEND:
        return None
    form = build()
    course = Course(form, typed.get("step", ""))
    # Whoever presses Enter goes on; hints are answered on the last page.
    go = typed.get("go", NEXT)
    if go == NEXT and not is_complete(form) and course.errors_here():
        return form_page(request, survey, form, step=course.step, status=422)
    return form_page(request, survey, empty(), step=course.after(go))


def _wrong(request, survey, form):
    """The first page on which something is wrong, or the last look."""
    course = Course(form)
    step = course.first_wrong() if course.several else ""
    course = Course(form, step)
    if course.several and step != REVIEW:
        course.errors_here()
    return form_page(request, survey, form, step=step, status=422)


def _submission(survey, form, token, standing, screened) -> door.Submission:
    version = survey.consultation.policy_version
    language = survey.locale.language_code
    return door.Submission(
        tool=TOOL,
        language=language,
        capacity=form.cleaned_data["capacity"],
        person=form.person(),
        consent=Consent.EXPLICIT,
        consent_version=f"{version.pack}/{version.version}" if version else "",
        consent_language=language,
        idempotency_key=token.nonce,
        issued_at=token.issued_at,
        request_version=request_version_in_force(survey.consultation),
        standing=standing,
        suspicious=screened.suspicious,
        enclosed=form.tray.digest() if form.tray else "",
    )
