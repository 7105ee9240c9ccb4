"""System checks: each names what is missing in a site and how to mend it.

``docs/reference/checks.md`` lists them all. A room that has something to check
registers it in its own ``checks.py`` with an id from that page: E006 and E007 are the
discussion room's, which alone knows the comments package.
"""

from difflib import get_close_matches

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils.module_loading import import_string

from wagtail_eparticipation.conf import DEFAULTS, get_setting
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.private_files import private_storage, served_folder
from wagtail_eparticipation.setting_checks import unusable_settings

PREFIX = "wagtail_eparticipation"
REQUIRED_APPS = (
    "django_comments_xtd",
    "django_comments",
    "django.contrib.sites",
    "wagtail.contrib.forms",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
)
SETUP = "manage.py eparticipation_setup --policy qassim"


def refuse_missing_apps() -> None:
    """Raise ``ImproperlyConfigured`` that names the ``INSTALLED_APPS`` lines to add.

    Called before the models are imported: without these apps they cannot load, and
    Django would stop with an error that names neither the app nor the mend.
    """
    messages = check_installed_apps(None)
    if messages:
        raise ImproperlyConfigured(
            "\n".join(f"{message.msg} {message.hint}" for message in messages)
        )


@register()
def check_installed_apps(app_configs, **kwargs):
    return [
        Error(
            f"wagtail_eparticipation needs the app {name}, which is not installed.",
            hint=f'Add the line "{name}", to INSTALLED_APPS.',
            id=f"{PREFIX}.E001",
        )
        for name in REQUIRED_APPS
        if not apps.is_installed(name)
    ]


@register()
def check_site_id(app_configs, **kwargs):
    if isinstance(getattr(settings, "SITE_ID", None), int):
        return []
    return [
        Error(
            "SITE_ID is not set. Without it the comments package looks up a site for "
            "each host name and fails on those it does not know.",
            hint="Add SITE_ID = 1 to the settings.",
            id=f"{PREFIX}.E002",
        )
    ]


@register(Tags.urls)
def check_urls(app_configs, **kwargs):
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    if "eparticipation" in get_resolver().app_dict:
        return _hidden_addresses()
    return [
        Error(
            "The addresses of wagtail_eparticipation are not included in "
            f"{settings.ROOT_URLCONF}.",
            hint='Add path("eparticipation/", include("wagtail_eparticipation.urls")) '
            "to urlpatterns, before Wagtail's own pattern.",
            id=f"{PREFIX}.E003",
        )
    ]


def _hidden_addresses():
    """Wagtail's own pattern takes every address, so ours must stand before it."""
    address = reverse("eparticipation:look_up", args=[content_languages()[0][0]])
    try:
        match = resolve(address)
    except Resolver404:
        match = None
    if match is not None and "eparticipation" in match.app_names:
        return []
    return [
        Error(
            f"{address} does not lead to wagtail_eparticipation: another pattern of "
            f"{settings.ROOT_URLCONF} takes it first.",
            hint='Move path("eparticipation/", include("wagtail_eparticipation.urls")) '
            "before Wagtail's own pattern.",
            id=f"{PREFIX}.E003",
        )
    ]


@register()
def check_time_zones(app_configs, **kwargs):
    if settings.USE_TZ:
        return []
    return [
        Error(
            "USE_TZ is off: openings and closings are instants and need time zones.",
            hint="Set USE_TZ = True in the settings.",
            id=f"{PREFIX}.E008",
        )
    ]


@register()
def check_setting_values(app_configs, **kwargs):
    return [
        Error(
            f'WAGTAIL_EPARTICIPATION["{name}"] cannot be used: {problem}.',
            hint=hint,
            id=f"{PREFIX}.E004",
        )
        for name, problem, hint in unusable_settings()
    ]


@register()
def check_page_model(app_configs, **kwargs):
    model = getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page")
    if model == "wagtailcore.Page":
        return []
    return [
        Error(
            f"WAGTAIL_PAGE_MODEL is {model!r}. The page types of "
            "wagtail_eparticipation are made on wagtailcore.Page and cannot follow.",
            hint="Remove WAGTAIL_PAGE_MODEL from the settings, or build the site's own "
            "page types on the package's page mixins.",
            id=f"{PREFIX}.E005",
        )
    ]


@register()
def check_locale_middleware(app_configs, **kwargs):
    if len(content_languages()) < 2:
        return []
    names = list(settings.MIDDLEWARE)
    setting = [place for place, name in enumerate(names) if _sets_language(name)]
    common = "django.middleware.common.CommonMiddleware"
    if setting and (common not in names or setting[0] < names.index(common)):
        return []
    if setting:
        return [
            Warning(
                "The middleware that activates the language of a request stands after "
                "CommonMiddleware, which then redirects in the wrong language.",
                hint=f'Move "{names[setting[0]]}" before "{common}" in MIDDLEWARE.',
                id=f"{PREFIX}.W001",
            )
        ]
    return [
        Warning(
            "The site has several languages, but no middleware activates the language "
            "of a request: forms and mails would all come in the first one.",
            hint='Add "django.middleware.locale.LocaleMiddleware" to MIDDLEWARE, after '
            "SessionMiddleware and before CommonMiddleware.",
            id=f"{PREFIX}.W001",
        )
    ]


def _sets_language(dotted_path: str) -> bool:
    from django.middleware.locale import LocaleMiddleware

    try:
        middleware = import_string(dotted_path)
    except ImportError:
        return False
    return isinstance(middleware, type) and issubclass(middleware, LocaleMiddleware)


@register()
def check_translations(app_configs, **kwargs):
    both = ("wagtail_localize", "wagtail_localize.locales")
    present = [name for name in both if apps.is_installed(name)]
    if len(present) != 1:
        return []
    absent = next(name for name in both if name not in present)
    return [
        Warning(
            f"{present[0]} is installed without {absent}: consultations cannot be "
            "translated in the admin.",
            hint=f'Add the line "{absent}", to INSTALLED_APPS.',
            id=f"{PREFIX}.W002",
        )
    ]


@register(Tags.database)
def check_policy_installed(app_configs, databases=None, **kwargs):
    policy_version = apps.get_model("wagtail_eparticipation", "PolicyVersion")
    for alias in databases or []:
        if not _has_table(alias, policy_version):
            continue
        if policy_version.objects.using(alias).exists():
            continue
        return [
            Warning(
                "No version of the participation policy is installed, so no "
                "consultation can be put forward.",
                hint=f"Run {SETUP}",
                id=f"{PREFIX}.W003",
            )
        ]
    return []


def _has_table(alias: str, model) -> bool:
    """Before the first ``migrate`` there is none, and nothing to complain about."""
    return model._meta.db_table in connections[alias].introspection.table_names()


@register(Tags.security, deploy=True)
def check_identity_keys(app_configs, **kwargs):
    if get_setting("IDENTITY_KEYS"):
        return []
    return [
        Warning(
            "IDENTITY_KEYS is empty: names and addresses of participants are protected "
            "by a key derived from SECRET_KEY. Changing SECRET_KEY would lose them.",
            hint='Set WAGTAIL_EPARTICIPATION["IDENTITY_KEYS"] to a list with one key '
            "made by cryptography.fernet.Fernet.generate_key(), kept like a password.",
            id=f"{PREFIX}.W004",
        )
    ]


@register()
def check_private_files(app_configs, **kwargs):
    folder = served_folder(private_storage())
    if not folder:
        return []
    return [
        Warning(
            f"Files that name people are kept in {folder}, which lies in MEDIA_ROOT: "
            "a web server that hands out media hands them out to anybody.",
            hint='Let WAGTAIL_EPARTICIPATION["PRIVATE_STORAGE"] name a storage of '
            "STORAGES that lies elsewhere, or remove it.",
            id=f"{PREFIX}.W007",
        )
    ]


@register()
def check_setting_names(app_configs, **kwargs):
    messages = []
    for name in getattr(settings, "WAGTAIL_EPARTICIPATION", {}):
        if name in DEFAULTS:
            continue
        close = get_close_matches(str(name), DEFAULTS, n=1)
        messages.append(
            Warning(
                f'WAGTAIL_EPARTICIPATION["{name}"] is no setting and has no effect.',
                hint=f"Did you mean {close[0]}?"
                if close
                else "docs/reference/settings.md lists the settings.",
                id=f"{PREFIX}.W005",
            )
        )
    return messages
