"""The page with a tool's form, filled with whatever was typed."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import get_language

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.presentation import TopicView
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations import persons, reply_targets
from wagtail_eparticipation.participations.sending_words import grace_words
from wagtail_eparticipation.policy.reading import policy_of
from wagtail_eparticipation.policy.views import policy_url

_TEMPLATES = "wagtail_eparticipation/participations"


def addresses_of(page, request, tail: str) -> dict[str, str]:
    """This place in every language of the topic."""
    pages = page.consultation.pages.filter(live=True).select_related("locale")
    return {
        each.locale.language_code: f"{each.get_url(request)}{tail}" for each in pages
    }


def form_article(form):
    """The article of the draft that a form is about, if its tool knows of any."""
    return getattr(form, "about", None)


def form_page(request, page, tool, form, *, status: int = 200, addresses=None):
    """The page with a tool's form, filled with whatever was typed.

    ``addresses`` are those of this form by language, where they are not the tool's.
    """
    consultation = page.consultation
    article = form_article(form)
    tail = f"participate/{tool.code}/"
    if article is not None:
        tail = f"{tail}?article={article.key}"
    own = addresses_of(page, request, tail)
    place = (consultation.public_id, tool.code)
    sending = {
        code: reverse("eparticipation:send", args=[code, *place]) for code in own
    }
    if addresses is None:
        addresses = own
    else:
        addresses = {code: url for code, url in addresses.items() if code in own}
    version = consultation.policy_version
    language = (get_language() or "").split("-")[0]
    policy = policy_of(version) if version else None
    target = reply_targets.find(str(form["reply_to"].value() or ""), consultation)
    context = {
        **languages_of_form(request, addresses, sending),
        **who_context(request, page),
        "page": page,
        "page_url": page.get_url(request),
        "tool": tool,
        "form": form,
        "main_fields": [form[name] for name in form.main_fields],
        "target": target,
        "article": article,
        "send_url": reverse("eparticipation:send", args=[language, *place]),
        "save_url": reverse("eparticipation:save_draft", args=[language, *place]),
        "closes_at": consultation.window.closes_at,
        "grace": grace_words(),
        "hints_url": reverse("eparticipation:hints", args=[language, *place]),
        "limit": get_setting("MAX_TEXT_LENGTH"),
        "policy": policy,
        "influence": TopicView(request, page).influence(),
        "not_a_vote": policy.text("consultation_not_vote") if policy else "",
        "policy_url": policy_url(version, language) if version else "",
    }
    response = render(request, f"{_TEMPLATES}/form.html", context, status=status)
    return finish(response)


def who_context(request, page) -> dict:
    """What a form tells the person who opens it: to sign in, to change instead."""
    consultation = page.consultation
    typed = request.method == "POST"
    sign_in_url = ""
    if persons.must_sign_in(request, consultation):
        back = page.get_url(request) if typed else request.path
        sign_in_url = persons.sign_in_url(request, consultation, back)
    language = (get_language() or "").split("-")[0]
    return {
        "sign_in_url": sign_in_url,
        "typed": typed,
        "topic_id": consultation.public_id,
        "look_up_url": reverse("eparticipation:look_up", args=[language]),
    }


def languages_of_form(request, addresses, sending) -> dict:
    """The switch of languages for a form: a link would lose what was typed.

    By language, ``addresses`` are those of the empty form; ``sending`` those that take
    it in, to which a button in the form carries everything along.
    """
    if request.method != "POST":
        return public_context(request, addresses)
    known = public_context(request, sending)["ep_languages"]
    others = [each for each in known if not each["current"]]
    return {**public_context(request), "other_forms": others}


def kept_for_back(response):
    """Let the browser's Back show an empty form again, with its key.

    Not "no-store": what is sent a second time must be found to be the same (R-7.5d).
    The form holds no words yet.
    """
    del response["Cache-Control"]
    patch_cache_control(response, private=True, no_cache=True)
    return response


def finish(response):
    """Keep a page with words, or about them, out of caches and search engines."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


def too_big(request, page):
    """More than the server reads at all: the browser still has the text."""
    context = {
        **public_context(request),
        "page": page,
        "page_url": page.get_url(request) if page else "",
        "limit": get_setting("MAX_TEXT_LENGTH"),
    }
    response = render(request, f"{_TEMPLATES}/too_big.html", context, status=413)
    return finish(response)
