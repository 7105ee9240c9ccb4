"""Addresses below a topic's page and below the hub that this room serves itself."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import feeds
from wagtail_eparticipation.consultations.addresses import addresses_of
from wagtail_eparticipation.consultations.caching import limit_caching
from wagtail_eparticipation.consultations.hub import Hub
from wagtail_eparticipation.consultations.models import AudienceMode, RequestVersion
from wagtail_eparticipation.consultations.presentation import TopicView
from wagtail_eparticipation.consultations.request_reading import readable
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.pages_context import public_context


@page_route("request")
def request_version(request, page, number="", *rest) -> HttpResponse:
    """The approved request as it was frozen: ``<page>/request/<number>/``.

    The document of record of P-5.1.1: reference, version, both dates, who approved
    it, and the checksum of its content.
    """
    if rest or not number.isdecimal() or len(number) > 5:
        raise Http404
    versions = list(
        RequestVersion.objects.filter(
            consultation=page.consultation, published_at__isnull=False
        ).order_by("number")
    )
    version = next((each for each in versions if each.number == int(number)), None)
    language = page.locale.language_code
    if version is None or language not in version.content:
        raise Http404
    view = TopicView(request, page)
    siblings = [
        each for each in view.siblings if each.locale.language_code in version.content
    ]
    response = render(
        request,
        "wagtail_eparticipation/consultations/request.html",
        {
            **public_context(
                request, addresses_of(siblings, request, f"request/{number}/")
            ),
            "page": page,
            "view": view,
            "consultation": page.consultation,
            "version": version,
            "versions": versions,
            "issuer": _issuer(version.content[language]),
            "parts": readable(version.content[language], language),
            "breadcrumbs": _below(view, _("Request for participation")),
        },
    )
    return limit_caching(response, [page.consultation])


def _issuer(content) -> str:
    department = content.get("department") or {}
    return department.get("name", "")


@page_route("handled")
def handled(request, page, *rest) -> HttpResponse:
    """How a participation is handled: the pinned policy and this topic's settings."""
    if rest:
        raise Http404
    view = TopicView(request, page)
    if view.policy is None:
        raise Http404
    response = render(
        request,
        "wagtail_eparticipation/consultations/handled.html",
        {
            **public_context(request, addresses_of(view.siblings, request, "handled/")),
            "page": page,
            "view": view,
            "policy": view.policy,
            "policy_version": page.consultation.policy_version,
            "contact": view.contact(),
            "contact_words": _contact_words(view),
            "identity": _identity_words(page),
            "closes_at": view.period and view.period[1],
            "breadcrumbs": _below(view, _("How your participation is handled")),
        },
    )
    return limit_caching(response, [page.consultation])


@page_route("draft")
def draft(request, page, *rest) -> HttpResponse:
    """The draft text with the comments on each article: ``<page>/draft/`` (R-4.1a)."""
    view = TopicView(request, page)
    text = None if rest else view.draft()
    if text is None:
        raise Http404
    response = render(
        request,
        "wagtail_eparticipation/consultations/draft.html",
        {
            **public_context(request, addresses_of(view.siblings, request, "draft/")),
            "page": page,
            "view": view,
            "consultation": page.consultation,
            "draft": text,
            "deadline": view.deadline(),
            "breadcrumbs": _below(view, _("Draft text")),
        },
    )
    return limit_caching(response, [page.consultation])


def _identity_words(page) -> str:
    if page.audience_mode == AudienceMode.INVITED:
        return _("Only by invitation; the invitation is not joined to your answer.")
    return _("No. Name and e-mail address are voluntary, and you need no account.")


def _contact_words(view) -> str:
    contact = view.contact() or {}
    known = (contact.get("email"), contact.get("phone"), contact.get("department"))
    return next((text for text in known if text), "")


def _below(view, title: str) -> list[dict[str, str]]:
    crumbs = view.breadcrumbs()
    crumbs[-1] = {"title": view.page.title, "url": view.address}
    return [*crumbs, {"title": title}]


@page_route("dates")
def dates(request, page, *rest) -> HttpResponse:
    """The topic's dates as an iCalendar file: ``<page>/dates/``."""
    if rest:
        raise Http404
    name = f"{page.consultation.reference}.ics"
    return feeds.calendar(request, page.title, [page], name)


def hub_feed(request, hub) -> HttpResponse:
    """The newest topics as Atom: ``<hub>/feed/``."""
    return feeds.atom_feed(request, hub, _listed_pages(hub, feeds.FEED_SIZE))


def hub_calendar(request, hub) -> HttpResponse:
    """The dates of all topics as one iCalendar file: ``<hub>/calendar/``."""
    pages = _listed_pages(hub, feeds.CALENDAR_SIZE)
    return feeds.calendar(request, hub.title, pages, "participation.ics")


def _listed_pages(hub, limit: int) -> list:
    """One page per topic in the hub's language, else in another; newest first."""
    chosen = {}
    shown = Hub(hub).public_pages().select_related("locale", "consultation__window")
    for page in shown.order_by("-consultation_id")[: limit * 2]:
        known = chosen.get(page.consultation_id)
        if known is None or page.locale_id == hub.locale_id:
            chosen[page.consultation_id] = page
    return list(chosen.values())[:limit]


HUB_VIEWS = {"feed": hub_feed, "calendar": hub_calendar}

__all__ = ["HUB_VIEWS", "dates", "draft", "handled", "request_version"]
