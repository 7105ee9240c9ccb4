"""Registers the rooms' admin views with Wagtail; behaviour lives in the rooms.

A room's ``desk.py`` may offer ``viewsets`` (viewset instances), ``admin_urls``
(URL patterns below ``/admin/eparticipation/``, names in the namespace
``eparticipation_admin``), ``menu_items`` (items of our menu group),
``homepage_panels`` (callables taking the request, returning a component or None) and
``log_actions`` (action, label, message) for Wagtail's own log, and ``page_buttons``
(functions of page, user and next_url that yield buttons of a page).
"""

from importlib import import_module
from importlib.util import find_spec

from django.contrib.auth.models import Permission
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.utils.urlpatterns import decorate_urlpatterns

from wagtail_eparticipation.consultations.access import APP, DUTIES
from wagtail_eparticipation.consultations.locks import has_seen_topics, holds_addresses
from wagtail_eparticipation.consultations.topic_page import is_topic_page
from wagtail_eparticipation.doors import ROOMS
from wagtail_eparticipation.participations.typed import says_when_too_much

#: Desks that are not their room's ``desk`` module.
_FURTHER = (
    "consultations.vocabulary_desk",
    "consultations.translation_desk",
    "consultations.incident_desk",
    "participations.abuse_desk",
    "surveys.export_desk",
    "analysis.article_desk",
    "surveys.library_desk",
    "moderation.objections_desk",
    "moderation.sealed_listing",
    "replies.canned_desk",
    "replies.clarification_desk",
    "replies.campaign_desk",
    "replies.communications_desk",
    "moderation.lexicon_desk",
)
#: Where viewsets follow in our menu, after the rooms' own items.
_VIEWSETS_ORDER = 1000


def _desks() -> list:
    names = [*(f"{room}.desk" for room in ROOMS), *_FURTHER]
    names = [f"wagtail_eparticipation.{name}" for name in names]
    return [import_module(name) for name in names if find_spec(name) is not None]


def _offered(attribute: str) -> list:
    return [item for desk in DESKS for item in getattr(desk, attribute, ())]


DESKS = _desks()
VIEWSETS = _offered("viewsets")

for viewset in VIEWSETS:
    if isinstance(viewset, SnippetViewSet):
        # They stand in our menu, so Wagtail's list of snippets need not show them.
        viewset.menu_item_is_registered = True
        register_snippet(viewset)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [each for each in VIEWSETS if not isinstance(each, SnippetViewSet)]


@hooks.register("register_admin_urls")
def register_urls():
    views = decorate_urlpatterns(_offered("admin_urls"), says_when_too_much)
    return [path("eparticipation/", include((views, "eparticipation_admin")))]


@hooks.register("register_admin_menu_item")
def register_menu():
    """One group for everything; sites add to it through its own two hooks."""
    items = [
        *_offered("menu_items"),
        *(
            each.get_menu_item(order=_VIEWSETS_ORDER + position)
            for position, each in enumerate(VIEWSETS)
        ),
    ]
    menu = Menu(
        register_hook_name="register_eparticipation_menu_item",
        construct_hook_name="construct_eparticipation_menu",
        items=items,
    )
    return SubmenuMenuItem(
        _("E-participation"),
        menu,
        name="eparticipation",
        icon_name="comment",
        order=150,
    )


@hooks.register("construct_homepage_panels")
def add_homepage_panels(request, panels):
    made = (make(request) for make in _offered("homepage_panels"))
    panels.extend(panel for panel in made if panel is not None)


@hooks.register("before_edit_page")
def keep_address(request, page):
    """Leave the slug above closed topics as it is, and save the rest of the form."""
    slug = request.POST.get("slug", page.slug)
    if slug == page.slug or is_topic_page(page) or not holds_addresses(page):
        return
    request.POST = request.POST.copy()
    request.POST["slug"] = page.slug
    text = _("The slug was kept: closed topics below this page keep their addresses.")
    messages.warning(request, text)


@hooks.register("before_delete_page")
def keep_topics(request, page):
    """Say why a page stays above which people have seen topics, whoever deletes it."""
    if not has_seen_topics(page):
        return None
    text = _("“%(page)s” stays: published topics stand below it.") % {"page": page}
    messages.error(request, text)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def keep_topics_in_bulk(request, action_type, objects, action):
    """The same for pages that are deleted together."""
    if action_type != "delete" or not issubclass(action.model, Page):
        return None
    answers = (keep_topics(request, page) for page in objects)
    return next(filter(None, answers), None)


@hooks.register("before_convert_alias_page")
def keep_alias(request, page):
    """A topic has one page in a language; what shows it elsewhere stays an alias."""
    shown = page.alias_of
    if not is_topic_page(page.specific) or shown.locale_id != page.locale_id:
        return None
    messages.error(
        request, _("A topic has one page in each language: copy it instead.")
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("register_permissions")
def register_permissions():
    """Duties that a group can be given; ``eparticipation_setup`` gives them."""
    codenames = [duty.removeprefix(f"{APP}.") for duty in DUTIES.values()]
    return Permission.objects.filter(
        content_type__app_label=APP, codename__in=codenames
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for action, label, message in _offered("log_actions"):
        actions.register_action(action, label, message)


@hooks.register("register_page_header_buttons")
def add_page_header_buttons(page, user, view_name, next_url=None):
    for make in _offered("page_buttons"):
        yield from make(page, user, next_url)


@hooks.register("register_page_listing_more_buttons")
def add_page_listing_buttons(page, user, next_url=None):
    for make in _offered("page_buttons"):
        yield from make(page, user, next_url)
