"""The discussion on the topic's page, as a list of its own, and thread by thread."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.addresses import addresses_of
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.discussion import listing
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.voices import item
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.sanitize import is_key

#: Stages before which nobody has spoken; the section costs nothing there.
SILENT = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING, Stage.CANCELLED})


def section(request, page, consultation, stage):
    """The newest voices for the consultation page: at most two queries."""
    if stage in SILENT or consultation.information_only:
        return None
    found = listing.newest(consultation)
    context = _listed(page.get_url(request), found, stage)
    context["count"] = consultation.published_count
    if "suggestion" in page.tools:
        context["suggestions_url"] = f"{page.get_url(request)}suggestions/"
    return context


@page_route("discussion")
def discussion(request, page, *rest):
    """``…/discussion/`` with ``?older=`` or ``?newer=``; ``…/discussion/<key>/``."""
    rest = [part for part in rest if part]
    consultation = page.consultation
    now = clock.now()
    stage = consultation.stage(now)
    if stage in SILENT or len(rest) > 1:
        raise Http404
    page_url = page.get_url(request)
    try:
        if rest:
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
        **public_context(request, _addresses(request, page, consultation, rest)),
    }
    response = render(request, template, context)
    return limit_caching(response, [consultation], now)


def _list(request, consultation, page_url, stage):
    if older := request.GET.get("older"):
        found = listing.older_than(consultation, older)
    elif newer := request.GET.get("newer"):
        found = listing.newer_than(consultation, newer)
    else:
        found = listing.newest(consultation)
    return _listed(page_url, found, stage) | {"count": consultation.published_count}


def _listed(page_url, found, stage):
    may_reply = stage == Stage.COLLECTING
    address = f"{page_url}discussion/"
    return {
        "voices": [
            item(voice, page_url, may_reply=may_reply, replies=voice.first_replies)
            for voice in found.voices
        ],
        "newer_url": f"{address}?newer={found.newer}" if found.newer else "",
        "older_url": f"{address}?older={found.older}" if found.older else "",
        "first_url": address if found.newer else "",
        "all_url": address,
        "participate_url": f"{page_url}participate/" if may_reply else "",
    }


def _thread(request, consultation, page_url, key, stage):
    comment = listing.find(consultation, key)
    found = listing.thread(comment, after=_position(request.GET.get("after", "")))
    address = f"{page_url}discussion/{found.root.key}/"
    may_reply = stage == Stage.COLLECTING
    voice = item(found.root, page_url, may_reply=may_reply, replies=found.replies)
    # All of the thread is here: nothing more to point to.
    voice.pop("more_replies", None)
    earlier, later = found.earlier, found.later
    return {
        "voice": voice,
        "earlier_url": f"{address}?after={earlier}" if earlier is not None else "",
        "later_url": f"{address}?after={later}" if later is not None else "",
    }


def _position(text: str) -> int | None:
    """A key of the database out of an address, or nothing."""
    return int(text) if is_key(text) else None


def _addresses(request, page, consultation, rest):
    """The same view in the topic's other languages."""
    tail = "/".join(["discussion", *rest]) + "/"
    pages = consultation.pages.filter(live=True, withheld=False)
    return addresses_of(pages.select_related("locale"), request, tail)
