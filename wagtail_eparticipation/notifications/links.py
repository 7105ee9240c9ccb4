"""Absolute addresses for messages."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from wagtail.models import Site


def base_url() -> str:
    """The address of the default site, else that of the admin."""
    site = Site.objects.filter(is_default_site=True).first()
    return site.root_url if site else getattr(settings, "WAGTAILADMIN_BASE_URL", "")


def page_url(consultation, language: str) -> str:
    """The topic's public page in a language; empty when it has none."""
    page = consultation.page_in(language)
    return (page.full_url or "") if page else ""


def receipt_url(language: str) -> str:
    """Where a receipt code is typed in."""
    return _absolute("eparticipation:look_up", language=language)


def reader_url(name: str, language: str, token: str) -> str:
    """An address of ours that a mail to a reader carries."""
    return _absolute(f"eparticipation:{name}", language, token)


def admin_url(name: str, *args) -> str:
    """An admin page of ours."""
    return _absolute(f"eparticipation_admin:{name}", *args)


def _absolute(name: str, *args, **kwargs) -> str:
    try:
        path = reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""
    return absolute(path)


def absolute(path: str) -> str:
    """The whole address of a path of this site."""
    return urljoin(base_url(), path)
