"""Asking for mails about a thread, confirming it, and stopping them (RFC 8058)."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_eparticipation import clock
from wagtail_eparticipation.discussion import following, reader_pages
from wagtail_eparticipation.discussion.people import ThreadFollower
from wagtail_eparticipation.discussion.reader_forms import FollowForm
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import abuse, tokens
from wagtail_eparticipation.participations.form_pages import too_big
from wagtail_eparticipation.participations.receipt_views import in_language
from wagtail_eparticipation.participations.typed import typed_in

#: See ``participations.limits``.
FOLLOWING = abuse.FOLLOWING


@abuse.checks(FOLLOWING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@reader_pages.empty_form_kept
@in_language
def follow(request, language, key):
    """Asks for an address and takes it in; protected by the form's own token."""
    page, comment = reader_pages.find_voice(request, language, key)
    consultation = comment.consultation
    if not following.may_be_followed(consultation, consultation.stage(clock.now())):
        raise Http404
    if request.method != "POST":
        token = reader_pages.new_token(consultation)
        form = FollowForm(initial={"token": token})
        return _form_page(request, page, comment, form)
    typed = typed_in(request)
    if typed is None:
        return too_big(request, page)
    token = tokens.read_token(typed.get("token", ""), consultation)
    typed["token"] = token.signed(consultation)
    form = FollowForm(typed)
    status = reader_pages.refusal_of(request, form, token, FOLLOWING, consultation)
    if status:
        return _form_page(request, page, comment, form, status)
    # What a program filled in is answered like everything else, and sends no mail.
    if not form.is_trapped:
        try:
            following.ask(comment, email=form.cleaned_data["email"], language=language)
        except following.NothingToFollow:
            raise Http404 from None
    return redirect("eparticipation:follow_asked", language, key)


def _form_page(request, page, comment, form, status=200):
    context = {
        **reader_pages.voice_context(request, page, comment, "follow"),
        "form": form,
    }
    template = f"{reader_pages.TEMPLATES}/follow.html"
    return render(request, template, context, status=status)


@require_safe
@in_language
def asked(request, language, key):
    """The same answer for every address: look into the mailbox."""
    page, comment = reader_pages.find_voice(request, language, key)
    context = reader_pages.voice_context(request, page, comment, "follow_asked")
    return render(request, f"{reader_pages.TEMPLATES}/follow_asked.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
@abuse.limited(abuse.PRESSING)
def confirm(request, language, token):
    """Opened, it shows a button; a mail scanner that opens links confirms nothing."""
    public_id = following.read_token(token, "confirm")
    follower = public_id and _find(public_id)
    done = False
    if follower and request.method == "POST":
        following.confirm(follower)
        follower.refresh_from_db()
    if follower:
        done = follower.confirmed_at is not None
    addresses = reader_pages.addresses("follow_confirm", token)
    context = {**_context(request, follower, addresses), "done": done}
    return render(request, f"{reader_pages.TEMPLATES}/follow_confirm.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def mute(request, language, token):
    """One button stops the mails; a mail programme's own button posts here, too.

    Whoever holds the link got it by mail, so nothing else is asked for.
    """
    public_id = following.read_token(token, "mute")
    if public_id is None:
        raise Http404
    follower = _find(public_id)
    if follower and request.method == "POST":
        following.mute(follower, everything="all" in (typed_in(request) or {}))
        follower = None
    addresses = reader_pages.addresses("follow_mute", token)
    context = _context(request, follower, addresses)
    return render(request, f"{reader_pages.TEMPLATES}/follow_mute.html", context)


def _find(public_id: str) -> ThreadFollower | None:
    rows = ThreadFollower.objects.select_related("consultation", "root")
    return rows.filter(public_id=public_id).first()


def _context(request, follower, addresses) -> dict:
    context = {**public_context(request, addresses), "follower": follower}
    if follower:
        context["topic"] = pick(follower.consultation.titles)
        context["voice_url"] = follower.root.get_absolute_url()
    return context
