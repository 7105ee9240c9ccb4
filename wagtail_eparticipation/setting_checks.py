"""Which settings of ours cannot be used, and what to write instead."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from django.conf import settings
from django.template.loader import get_template
from django.utils.module_loading import import_string

from wagtail_eparticipation.conf import DEFAULTS, SHIPPED_PACKS, get_setting

#: Settings that count something, and the least of each.
_LEAST = {
    "MAX_TEXT_LENGTH": 1,
    "DISCUSSION_PAGE_SIZE": 1,
    "CLOSING_GRACE": 0,
    "PAGE_MAX_AGE": 0,
    "INVITATION_REMINDER_DAYS": 1,
    "INCIDENT_GAP_MINUTES": 1,
    "MINIMUM_FORM_SECONDS": 0,
    "PROOF_OF_WORK_NUMBER": 1000,
    "REFERRAL_WORKING_DAYS": 1,
}


#: Seconds after closing that may be called a grace (AC-S3-F3).
LONGEST_GRACE = 600


class Unusable(ValueError):
    """Says what is wrong with a value; the second argument, how to mend it."""


def unusable_settings() -> Iterator[tuple[str, str, str]]:
    """Name, problem and mend of each setting that would fail where it is used."""
    for name, check in _CHECKS.items():
        value = get_setting(name)
        try:
            check(name, value)
        except Unusable as error:
            problem, mend = error.args
            yield name, problem, mend
        # Whatever a value does that nobody thought of: the check names it, and goes on.
        except Exception as error:  # noqa: BLE001
            example = DEFAULTS[name]
            yield name, f"{value!r} fails ({error})", f"The default is {example!r}."


def _zone(name: str, value) -> None:
    try:
        ZoneInfo(value)
    except Exception as error:
        mend = 'Use a name like "Asia/Riyadh".'
        raise Unusable(f"{value!r} is no time zone", mend) from error


def _number(name: str, value) -> None:
    least = _LEAST[name]
    if type(value) is not int or value < least:
        raise Unusable(
            f"{value!r} is no whole number from {least} on",
            f"Write a number, like {DEFAULTS[name]}.",
        )


def _grace(name: str, value) -> None:
    _number(name, value)
    if value > LONGEST_GRACE:
        raise Unusable(
            f"{value} seconds are longer than {LONGEST_GRACE}",
            "A grace is at most ten minutes; extend the period by an act instead.",
        )


def _function(name: str, value) -> None:
    mend = f'Name a function by its dotted path, like "{DEFAULTS[name]}".'
    try:
        usable = callable(import_string(value))
    except (ImportError, AttributeError) as error:
        problem = f"{value!r} is no function that can be imported"
        raise Unusable(problem, mend) from error
    if not usable:
        raise Unusable(f"{value!r} is no function", mend)


def _provider(name: str, value) -> None:
    _function(name, value)
    missing = [
        method
        for method in ("identifier", "sign_in_url")
        if not callable(getattr(import_string(value), method, None))
    ]
    if missing:
        raise Unusable(
            f"{value!r} has no {' and no '.join(missing)}",
            "Derive it from IdentityProvider in participations.identity_provider.",
        )


def _template(name: str, value) -> None:
    try:
        get_template(value)
    except Exception as error:
        raise Unusable(
            f"the template {value!r} cannot be loaded",
            'Name a template of the site, like "base.html", or leave it out.',
        ) from error


def _storage(name: str, value) -> None:
    if not isinstance(value, str) or value not in settings.STORAGES:
        raise Unusable(
            f"{value!r} is not in STORAGES",
            f'Add "{value}" to STORAGES, or name a storage that is there.',
        )


def _private_storage(name: str, value) -> None:
    if value != "":
        _storage(name, value)


def _service(name: str, value) -> None:
    example = (
        '{"BACKEND": "wagtail_eparticipation.replies.complaint_services.UrlService", '
        '"OPTIONS": {"url": "https://…"}}'
    )
    _backend(value, example, "hand_over", "docs/reference/complaints.md")


def _scanner(name: str, value) -> None:
    example = (
        '{"BACKEND": "wagtail_eparticipation.participations.clamav.ClamAV", '
        '"OPTIONS": {"socket": "/run/clamav/clamd.ctl"}}'
    )
    _backend(value, example, "scan", "docs/how-to/attachments.md")


def _attachments(name: str, value) -> None:
    whole = DEFAULTS[name]
    if not isinstance(value, dict):
        raise Unusable("it is no dictionary", f"Write some of {whole!r}.")
    if unknown := sorted(set(map(str, value)) - set(whole)):
        raise Unusable(f"it has no entry {unknown[0]!r}", f"Write some of {whole!r}.")
    for key, least in (("MAX_FILES", 0), ("MAX_BYTES", 1)):
        number = value.get(key, whole[key])
        if type(number) is not int or number < least:
            raise Unusable(
                f"{key} is {number!r}, no whole number from {least} on",
                f"Write a number, like {whole[key]}.",
            )
    if type(value.get("UNSCANNED", False)) is not bool:
        raise Unusable("UNSCANNED is neither True nor False", "Write one of them.")
    types = value.get("TYPES", whole["TYPES"])
    if not isinstance(types, list | tuple):
        raise Unusable("TYPES is no list", f"Write some of {whole['TYPES']!r}.")
    for each in types:
        if each not in whole["TYPES"]:
            raise Unusable(
                f"files of the type {each!r} cannot be checked",
                f"Write some of {whole['TYPES']!r}.",
            )


def _backend(value, example: str, method: str, docs: str) -> None:
    if value == {}:
        return
    if not isinstance(value, dict) or not isinstance(value.get("BACKEND"), str):
        raise Unusable("it is no dictionary with a BACKEND", f"Write {example}.")
    if unknown := sorted(set(value) - {"BACKEND", "OPTIONS"}):
        raise Unusable(f"it has no entry {unknown[0]!r}", f"Write {example}.")
    try:
        backend = import_string(value["BACKEND"])
    except ImportError as error:
        raise Unusable(
            f"{value['BACKEND']!r} cannot be imported", f"Write {example}."
        ) from error
    try:
        made = backend(**value.get("OPTIONS", {}))
        usable = callable(getattr(made, method))
    except (ValueError, TypeError, AttributeError) as error:
        # Options may hold a secret: of their values only what the service says.
        raise Unusable(
            f"the service cannot be made with these OPTIONS ({error})",
            f"{docs} lists the options.",
        ) from error
    if not usable:
        raise Unusable(f"{value['BACKEND']!r} is no service", f"Write {example}.")


def _keys(name: str, value) -> None:
    if not isinstance(value, list | tuple):
        raise Unusable(f"{type(value).__name__} is no list", "Make it a list of keys.")
    for position, key in enumerate(value, start=1):
        try:
            Fernet(key)
        except (ValueError, TypeError) as error:
            raise Unusable(
                f"key {position} is no Fernet key",
                "Make one: python -c 'from cryptography.fernet import Fernet; "
                "print(Fernet.generate_key().decode())'",
            ) from error


def _pack(name: str, value) -> None:
    directories = [*_paths(get_setting("POLICY_PACK_DIRS")), SHIPPED_PACKS]
    if not isinstance(value, str) or not any(
        (directory / value / "pack.toml").is_file() for directory in directories
    ):
        raise Unusable(
            f"there is no policy pack {value!r}",
            "Name one that is shipped, such as qassim or neutral, or add the directory "
            "of your own to POLICY_PACK_DIRS.",
        )


def _directories(name: str, value) -> None:
    if not isinstance(value, list | tuple):
        raise Unusable("it is no list", "Make it a list of paths.")
    for path in value:
        if not isinstance(path, str | Path) or not Path(path).is_dir():
            raise Unusable(
                f"{path!r} is no directory",
                "Name directories that hold <slug>/pack.toml.",
            )


def _paths(value) -> list[Path]:
    usable = value if isinstance(value, list | tuple) else []
    return [Path(path) for path in usable if isinstance(path, str | Path)]


def _region(name: str, value) -> None:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
        raise Unusable(
            f"{value!r} is no code of a country",
            'Write two capital letters (ISO 3166), like "SA".',
        )


def _reference_text(name: str, value) -> None:
    if value == "":
        return
    mend = (
        "Name a UTF-8 file with a line like 1|1|text for each verse, or leave it out."
    )
    if not isinstance(value, str | Path) or not Path(value).is_file():
        raise Unusable(f"{value!r} is no file", mend)
    try:
        with Path(value).open(encoding="utf-8-sig") as file:
            usable = any(re.match(r"\s*\d+\s*\|\s*\d+\s*\|", row) for row in file)
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{value!r} cannot be read ({error})", mend) from error
    if not usable:
        raise Unusable(f"{value!r} holds no line like 1|1|text", mend)


_CHECKS = {
    "TIME_ZONE": _zone,
    "BASE_TEMPLATE": _template,
    "POLICY_PACK": _pack,
    "POLICY_PACK_DIRS": _directories,
    "MAX_TEXT_LENGTH": _number,
    "IDENTITY_KEYS": _keys,
    "SANITIZER": _function,
    "CLOSING_GRACE": _grace,
    "DISCUSSION_PAGE_SIZE": _number,
    "PAGE_MAX_AGE": _number,
    "IDENTITY_PROVIDER": _provider,
    "INVITATION_REMINDER_DAYS": _number,
    "REFERRAL_WORKING_DAYS": _number,
    "ARCHIVE_STORAGE": _storage,
    "PRIVATE_STORAGE": _private_storage,
    "COMPLAINT_SERVICE": _service,
    "INCIDENT_GAP_MINUTES": _number,
    "MINIMUM_FORM_SECONDS": _number,
    "PROOF_OF_WORK_NUMBER": _number,
    "ATTACHMENTS": _attachments,
    "ATTACHMENT_SCANNER": _scanner,
    "TELEPHONE_REGION": _region,
    "REFERENCE_TEXT": _reference_text,
}


def register(name: str, check: Callable[[str, Any], None]) -> None:
    """Let a room check a setting of its own; ``check`` raises :class:`Unusable`."""
    _CHECKS[name] = check
