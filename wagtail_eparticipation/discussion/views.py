"""The discussion on the topic's page, as a list of its own, and thread by thread."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.consultations.addresses import addresses_of
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.channel_table import portal_takes
from wagtail_eparticipation.consultations.draft_text import comment_url
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.discussion import listing
from wagtail_eparticipation.discussion.article_counts import count_of
from wagtail_eparticipation.discussion.following import may_be_followed
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.showing import hidden_because
from wagtail_eparticipation.discussion.voices import follow_url, item
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.sanitize import is_key

#: Stages before which nobody has spoken; the section costs nothing there.
SILENT = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING, Stage.CANCELLED})


def section(request, page, consultation, stage):
    """The newest voices for the consultation page: at most two queries."""
    if stage in SILENT or consultation.information_only:
        return None
    if hidden := hidden_because(page.results_display, stage):
        return {"hidden": hidden, "count": consultation.published_count}
    found = listing.newest(consultation)
    context = _listed(page.get_url(request), found, stage, consultation)
    context["count"] = consultation.published_count
    if "suggestion" in page.tools:
        context["suggestions_url"] = f"{page.get_url(request)}suggestions/"
    return context


@page_route("discussion")
def discussion(request, page, *rest):
    """``…/discussion/`` with ``?older=`` or ``?newer=``; ``…/discussion/<key>/``.

    ``?article=`` narrows the list to the voices on one article of the draft.
    """
    rest = [part for part in rest if part]
    consultation = page.consultation
    now = clock.now()
    stage = consultation.stage(now)
    if stage in SILENT or len(rest) > 1:
        raise Http404
    page_url = page.get_url(request)
    hidden = hidden_because(page.results_display, stage)
    if hidden and rest:
        return redirect(f"{page_url}discussion/")
    try:
        if hidden:
            context = {"hidden": hidden, "count": consultation.published_count}
            template = "wagtail_eparticipation/discussion/list.html"
        elif rest:
            context = _thread(request, consultation, page_url, rest[0], stage)
            template = "wagtail_eparticipation/discussion/thread.html"
        else:
            context = _list(request, consultation, page_url, stage)
            template = "wagtail_eparticipation/discussion/list.html"
    except PublishedComment.DoesNotExist:
        raise Http404(_("There is no such comment.")) from None
    hub = page.get_parent()
    context |= {
        "page": page,
        "page_url": page_url,
        "consultation": consultation,
        "discussion_url": f"{page_url}discussion/",
        "breadcrumbs": [
            {"title": hub.title, "url": hub.get_url(request)},
            {"title": page.title, "url": page_url},
            {"title": _("Discussion"), "url": ""},
        ],
        **public_context(request, _addresses(request, page, context, rest)),
    }
    response = render(request, template, context)
    return limit_caching(response, [consultation], now)


def _list(request, consultation, page_url, stage):
    key = request.GET.get("article", "")
    article = _article_or_404(consultation, key) if key else None
    if older := request.GET.get("older"):
        found = listing.older_than(consultation, older, article=key)
    elif newer := request.GET.get("newer"):
        found = listing.newer_than(consultation, newer, article=key)
    else:
        found = listing.newest(consultation, article=key)
    shown = _listed(page_url, found, stage, consultation, article)
    if article is None:
        return shown | {"count": consultation.published_count}
    return shown | {"count": count_of(consultation, key), "article": article}


def _article_or_404(consultation, key: str):
    known = articles.ever_published(consultation, _language())
    if key not in known:
        raise Http404(_("There is no such article."))
    return known[key]


def _listed(page_url, found, stage, consultation, article=None):
    """The context of a list; each voice says which article it is about, if any."""
    may_reply = portal_takes(consultation, stage)
    address = f"{page_url}discussion/"
    narrowed = f"article={article.key}&" if article else ""
    first = f"{address}?article={article.key}" if article else address
    named = {}
    if article is None and any(voice.article for voice in found.voices):
        named = articles.ever_published(consultation, _language())
    participate = f"{page_url}participate/"
    if article is not None:
        participate = comment_url(page_url, article.key)
    return {
        "voices": [
            item(
                voice,
                page_url,
                may_reply=may_reply,
                replies=voice.first_replies,
                articles=named,
            )
            for voice in found.voices
        ],
        "newer_url": f"{address}?{narrowed}newer={found.newer}" if found.newer else "",
        "older_url": f"{address}?{narrowed}older={found.older}" if found.older else "",
        "first_url": first if found.newer else "",
        "all_url": address,
        "participate_url": participate if may_reply else "",
    }


def _language() -> str:
    return (get_language() or "").split("-")[0]


def _thread(request, consultation, page_url, key, stage):
    comment = listing.find(consultation, key)
    found = listing.thread(comment, after=_position(request.GET.get("after", "")))
    address = f"{page_url}discussion/{found.root.key}/"
    may_reply = portal_takes(consultation, stage)
    named = {}
    if found.root.article:
        named = articles.ever_published(consultation, _language())
    voice = item(
        found.root,
        page_url,
        may_reply=may_reply,
        replies=found.replies,
        articles=named,
    )
    # All of the thread is here: nothing more to point to.
    voice.pop("more_replies", None)
    earlier, later = found.earlier, found.later
    followed = not found.root.is_taken_down
    followed = followed and may_be_followed(consultation, stage)
    return {
        "voice": voice,
        "follow_url": follow_url(found.root) if followed else "",
        "earlier_url": f"{address}?after={earlier}" if earlier is not None else "",
        "later_url": f"{address}?after={later}" if later is not None else "",
    }


def _position(text: str) -> int | None:
    """A key of the database out of an address, or nothing."""
    return int(text) if is_key(text) else None


def _addresses(request, page, context, rest):
    """The same view in the topic's other languages."""
    tail = "/".join(["discussion", *rest]) + "/"
    if article := context.get("article"):
        tail = f"{tail}?article={article.key}"
    pages = page.consultation.pages.filter(live=True, withheld=False)
    return addresses_of(pages.select_related("locale"), request, tail)
