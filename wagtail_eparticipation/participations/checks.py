"""System checks: where participants sign in, and what searches their files."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.db import connections
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, resolve

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.audience_modes import IdentityMode
from wagtail_eparticipation.participations.attachment_settings import are_possible

PREFIX = "wagtail_eparticipation"


@register(Tags.database)
def check_login_page(app_configs, databases=None, **kwargs):
    """A topic that asks for an account leads its participants to a login that is there.

    Silent while no topic asks for one.
    """
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    if not any(_asks_for_an_account(alias) for alias in databases or []):
        return []
    name, address = _login()
    if _leads_somewhere(address):
        return []
    return [
        Warning(
            f"A topic asks for an account, but {name} ({address}) leads nowhere: "
            "nobody can sign in to take part.",
            hint="Set WAGTAIL_FRONTEND_LOGIN_URL or LOGIN_URL to the site's login, or "
            "add one to urlpatterns, such as django.contrib.auth.views.LoginView, "
            "before Wagtail's own pattern.",
            id=f"{PREFIX}.W008",
        )
    ]


@register(Tags.security, deploy=True)
def check_scanner(app_configs, **kwargs):
    """Files of strangers are searched for malware before anybody opens them."""
    if get_setting("ATTACHMENT_SCANNER") or not are_possible():
        return []
    return [
        Warning(
            "Files that people attach are taken without a search for malware: "
            'ATTACHMENTS["UNSCANNED"] is on and there is no ATTACHMENT_SCANNER.',
            hint='Let WAGTAIL_EPARTICIPATION["ATTACHMENT_SCANNER"] name a scanner, '
            "see docs/how-to/attachments.md.",
            id=f"{PREFIX}.W009",
        )
    ]


def _asks_for_an_account(alias: str) -> bool:
    tables = connections[alias].introspection.table_names()
    for name in ("Consultation", "ConsultationPage"):
        model = apps.get_model(PREFIX, name)
        if model._meta.db_table not in tables:
            continue
        rows = model.objects.using(alias)
        if rows.filter(identity_mode=IdentityMode.SIGNED_IN).exists():
            return True
    return False


def _login() -> tuple[str, str]:
    """The setting that says where one signs in, and its value."""
    for name in ("WAGTAIL_FRONTEND_LOGIN_URL", "LOGIN_URL"):
        if value := getattr(settings, name, None):
            return name, str(value)
    return "LOGIN_URL", ""


def _leads_somewhere(address: str) -> bool:
    try:
        path = resolve_url(address)
    except NoReverseMatch:
        return False
    if not path.startswith("/") or path.startswith("//"):
        # Another site's: nothing that could be known here.
        return "//" in path
    path = path.partition("?")[0].partition("#")[0]
    # What has no address of its own is looked for below the language, too.
    return any(map(_is_found, (path, f"/{settings.LANGUAGE_CODE}{path}")))


def _is_found(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.url_name != "wagtail_serve" or _is_a_page(path)


def _is_a_page(path: str) -> bool:
    """Wagtail's own pattern takes every address; behind this one there is a page."""
    slug = path.strip("/").rpartition("/")[2]
    return (
        apps.get_model("wagtailcore", "Page").objects.live().filter(slug=slug).exists()
    )
