"""Questions and answers on the topic's page, on a page of their own, and one by one."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.addresses import addresses_of
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.discussion.official import office_of
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.pages_context import public_context
from wagtail_eparticipation.replies import clarification_listing as listing
from wagtail_eparticipation.replies.clarifications import Clarification

_TEMPLATES = "wagtail_eparticipation/replies"


def section(request, page, consultation, stage):
    """The newest answers for the topic's page: one query, none where there are none."""
    if not consultation.clarification_count:
        return None
    address = f"{page.get_url(request)}questions/"
    items = listing.latest(consultation, _language(page), address)
    if not items:
        return None
    return {
        "items": items,
        "count": consultation.clarification_count,
        "all_url": address,
        "office": _office_at_hand(page),
    }


def _office_at_hand(page) -> str:
    """The department's name where it costs no query; else it is the municipality."""
    department = page.department
    if department is None or department.locale_id != page.locale_id:
        return ""
    return department.name


@page_route("questions")
def questions(request, page, *rest):
    """``…/questions/`` with ``?older=`` or ``?newer=``; ``…/questions/<key>/``;
    ``…/questions/feed/``."""
    rest = [part for part in rest if part]
    if len(rest) > 1 or request.method not in ("GET", "HEAD"):
        raise Http404
    consultation, now = page.consultation, clock.now()
    page_url = page.get_url(request)
    address = f"{page_url}questions/"
    if rest == ["feed"]:
        response = _feed(request, page, address)
        return limit_caching(response, [consultation], now)
    try:
        context = (
            _one(page, rest[0], address) if rest else _list(request, page, address)
        )
    except Clarification.DoesNotExist:
        raise Http404(_("There is no such question.")) from None
    hub = page.get_parent()
    context |= {
        "page": page,
        "page_url": page_url,
        "office": pick(office_of(consultation)),
        "all_url": address,
        "feed_url": f"{address}feed/",
        "contact_url": f"{page_url}contact/",
        "breadcrumbs": [
            {"title": hub.title, "url": hub.get_url(request)},
            {"title": page.title, "url": page_url},
            {"title": _("Questions and answers"), "url": ""},
        ],
        **public_context(request, _addresses(request, page, rest)),
    }
    response = render(request, f"{_TEMPLATES}/questions.html", context)
    return limit_caching(response, [consultation], now)


def _list(request, page, address: str):
    consultation, language = page.consultation, _language(page)
    if older := request.GET.get("older"):
        found = listing.older_than(consultation, older, language, address)
    elif newer := request.GET.get("newer"):
        found = listing.newer_than(consultation, newer, language, address)
    else:
        found = listing.newest(consultation, language, address)
    return {
        "items": found.items,
        "newer_url": f"{address}?newer={found.newer}" if found.newer else "",
        "older_url": f"{address}?older={found.older}" if found.older else "",
        "first_url": address if found.newer else "",
    }


def _one(page, key: str, address: str):
    row = listing.find(page.consultation, key)
    return {"items": [listing.one(row, _language(page), address)], "alone": True}


def _language(page) -> str:
    """The content language of the page; what is shown in another one is marked."""
    return page.locale.language_code


def _feed(request, page, address: str) -> HttpResponse:
    """The newest answers as Atom, in the language of the page."""
    language = _language(page)
    feed = Atom1Feed(
        title=_("Questions and answers: %(topic)s") % {"topic": page.title},
        link=request.build_absolute_uri(address),
        description=page.question,
        # An author is required, for the feed or for each entry (RFC 4287, 4.1.1).
        author_name=pick(office_of(page.consultation)) or _("The municipality"),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
        feed_guid=f"urn:uuid:{page.consultation.public_id}:questions",
    )
    for item in listing.newest(page.consultation, language, address).items:
        withdrawn = item.withdrawn_at is not None
        feed.add_item(
            title=_("Withdrawn") if withdrawn else item.question,
            link=request.build_absolute_uri(item.url),
            description=(
                format_html("<p>{}</p>", item.reason) if withdrawn else item.answer
            ),
            pubdate=item.published_at,
            updateddate=item.withdrawn_at or item.corrected_at or item.published_at,
            unique_id=request.build_absolute_uri(item.url),
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _addresses(request, page, rest):
    """The same view in the topic's other languages."""
    tail = "/".join(["questions", *rest]) + "/"
    pages = page.consultation.pages.filter(live=True, withheld=False)
    return addresses_of(pages.select_related("locale"), request, tail)
