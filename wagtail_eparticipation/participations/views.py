"""Taking part through the portal: choosing a tool, the form, sending it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.channel_table import off_reason, portal_takes
from wagtail_eparticipation.consultations.glance import tools_at_a_glance
from wagtail_eparticipation.consultations.models import Consultation, RequestVersion
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import (
    abuse,
    door,
    drafts,
    hinting,
    persons,
    reply_targets,
    screening,
    tokens,
    tools,
)
from wagtail_eparticipation.participations.attachment_form import is_complete, open_tray
from wagtail_eparticipation.participations.form_pages import (
    addresses_of,
    finish,
    form_article,
    form_page,
    kept_for_back,
    too_big,
)
from wagtail_eparticipation.participations.forms import carry_over
from wagtail_eparticipation.participations.models import Channel, Consent
from wagtail_eparticipation.participations.receipt_views import (
    in_language,
    receipt_address,
)
from wagtail_eparticipation.participations.sending_words import (
    sent_before_message,
    token_refusal,
)
from wagtail_eparticipation.participations.uploads import receive

_TEMPLATES = "wagtail_eparticipation/participations"


def offered_tools(codes) -> list[tools.Tool]:
    """Those of a page's tools that have a form here, in the registry's order."""
    return [tool for tool in tools.registered() if tool.form and tool.code in codes]


@page_route("participate")
def participate(request, page, *rest):
    """``<page>/participate/`` offers the tools; ``…/<tool>/`` is a tool's form."""
    offered = offered_tools(page.tools)
    if request.method not in ("GET", "HEAD") or len(rest) > 1:
        raise Http404
    stage = page.consultation.stage()
    links = [] if rest else _links_of_tools(request, page)
    if not portal_takes(page.consultation, stage) or not (offered or links or rest):
        return _closed(request, page, stage)
    if not rest and len(offered) == 1 and not links:
        return redirect(f"{page.get_url(request)}participate/{offered[0].code}/")
    if not rest and len(links) == 1 and not offered:
        return redirect(links[0]["url"])
    if not rest:
        return finish(
            render(
                request,
                f"{_TEMPLATES}/choose_tool.html",
                {
                    **public_context(
                        request, addresses_of(page, request, "participate/")
                    ),
                    "page": page,
                    "tools": offered,
                    "links": links,
                },
            )
        )
    tool = _tool_or_404(page.tools, rest[0])
    key = request.GET.get("reply_to", "")[:64]
    target = reply_targets.find(key, page.consultation)
    article = request.GET.get("article", "")[:40]
    form = import_string(tool.form)(
        consultation=page.consultation,
        initial={
            "token": tokens.new_token(
                persons.holder(request, page.consultation)
            ).signed(page.consultation),
            "reply_to": key if target else "",
            "article": article,
        },
    )
    form.lost_target = bool(key and not target)
    knows_articles = hasattr(form, "about") and not key
    form.lost_article = bool(article and knows_articles and form.about is None)
    return kept_for_back(form_page(request, page, tool, form))


def _links_of_tools(request, page) -> list[dict[str, str]]:
    """Where tools are used that have pages of their own, such as surveys."""
    return [
        {"hint": tool.hint, "label": tool.label, **link}
        for tool in tools.registered()
        for link in tool.links(request, page)
    ]


def _tool_or_404(codes, code: str) -> tools.Tool:
    for tool in offered_tools(codes):
        if tool.code == code:
            return tool
    raise Http404


def _closed(request, page, stage):
    window = getattr(page.consultation, "window", None)
    context = {
        **public_context(request, addresses_of(page, request, "participate/")),
        "page": page,
        "page_url": page.get_url(request),
        "stage": stage,
        "window": window,
        "off_reason": off_reason(window, Channel.PORTAL),
    }
    return finish(render(request, f"{_TEMPLATES}/not_open.html", context))


@abuse.checks(abuse.SENDING)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def send(request, language, public_id, tool):
    """Take a form in. Protected by the form's own token, see ``tokens``.

    Never loses a text: whatever stands in the way, the form comes back filled.
    """
    consultation, page, found = page_and_tool(request, language, public_id, tool)
    if request.method != "POST":
        return redirect(f"{page.get_url(request)}participate/{tool}/")
    typed = receive(request)
    if typed is None:
        return too_big(request, page)
    return _take(request, consultation, page, found, typed)


def page_and_tool(request, language, public_id, code):
    """A topic, its live page in a language and a tool on it; 404 if nobody may see it.

    The page is loaded when it is first looked at: a form that is taken in shows none.
    """
    # The policy's long content is read once in a process, see ``policy_of``.
    topics = Consultation.objects.select_related("policy_version")
    consultation = get_object_or_404(
        topics.defer("policy_version__content"), public_id=public_id
    )
    page = SimpleLazyObject(lambda: consultation.page_in(language))
    codes = tools_at_a_glance(consultation, language)
    if codes is None:
        _refuse_the_unseen(request, page)
        codes = page.tools
    return consultation, page, _tool_or_404(codes, code)


def page_of(request, language, public_id):
    """The live page of a topic in a language; 404 for what visitors may not see."""
    topics = Consultation.objects.select_related("window", "policy_version")
    page = get_object_or_404(topics, public_id=public_id).page_in(language)
    _refuse_the_unseen(request, page)
    return page


def _refuse_the_unseen(request, page) -> None:
    if not page or not page.is_public:
        raise Http404
    for restriction in page.get_view_restrictions():
        if not restriction.accept_request(request):
            raise Http404


def _take(request, consultation, page, tool, typed):
    token = tokens.read_token(
        typed.get("token", ""), consultation, persons.holder(request, consultation)
    )
    typed["token"] = token.signed(consultation)
    form_class = import_string(tool.form)
    tray = open_tray(request, typed, form_class, consultation, token)
    if "other_language" in typed:
        form = form_class(consultation=consultation)
        form.tray = tray
        screening.keep_asking(form, token, consultation)
        return form_page(request, page, tool, carry_over(form, typed))

    def build():
        form = form_class(typed, consultation=consultation)
        form.tray = tray
        return screening.keep_asking(form, token, consultation)

    form = build() if token.problem else hinting.read(typed, build)
    if form.hinting:
        is_complete(form)
        return form_page(request, page, tool, form, status=hinting.status_of(form))
    if not is_complete(form):
        return form_page(request, page, tool, form, status=422)
    if token.problem:
        screening.note_token(request, token, abuse.SENDING, consultation)
        form.add_error(None, token_refusal(consultation, token.problem))
        return form_page(request, page, tool, form, status=422)
    screened = screening.screen(request, form, token, typed, consultation)
    if screened.status:
        response = form_page(request, page, tool, form, status=screened.status)
        return screened.finish(response)
    try:
        submission = _submission(form, tool, token, form.standing(request), screened)
        outcome = door.submit(consultation, submission)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return form_page(request, page, tool, form, status=422)
    if outcome.is_stale:
        return _sent_before(request, page, tool, form, typed, outcome, submission)
    screened.note(request, outcome)
    drafts.discard(typed.get("draft", ""))
    language = (get_language() or "").split("-")[0]
    return redirect(receipt_address(outcome.receipt_code, language, new=True))


def _sent_before(request, page, tool, sent, typed, outcome, submission):
    """The same form with other entries: kept and explained, not swallowed."""
    holder = persons.holder(request, page.consultation)
    token = tokens.new_token(holder, filled=True)
    typed["token"] = token.signed(page.consultation)
    form = import_string(tool.form)(typed, consultation=page.consultation)
    if sent.tray is not None:
        form.tray = sent.tray
        form.tray.move_to(token.nonce)
    form.add_error(None, sent_before_message(outcome, submission))
    return form_page(request, page, tool, form, status=409)


def _submission(form, tool, token, standing, screened) -> door.Submission:
    data = form.cleaned_data
    consultation = form.consultation
    version = consultation.policy_version
    target = reply_targets.find(data.get("reply_to", ""), consultation)
    extra = form.data_of_tool()
    if target is not None:
        extra["reply_to"] = target.key
    return door.Submission(
        tool=tool.code,
        language=data["language"],
        text=data["text"],
        title=data.get("title", ""),
        data=extra,
        publication=data["publication"],
        capacity=data["capacity"],
        person=form.person(),
        consent=Consent.EXPLICIT,
        consent_version=f"{version.pack}/{version.version}" if version else "",
        consent_language=(get_language() or "").split("-")[0],
        idempotency_key=token.nonce,
        issued_at=token.issued_at,
        parent=_parent(consultation, target),
        article=about.key if (about := form_article(form)) else "",
        request_version=request_version_in_force(consultation),
        standing=standing,
        suspicious=screened.suspicious,
        enclosed=form.tray.digest() if form.tray else "",
    )


def _parent(consultation, target):
    if target is None:
        return None
    return consultation.participations.get(pk=target.participation_id)


def request_version_in_force(consultation) -> int | None:
    """Which wording the participant had before them (AC-S2-D1)."""
    return (
        RequestVersion.objects.filter(
            consultation_id=consultation.pk, published_at__lte=clock.now()
        )
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
