"""The page on which one agrees with a published voice, or takes it back."""

from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.discussion import agreeing, reader_pages
from wagtail_eparticipation.discussion.reader_forms import AgreeForm
from wagtail_eparticipation.languages import not_found
from wagtail_eparticipation.participations import abuse, persons, tokens
from wagtail_eparticipation.participations.form_pages import too_big
from wagtail_eparticipation.participations.identify_views import identify_url
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.refusals import (
    ConfirmFirst,
    DoorRefusal,
    SignInFirst,
)
from wagtail_eparticipation.participations.typed import typed_in

#: See ``participations.limits``.
AGREEING = abuse.AGREEING


@abuse.checks(AGREEING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def agree(request, language, key):
    """Shows the voice with one button; posted, it counts and says so.

    It asks who somebody is here, where no cache keeps the page, so that the pages that
    are only read ask nobody.
    """
    page, comment = reader_pages.find_voice(request, language, key)
    consultation = comment.consultation
    if not agreeing.may_agree(comment):
        raise not_found(language)
    if request.method == "POST":
        typed = typed_in(request)
        if typed is None:
            return too_big(request, page)
        return _take(request, page, comment, typed)
    token = tokens.new_token(persons.holder(request, consultation))
    initial = {"token": token.signed(consultation)}
    form = AgreeForm(initial=initial, asks_code=_asks_code(request, consultation))
    return _page(request, page, comment, form)


def _take(request, page, comment, typed):
    consultation = comment.consultation
    holder = persons.holder(request, consultation)
    token = tokens.read_token(typed.get("token", ""), consultation, holder)
    typed["token"] = token.signed(consultation)
    form = AgreeForm(typed, asks_code=_asks_code(request, consultation))
    if status := reader_pages.refusal_of(request, form, token, AGREEING, consultation):
        return _page(request, page, comment, form, status)
    address = request.get_full_path()
    if form.is_trapped:
        return redirect(address)
    act = agreeing.take_back if "take_back" in typed else agreeing.agree
    try:
        code = form.cleaned_data.get("code", "")
        standing = persons.supporter(
            request, consultation, code=code, nonce=token.nonce
        )
        act(comment, standing)
    except DoorRefusal as refusal:
        form.add_error(None, refusal)
        return _page(request, page, comment, form, 422)
    response = redirect(address)
    persons.remember(response, request, consultation, standing)
    return response


def _asks_code(request, consultation) -> bool:
    """Whether the code of an invitation has to be typed in."""
    if not persons.asks_for_code(consultation):
        return False
    known = persons.read_mark(request, consultation)
    return known is None or not known.code


def _page(request, page, comment, form, status=200):
    consultation = comment.consultation
    context = {
        **reader_pages.voice_context(request, page, comment, "agree"),
        **_who(request, page, comment),
        # Not the copy that the browser keeps, which lacks the present number.
        "voice_url": f"{page.get_url(request)}discussion/{comment.key}/"
        f"?seen={comment.agree_count}#{comment.anchor}",
        "form": form,
        "count": comment.agree_count,
        "open": consultation.stage() == Stage.COLLECTING,
    }
    template = f"{reader_pages.TEMPLATES}/agree.html"
    return render(request, template, context, status=status)


def _who(request, page, comment) -> dict:
    """Whether this visitor agrees already, or has to show first who they are."""
    consultation = comment.consultation
    try:
        standing = persons.supporter(request, consultation)
        return {"agrees": agreeing.agrees(comment, standing)}
    except SignInFirst:
        back = request.get_full_path()
        return {"sign_in_url": persons.sign_in_url(request, consultation, back)}
    except ConfirmFirst:
        back = f"{page.get_url(request)}discussion/{comment.key}/"
        return {"identify_url": identify_url(page, request, back)}
    except DoorRefusal:
        return {"agrees": False}
