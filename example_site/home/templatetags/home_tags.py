"""What the site's frame shows on every page: home, menu, languages, open topics."""

from django import template
from django.utils.translation import get_language
from wagtail.models import Page, Site

from home.models import HomePage
from wagtail_eparticipation.consultations.hub import hub_context
from wagtail_eparticipation.consultations.pages import ConsultationIndexPage
from wagtail_eparticipation.languages import content_languages

register = template.Library()

#: Topics on the home page.
SHOWN = 3


@register.simple_tag(takes_context=True)
def site_home(context) -> HomePage | None:
    """The home page in the language of the page that is being read."""
    request = context["request"]
    homes = getattr(request, "example_homes", None)
    if homes is None:
        site = Site.find_for_request(request)
        key = site.root_page.translation_key if site else None
        found = HomePage.objects.filter(translation_key=key, live=True)
        homes = {home.locale.language_code: home for home in _with_locale(found)}
        request.example_homes = homes
    return homes.get(_language(context)) or next(iter(homes.values()), None)


@register.simple_tag(takes_context=True)
def site_menu(context, home) -> list[dict]:
    """The home page's children that want to stand in the menu."""
    if home is None:
        return []
    request, here = context["request"], context["request"].path
    pages = _with_locale(home.get_children().live().in_menu())
    urls = [(page.title, page.get_url(request)) for page in pages]
    return [
        {"title": title, "url": url, "current": here.startswith(url)}
        for title, url in urls
    ]


@register.simple_tag(takes_context=True)
def site_languages(context) -> list[dict]:
    """This page in the site's languages; the package's pages say it themselves."""
    if context.get("ep_languages"):
        return context["ep_languages"]
    request, page = context["request"], context.get("page")
    active = _language(context)
    if not isinstance(page, Page):
        return []
    versions = Page.objects.filter(translation_key=page.translation_key, live=True)
    urls = {
        version.locale.language_code: version.get_url(request)
        for version in _with_locale(versions)
    }
    return [
        {"code": code, "name": name, "url": urls[code], "current": code == active}
        for code, name in content_languages()
        if code in urls
    ]


@register.simple_tag(takes_context=True)
def topics_now(context, home) -> dict:
    """The first cards of the hub below ``home``, and the hub's address."""
    hub = ConsultationIndexPage.objects.live().child_of(home).first()
    if hub is None:
        return {}
    shown = hub_context(context["request"], hub)
    return {"cards": shown["cards"][:SHOWN], "url": shown["hub_url"]}


def _with_locale(pages):
    return pages.select_related("locale")


def _language(context) -> str:
    return (get_language() or "").split("-")[0]
