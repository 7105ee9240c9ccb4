"""Which settings of ours cannot be used, and what to write instead."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.utils.module_loading import import_string

from wagtail_eparticipation.conf import DEFAULTS, get_setting

#: Settings that count something, and the least of each.
_LEAST = {
    "MAX_TEXT_LENGTH": 1,
    "DISCUSSION_PAGE_SIZE": 1,
    "CLOSING_GRACE": 0,
    "PAGE_MAX_AGE": 0,
}


def unusable_settings() -> Iterator[tuple[str, str, str]]:
    """Name, problem and mend of each setting that would fail where it is used."""
    yield from _numbers()
    yield from _template()
    yield from _pack_directories()
    zone = get_setting("TIME_ZONE")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        yield "TIME_ZONE", f"{zone!r} is no time zone", 'Use a name like "Asia/Riyadh".'
    cleaner = get_setting("SANITIZER")
    try:
        usable = callable(import_string(cleaner))
    except ImportError:
        usable = False
    if not usable:
        yield (
            "SANITIZER",
            f"{cleaner!r} is no function that can be imported",
            f'Name a function by its dotted path, like "{DEFAULTS["SANITIZER"]}".',
        )
    alias = get_setting("ARCHIVE_STORAGE")
    if alias not in settings.STORAGES:
        yield (
            "ARCHIVE_STORAGE",
            f"{alias!r} is not in STORAGES",
            f'Add "{alias}" to STORAGES, or name a storage that is there.',
        )
    keys = get_setting("IDENTITY_KEYS")
    if isinstance(keys, str | bytes):
        yield "IDENTITY_KEYS", "it is one text", "Make it a list with the key in it."
        keys = []
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except (ValueError, TypeError):
            yield (
                "IDENTITY_KEYS",
                f"key {position} is no Fernet key",
                "Make one: python -c 'from cryptography.fernet import Fernet; "
                "print(Fernet.generate_key().decode())'",
            )


def _numbers():
    for name, least in _LEAST.items():
        value = get_setting(name)
        if type(value) is not int or value < least:
            yield (
                name,
                f"{value!r} is no whole number from {least} on",
                f"Write a number, like {DEFAULTS[name]}.",
            )


def _template():
    name = get_setting("BASE_TEMPLATE")
    try:
        get_template(name)
    except (TemplateDoesNotExist, TemplateSyntaxError, TypeError, AttributeError):
        yield (
            "BASE_TEMPLATE",
            f"the template {name!r} cannot be loaded",
            'Name a template of the site, like "base.html", or leave it out.',
        )


def _pack_directories():
    paths = get_setting("POLICY_PACK_DIRS")
    if isinstance(paths, str | bytes | Path):
        yield (
            "POLICY_PACK_DIRS",
            "it is one path",
            "Make it a list with the path in it.",
        )
        return
    for path in paths:
        if not Path(path).is_dir():
            yield (
                "POLICY_PACK_DIRS",
                f"{str(path)!r} is no directory",
                "Name directories that hold <slug>/pack.toml.",
            )
