"""The suggestions of a topic in public: the list, and each at its own address."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.consultations.addresses import addresses_of, other_languages
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.discussion import suggestion_listing as listing
from wagtail_eparticipation.discussion import support_views
from wagtail_eparticipation.discussion.showing import hidden_because
from wagtail_eparticipation.discussion.suggestions import PublicSuggestion
from wagtail_eparticipation.discussion.views import SILENT
from wagtail_eparticipation.discussion.voices import files_of, name_of
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.participations.categories import categories_on
from wagtail_eparticipation.participations.suggestion_forms import point_words
from wagtail_eparticipation.participations.suggestions import Status

_TEMPLATES = "wagtail_eparticipation/discussion"
_TONES = {
    Status.UNDER_STUDY: "info",
    Status.TAKEN_UP: "success",
    Status.NOT_TAKEN_UP: "warning",
}


@page_route("suggestions")
def suggestions(request, page, *rest):
    """``…/suggestions/``, ``…/suggestions/<key>/``, ``…/suggestions/<key>/support/``.

    The list takes ``order`` (``newest``, ``supported``), ``category``, ``status``,
    ``after`` and ``before``; what it does not know it passes over.
    """
    rest = [part for part in rest if part]
    now = clock.now()
    stage = page.consultation.stage(now)
    if stage in SILENT or request.method not in ("GET", "HEAD"):
        raise Http404
    hidden = hidden_because(page.results_display, stage)
    if hidden and rest:
        return redirect(f"{page.get_url(request)}suggestions/")
    try:
        if hidden:
            response = _hidden(request, page, hidden)
        elif not rest:
            response = _list(request, page, stage)
        elif len(rest) == 1:
            response = _one(request, page, rest[0], stage)
        elif len(rest) == 2 and rest[1] == "support":
            return support_views.ask(request, page, rest[0])
        else:
            raise Http404
    except PublicSuggestion.DoesNotExist:
        raise Http404(_("There is no such suggestion.")) from None
    return limit_caching(response, [page.consultation], now)


def _list(request, page, stage):
    categories = categories_on(page)
    asked = _asked(request, categories)
    ends = {name: request.GET.get(name, "")[:64] for name in ("after", "before")}
    found = listing.listed(page.consultation, **asked, **ends)
    address = f"{page.get_url(request)}suggestions/"
    is_open = stage == Stage.COLLECTING and "suggestion" in page.tools
    context = {
        **_context(request, page, [], _("Suggestions")),
        "items": [item(each, address, stage, categories) for each in found.suggestions],
        "groups": _filters(asked, categories),
        "is_filtered": bool(asked["category"] or asked["status"]),
        "is_first": not (ends["after"] or ends["before"]),
        "by_support": asked["order"] == "supported",
        "list_url": address,
        "newer_url": _link(address, asked, before=found.before),
        "older_url": _link(address, asked, after=found.after),
        "suggest_url": f"{page.get_url(request)}participate/suggestion/"
        if is_open
        else "",
    }
    return render(request, f"{_TEMPLATES}/suggestions.html", context)


def _hidden(request, page, reason: str):
    context = _context(request, page, [], _("Suggestions"))
    context |= {"hidden": reason, "is_first": True}
    return render(request, f"{_TEMPLATES}/suggestions.html", context)


def _asked(request, categories) -> dict[str, str]:
    """Order and filters out of an address, as far as there are such."""
    order = request.GET.get("order", "")
    category = request.GET.get("category", "")
    status = request.GET.get("status", "")
    return {
        "order": order if order in listing.ORDERS else "newest",
        "category": category if category in categories else "",
        "status": status if status in Status.values else "",
    }


def _link(address: str, asked: dict[str, str], **end: str) -> str:
    if not any(end.values()):
        return ""
    kept = {name: value for name, value in asked.items() if value}
    return f"{address}?{urlencode({**kept, **end})}"


def _filters(asked, categories) -> list[dict]:
    """Inputs of ``components/filters.html``."""
    orders = {"newest": _("Newest first"), "supported": _("Most supported first")}
    statuses = {"": _("Any status"), **dict(Status.choices)}
    groups = [_group(_("Order"), "order", orders, asked)]
    if categories:
        every = {"": _("All categories"), **categories}
        groups.append(_group(_("Category"), "category", every, asked))
    groups.append(_group(_("Status"), "status", statuses, asked))
    return groups


def _group(legend: str, name: str, choices, asked) -> dict:
    return {
        "legend": legend,
        "name": name,
        "type": "radio",
        "open": bool(asked[name]) and asked[name] != "newest",
        "choices": [
            {"value": value, "label": label, "checked": asked[name] == value}
            for value, label in choices.items()
        ],
    }


def _one(request, page, key: str, stage):
    found = listing.find(page.consultation, key)
    categories = categories_on(page)
    address = f"{page.get_url(request)}suggestions/"
    context = {
        **_context(request, page, [key], found.comment.title),
        "item": item(found, address, stage, categories),
        "list_url": address,
        "thread_url": f"{page.get_url(request)}discussion/{found.comment.key}/",
    }
    return render(request, f"{_TEMPLATES}/suggestion.html", context)


def _context(request, page, rest, title: str) -> dict:
    hub, page_url = page.get_parent(), page.get_url(request)
    tail = "/".join(["suggestions", *rest]) + "/"
    crumbs = [
        {"title": hub.title, "url": hub.get_url(request)},
        {"title": page.title, "url": page_url},
    ]
    if rest:
        crumbs.append({"title": _("Suggestions"), "url": f"{page_url}suggestions/"})
    pages = [page, *other_languages(page)]
    return {
        **public_context(request, addresses_of(pages, request, tail)),
        "page": page,
        "page_url": page_url,
        "consultation": page.consultation,
        "breadcrumbs": [*crumbs, {"title": title, "url": ""}],
    }


def _reworded(suggestion: PublicSuggestion) -> str:
    if suggestion.reworded_at is None:
        return ""
    return _(
        "Its author reworded it on %(date)s. Supports from before then were given to"
        " the earlier wording."
    ) % {"date": date_words(suggestion.reworded_at)}


def item(suggestion: PublicSuggestion, address: str, stage, categories) -> dict:
    """One suggestion for ``discussion/suggestion_item.html``."""
    comment = suggestion.comment
    url = f"{address}{comment.key}/"
    return {
        "anchor": comment.anchor,
        "url": url,
        "title": comment.title or _("Suggestion"),
        "html": comment.safe_html,
        "language": comment.language,
        "name": name_of(comment),
        "date": date_words(comment.published_at),
        "category": categories.get(suggestion.category, ""),
        "place": suggestion.place,
        "point": point_words(
            {"latitude": suggestion.latitude, "longitude": suggestion.longitude}
        ),
        "sources": suggestion.sources,
        "files": files_of(comment, address.removesuffix("suggestions/")),
        "status": suggestion.get_status_display(),
        "status_tone": _TONES.get(suggestion.status, ""),
        "status_date": date_words(suggestion.status_at) if suggestion.status_at else "",
        "reason": pick(suggestion.status_reason),
        "reworded": _reworded(suggestion),
        "supports": suggestion.support_count,
        "supports_text": ngettext(
            "%(count)d support", "%(count)d supports", suggestion.support_count
        )
        % {"count": suggestion.support_count},
        "support_url": f"{url}support/" if stage == Stage.COLLECTING else "",
    }
