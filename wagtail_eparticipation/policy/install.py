"""Finding packs, installing them as versions, and the version in force."""

import hashlib
import json
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Min

from wagtail_eparticipation.conf import SHIPPED_PACKS, get_setting, municipal_zone
from wagtail_eparticipation.policy.models import PolicyVersion
from wagtail_eparticipation.policy.schema import InvalidPack, check_pack


class PackNotFound(LookupError):
    """No directory of packs holds a pack of that name."""


class PackChanged(ValueError):
    """The installed version has other content than the pack of the same version."""


class NoPolicy(LookupError):
    """No policy version is in force."""


def pack_directories() -> list[Path]:
    """Where packs are looked for: the site's own first, then the shipped ones."""
    return [Path(path) for path in get_setting("POLICY_PACK_DIRS")] + [SHIPPED_PACKS]


def available_packs() -> list[str]:
    """Slugs of all packs that could be installed."""
    found = {
        path.parent.name
        for directory in pack_directories()
        for path in directory.glob("*/pack.toml")
    }
    return sorted(found)


def load_pack(slug: str) -> dict[str, Any]:
    """Read and check the pack; dates come as ISO text.

    Raises :class:`PackNotFound`, or ``schema.InvalidPack`` naming file and key.
    """
    for directory in pack_directories():
        path = directory / slug / "pack.toml"
        if path.is_file():
            return read_pack(path)
    raise PackNotFound(
        f"There is no policy pack “{slug}”. Available: {', '.join(available_packs())}. "
        "A site's own packs are found through its setting POLICY_PACK_DIRS."
    )


def read_pack(path: Path) -> dict[str, Any]:
    """Read and check one ``pack.toml``."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidPack(str(path), [str(error)]) from error
    if isinstance(data.get("effective_from"), date):
        data["effective_from"] = data["effective_from"].isoformat()
    check_pack(data, str(path))
    if data["slug"] != path.parent.name:
        raise InvalidPack(
            str(path),
            [f"slug: “{data['slug']}” differs from its folder “{path.parent.name}”"],
        )
    return data


def canonical_json(content: dict[str, Any]) -> str:
    """One text for equal content, whatever the order of its keys."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def checksum_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def install_pack(slug: str) -> tuple[PolicyVersion, bool]:
    """Store the pack as a policy version; returns it and whether it is new.

    Installing the same content again changes nothing. Raises :class:`PackChanged`
    when the pack was edited without a new version number: consultations pin the
    installed one, which must stay what it was (R-2.1a).
    """
    content = load_pack(slug)
    checksum = checksum_of(content)
    try:
        with transaction.atomic():
            version, created = PolicyVersion.objects.get_or_create(
                pack=slug,
                version=content["version"],
                defaults={
                    "effective_from": date.fromisoformat(content["effective_from"]),
                    "content": content,
                    "checksum": checksum,
                },
            )
    except IntegrityError:
        version = PolicyVersion.objects.get(pack=slug, version=content["version"])
        created = False
    if version.checksum != checksum:
        raise PackChanged(
            f"Policy “{slug}” {version.version} is installed with other content. Give "
            "the changed pack a new version number in pack.toml and install it again."
        )
    return version, created


def named_pack() -> str:
    """The pack that the site's settings name; empty when they name none."""
    return getattr(settings, "WAGTAIL_EPARTICIPATION", {}).get("POLICY_PACK", "")


def last_installed_pack() -> str:
    """The pack whose first version came last; empty before the first installation."""
    packs = PolicyVersion.objects.values("pack").annotate(since=Min("pk"))
    return packs.order_by("-since").values_list("pack", flat=True).first() or ""


def pack_to_install() -> str:
    """What the setup installs unasked: the site's own choice before the default."""
    return named_pack() or last_installed_pack() or get_setting("POLICY_PACK")


def current_version(at: datetime, pack: str | None = None) -> PolicyVersion:
    """The version in force at ``at``, read as a day in the municipality's zone.

    Looks among versions of ``pack``; without one, of the pack that the site names by
    its setting ``POLICY_PACK``, else of the pack that was installed last. Raises
    :class:`NoPolicy` when none is in force.
    """
    day = at.astimezone(municipal_zone()).date()
    in_force = PolicyVersion.objects.filter(effective_from__lte=day)
    wanted = pack or named_pack() or last_installed_pack()
    chosen = in_force.filter(pack=wanted).first()
    if chosen is None and pack is None:
        chosen = in_force.order_by("-pk").first()
    if chosen is None:
        raise NoPolicy(
            f"No participation policy is in force on {day.isoformat()}: run "
            "“manage.py eparticipation_setup”."
        )
    return chosen
