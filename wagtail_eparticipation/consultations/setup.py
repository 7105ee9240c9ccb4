"""Groups, permissions, workflows, policy and calendar of a site, made once.

Every function may be called again: what is there is left as the site has it, and each
says what it made.
"""

from collections.abc import Callable, Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
)

from wagtail_eparticipation.calendars.defaults import ensure_default_calendar
from wagtail_eparticipation.consultations.pages import ConsultationIndexPage
from wagtail_eparticipation.consultations.workflows import (
    assign_to_hub,
    ensure_workflows,
)
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.policy.reading import Policy, policy_of

#: Duties and rows that each group works with, as codenames of permissions.
GROUPS: dict[str, tuple[str, ...]] = {
    "Topic editors": (
        "view_consultation",
        "request_act",
        *(
            f"{action}_{model}"
            for model in ("segment", "subject")
            for action in ("add", "change", "view")
        ),
        *(f"{action}_publicationact" for action in ("add", "change", "view")),
        "view_department",
        *(
            f"{action}_libraryquestion"
            for action in ("add", "change", "delete", "view")
        ),
        "submit_translation",
    ),
    "Reviewers": (
        "view_consultation",
        *(
            f"{action}_{model}"
            for model in ("department", "segment", "subject")
            for action in ("add", "change", "view")
        ),
        "view_libraryquestion",
    ),
    "Participation moderators": (
        "view_consultation",
        "moderate_participation",
        *(f"{action}_lexiconword" for action in ("add", "change", "delete", "view")),
    ),
    "Reply desk": (
        "view_consultation",
        "reply_officially",
        *(
            f"{action}_{model}"
            for model in ("workingcalendar", "cannedanswer")
            for action in ("add", "change", "view")
        ),
    ),
    "Department liaisons": ("answer_referral",),
    "Analysts": ("view_consultation", "analyse_participation"),
    "Decision makers": (
        "view_consultation",
        "request_act",
        "authorise_act",
        "take_decision",
    ),
    "Records officers": (
        "view_consultation",
        "close_consultation",
        "view_policyversion",
    ),
    "Privacy officers": ("view_consultation", "view_identity", "view_policyversion"),
}

#: What the groups may do on the pages of the hub. Nobody both edits and publishes:
#: whoever may publish can pass by the workflow.
PAGE_PERMISSIONS = {
    "Topic editors": ("add_page", "change_page"),
    "Reviewers": ("change_page", "lock_page", "unlock_page"),
    "Decision makers": ("publish_page",),
}
COLLECTION_PERMISSIONS = {
    "Topic editors": (
        "add_image",
        "change_image",
        "choose_image",
        "add_document",
        "change_document",
        "choose_document",
    ),
    "Reviewers": ("choose_image", "choose_document"),
}


#: What further rooms make of a policy; each says what it made.
_STEPS: list[Callable[[Policy], list[str]]] = []


def register_step(make: Callable[[Policy], list[str]]) -> None:
    """Have something made with every other thing: ``make`` may be called again."""
    _STEPS.append(make)


@transaction.atomic
def set_up(pack: str, hub_slug: str = "") -> list[str]:
    """Make everything that a site needs; returns what was done, line by line."""
    done = []
    done += ensure_policy(pack)
    done += ensure_locales()
    done += ensure_groups()
    done += [
        _("Workflow or task made: %(name)s") % {"name": name}
        for name in ensure_workflows()
    ]
    policy = policy_of(install_pack(pack)[0])
    for make in _STEPS:
        done += make(policy)
    if hub_slug:
        done += ensure_hubs(hub_slug)
    done += ensure_page_permissions()
    done += ensure_collection_permissions()
    for hub in ConsultationIndexPage.objects.select_related("locale"):
        if assign_to_hub(hub):
            done.append(
                _("Workflow assigned to the hub “%(hub)s” (%(language)s)")
                % {"hub": hub.title, "language": hub.locale.language_code}
            )
    return done


def ensure_policy(pack: str) -> list[str]:
    """Install the policy pack and the calendar with its office hours."""
    version, is_new = install_pack(pack)
    had_calendar = _has_calendar()
    calendar = ensure_default_calendar(version.content)
    done = []
    if is_new:
        done.append(_("Policy installed: %(policy)s") % {"policy": version})
    if not had_calendar:
        done.append(_("Working calendar made: %(name)s") % {"name": calendar})
    return done


def ensure_locales() -> list[str]:
    """A Wagtail locale for every content language, so that pages can be translated."""
    known = set(Locale.objects.values_list("language_code", flat=True))
    codes = [code for code, _name in content_languages() if code not in known]
    Locale.objects.bulk_create(Locale(language_code=code) for code in codes)
    return [_("Language made: %(code)s") % {"code": code} for code in codes]


def _has_calendar() -> bool:
    from wagtail_eparticipation.calendars.models import WorkingCalendar

    return WorkingCalendar.objects.filter(is_default=True).exists()


def _permissions(codenames: Iterable[str]):
    """Ours and wagtail-localize's permissions; those of absent apps are left out."""
    return Permission.objects.filter(
        codename__in=codenames,
        content_type__app_label__in=["wagtail_eparticipation", "wagtail_localize"],
    )


def ensure_groups() -> list[str]:
    """The groups of the process with access to the admin and their duties."""
    admin = Permission.objects.get(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    done = []
    for name, codenames in GROUPS.items():
        group, created = Group.objects.get_or_create(name=name)
        held = set(group.permissions.values_list("pk", flat=True))
        missing = [
            permission
            for permission in (admin, *_permissions(codenames))
            if permission.pk not in held
        ]
        group.permissions.add(*missing)
        if created:
            done.append(_("Group made: %(name)s") % {"name": name})
        elif missing:
            done.append(_("Permissions added to the group %(name)s") % {"name": name})
    return done


def _page_roots() -> list[Page]:
    """The hubs; on a site without one, its root pages in every language."""
    hubs = list(ConsultationIndexPage.objects.all())
    if hubs:
        return hubs
    keys = Site.objects.values_list("root_page__translation_key", flat=True)
    return list(Page.objects.filter(translation_key__in=list(keys)))


def ensure_page_permissions() -> list[str]:
    """Editing, locking and publishing below the hub."""
    done = _take_back_from_roots()
    for page in _page_roots():
        for name, codenames in PAGE_PERMISSIONS.items():
            group = Group.objects.get(name=name)
            added = False
            for permission in Permission.objects.filter(
                content_type__app_label="wagtailcore", codename__in=codenames
            ):
                _row, created = GroupPagePermission.objects.get_or_create(
                    group=group, page_id=page.pk, permission=permission
                )
                added = added or created
            if added:
                done.append(
                    _("Page permissions of %(group)s on “%(page)s”")
                    % {"group": name, "page": page.title}
                )
    return done


def _take_back_from_roots() -> list[str]:
    """Once there is a hub, the rights that stood in for it on whole sites go."""
    if not ConsultationIndexPage.objects.exists():
        return []
    keys = Site.objects.values_list("root_page__translation_key", flat=True)
    standing_in = GroupPagePermission.objects.filter(
        group__name__in=PAGE_PERMISSIONS,
        page__translation_key__in=list(keys),
    ).exclude(page__in=ConsultationIndexPage.objects.all())
    pages = dict(standing_in.values_list("page_id", "page__title"))
    standing_in.delete()
    return [
        _("Page permissions taken back from “%(page)s”") % {"page": title}
        for title in pages.values()
    ]


def ensure_collection_permissions() -> list[str]:
    """Images and documents of the root collection."""
    root = Collection.get_first_root_node()
    done: list[str] = []
    if root is None:
        return done
    for name, codenames in COLLECTION_PERMISSIONS.items():
        group = Group.objects.get(name=name)
        added = False
        for permission in Permission.objects.filter(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"],
            codename__in=codenames,
        ):
            _row, created = GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )
            added = added or created
        if added:
            done.append(_("Media permissions of %(group)s") % {"group": name})
    return done


def ensure_hubs(slug: str) -> list[str]:
    """A live hub below the default site's root page, in each language it has."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or ConsultationIndexPage.objects.exists():
        return []
    home = site.root_page
    hub = ConsultationIndexPage(
        title=_hub_title(home.locale), slug=slug, locale=home.locale
    )
    home.add_child(instance=hub)
    done = [_("Hub made at %(address)s") % {"address": hub.get_url() or slug}]
    for translated in home.get_translations():
        other = hub.copy_for_translation(translated.locale)
        other.title, other.slug = _hub_title(translated.locale), slug
        other.save_revision().publish()
        done.append(_("Hub made at %(address)s") % {"address": other.get_url() or slug})
    return done


def _hub_title(locale: Locale) -> str:
    from django.utils.translation import override

    with override(locale.language_code):
        return _("E-participation")
