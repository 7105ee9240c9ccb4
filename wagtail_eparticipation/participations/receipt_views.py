"""The receipt: shown after sending, looked up by its code, copied, withdrawn by it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import content_languages, not_found, pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    abuse_log,
    late_words,
    receipt_notes,
    receipt_parts,
    receipts,
    tokens,
    tools,
)
from wagtail_eparticipation.participations.amend_forms import may_amend
from wagtail_eparticipation.participations.models import (
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.participations.receipt_notices import notice_of
from wagtail_eparticipation.participations.sending_words import too_often
from wagtail_eparticipation.participations.typed import typed_in
from wagtail_eparticipation.participations.withdrawal import (
    WITHDRAWABLE,
    TooLateToWithdraw,
    withdraw,
)

_TEMPLATES = "wagtail_eparticipation/participations"


def receipt_address(
    code: str, language: str, *, new: bool = False, kind: str = "seen"
) -> str:
    """Address of a receipt's page for the next hour; the code is encrypted in it.

    ``kind`` says what the page is to tell first: "new" just after sending, else
    "seen" or one of those that :func:`notice_of` knows.
    """
    token = tokens.hide_in_address(f"{'new' if new else kind}:{code}")
    return reverse("eparticipation:receipt", args=[language, token])


OtherFinder = Callable[[str, str], str]

_others: list[OtherFinder] = []


def register_other(finder: OtherFinder) -> None:
    """Let receipts of another room be looked up here too.

    ``finder(code, language)`` gives the address to which a code leads, or "".
    """
    if finder not in _others:
        _others.append(finder)


def _elsewhere(code: str, language: str) -> str:
    if not receipts.looks_like_code(code):
        return ""
    return next(filter(None, (find(code, language) for find in _others)), "")


def find(code: str) -> Participation | None:
    """The participation with this receipt code."""
    if not receipts.looks_like_code(code):
        return None
    return (
        Participation.objects.filter(receipt_hash=receipts.hash_of(code))
        .select_related(
            "consultation__window", "consultation__policy_version", "period"
        )
        .first()
    )


def in_language(view):
    """Run a view in the language of its address, and keep its answer nowhere."""

    @wraps(view)
    def spoken(request, language, *args, **kwargs):
        if language not in dict(content_languages()):
            raise Http404
        with override(language):
            try:
                response = view(request, language, *args, **kwargs)
            except Http404:
                response = _gone(request)
            if hasattr(response, "render"):
                response.render()
        if response is None:
            raise not_found(language)
        if wait := getattr(request, "ep_retry_after", 0):
            response["Retry-After"] = str(wait)
        # Else the browser's own language would be put here.
        response["Content-Language"] = language
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return spoken


def _gone(request):
    """What a form is told whose topic cannot be reached any more; else ``None``.

    Not 404: Django would lead elsewhere, in another language, and take the form's
    words out of the browser's reach.
    """
    if request.method != "POST":
        return None
    template = f"{_TEMPLATES}/gone.html"
    return render(request, template, public_context(request), status=410)


def _addresses(name: str) -> dict[str, str]:
    return {
        code: reverse(f"eparticipation:{name}", args=[code])
        for code, _name in content_languages()
    }


@abuse.checks(abuse.LOOKING_UP)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def look_up(request, language):
    """Asks for a receipt code and leads to its page (R-5.3.1a)."""
    typed, error, status, wait = "", "", 200, 0
    if "expired" in request.GET:
        error = _(
            "The address of a receipt is valid for one hour only. Write the code of"
            " your receipt to open it again."
        )
    if request.method == "POST":
        sent = typed_in(request) or {}
        typed = sent.get("code", "")[:100].replace("\x00", "")
        if wait := abuse.wait_seconds(request, abuse.LOOKING_UP):
            abuse_log.note(request, "limited", abuse.LOOKING_UP.purpose)
            error, status = too_often(wait), 429
        elif find(typed) is not None:
            return redirect(receipt_address(receipts.as_printed(typed), language))
        elif address := _elsewhere(typed, language):
            return redirect(address)
        else:
            error, status = _wrong_code(typed), 422
    context = {
        **public_context(request, _addresses("look_up")),
        "typed": typed,
        "error": error,
        "errors": [{"text": error, "url": "#id_code"}] if error else [],
    }
    response = render(request, f"{_TEMPLATES}/look_up.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _wrong_code(typed: str) -> str:
    if not typed.strip():
        return _("Write the code that is on your receipt.")
    if not receipts.looks_like_code(typed):
        return _(
            "This is not a receipt code. A code has five groups of four characters,"
            " such as 7KQM-2XWF-…"
        )
    return _("No participation has this code. Compare it with your receipt.")


def read(
    token: str, lifetime: timedelta | None = None
) -> tuple[Participation, str, str] | None:
    """The participation of an address, its code, and the kind of the address.

    ``None`` for an address that is too old or not ours: ask for the code again.
    """
    value = tokens.read_from_address(token, lifetime or tokens.ADDRESS_LIFETIME)
    if value is None:
        return None
    kind, _colon, code = value.partition(":")
    participation = find(code)
    return participation and (participation, code, kind)


def expired(language: str) -> HttpResponse:
    """To the look-up, which says why the code is asked for once more."""
    address = reverse("eparticipation:look_up", args=[language])
    return redirect(f"{address}?expired=1")


@require_safe
@in_language
def receipt(request, language, token):
    """A participation as its author sees it, or the way to look it up again."""
    found = read(token)
    if found is None:
        return expired(language)
    participation, code, kind = found
    consultation = participation.consultation
    addresses = {
        each: receipt_address(code, each, kind=kind) for each, _n in content_languages()
    }
    return render(
        request,
        f"{_TEMPLATES}/receipt.html",
        {
            **public_context(request, addresses),
            "participation": participation,
            "consultation": consultation,
            "topic": pick(consultation.titles, language),
            "topic_url": consultation.get_absolute_url(),
            "code": code,
            "new": kind == "new" and participation.state != State.WITHDRAWN,
            "notice": notice_of(kind, participation),
            "late": late_words.why_late(participation)
            if participation.state == State.LATE
            else None,
            "facts": _facts(participation, language),
            "tells_words": tools.tells_words(participation),
            "steps": receipt_notes.notes_for(participation, language),
            "parts": receipt_parts.parts_for(participation, language),
            "copy_url": reverse("eparticipation:receipt_copy", args=[language, token]),
            "look_up_url": reverse("eparticipation:look_up", args=[language]),
            "amend_url": reverse("eparticipation:amend", args=[language, token])
            if may_amend(participation)
            else "",
            "withdraw_url": reverse("eparticipation:withdraw", args=[language, token])
            if may_withdraw(participation)
            else "",
        },
    )


def may_withdraw(participation) -> bool:
    """Until closing, while it is in the register (R-6.4.1e)."""
    collecting = participation.consultation.stage() == Stage.COLLECTING
    return collecting and participation.state in WITHDRAWABLE


def _facts(participation, language: str) -> list[dict[str, str]]:
    tool = tools.get(participation.tool)
    rows = [
        (_("Tool"), str(tool.label)),
        (_("Received"), instant_words(participation.received_at, language)),
    ]
    if changed := participation.revisions.order_by("number").last():
        at = instant_words(changed.replaced_at, language)
        rows.append((_("Last changed"), at))
    if participation.state != State.WITHDRAWN and tool.publishable:
        rows.append((_("How it may be shown"), _publication_words(participation)))
    if participation.public_name:
        rows.append((_("Name shown"), participation.public_name))
    rows += tools.describe(participation, language)
    return [{"label": label, "value": value} for label, value in rows]


def _publication_words(participation) -> str:
    """What its author chose; also that the name stands nowhere, where none does."""
    choice = participation.get_publication_display()
    named = participation.publication == Publication.WITH_NAME
    if named and not participation.public_name:
        return _("%(choice)s (no name is shown)") % {"choice": choice}
    return choice


@require_safe
@in_language
def copy(request, language, token):
    """The receipt as a text file to keep."""
    found = read(token)
    if found is None:
        return expired(language)
    participation, code, _kind = found
    text = copy_text(participation, code, language)
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/plain")
    response["Content-Disposition"] = 'attachment; filename="receipt.txt"'
    return response


def copy_text(participation, code: str, language: str) -> str:
    """Receipt and text as plain lines, for the file and the mail."""
    with override(language):
        lines = [
            _("Receipt for your participation"),
            "",
        ]
        topic = pick(participation.consultation.titles, language)
        facts = [
            {"label": _("Topic"), "value": topic},
            {"label": _("Receipt code"), "value": code},
            *_facts(participation, language),
        ]
        lines += [f"{fact['label']}: {fact['value']}" for fact in facts]
        if participation.title:
            lines += ["", participation.title]
        if participation.text:
            lines += ["", participation.text]
        return "\r\n".join(lines) + "\r\n"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
@abuse.limited(abuse.PRESSING)
def take_back(request, language, token):
    """Withdraws a participation; who holds the receipt may. Opened, it shows that."""
    found = read(token)
    if found is None:
        return expired(language)
    participation, code, _kind = found
    if request.method != "POST":
        return redirect(receipt_address(code, language))
    try:
        withdraw(participation)
    except TooLateToWithdraw:
        participation.refresh_from_db()
        if participation.state != State.WITHDRAWN:
            return redirect(receipt_address(code, language, kind="kept"))
    return redirect(receipt_address(code, language, kind="withdrawn"))
