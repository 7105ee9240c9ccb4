"""Reads the data files of ``example_site/content``; every text has two languages."""

import json
import tomllib
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

CONTENT = Path(settings.BASE_DIR) / "content"
LANGUAGES = ("ar", "en")
_NAMESPACE = uuid.UUID("5a1d7f52-6b1e-4c43-9d0c-2f1f0c9a7e11")


def read(name: str) -> dict[str, Any]:
    """One file, by its path below ``content`` without the ending; empty if absent."""
    path = CONTENT / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def topic_names() -> list[str]:
    """Names of all topics, the one that began longest ago first."""
    names = [path.stem for path in (CONTENT / "topics").glob("*.toml")]
    return sorted(names, key=lambda name: read(f"topics/{name}")["course"]["created"])


def said(value: Any, language: str) -> Any:
    """``value`` with each pair of ``ar`` and ``en`` replaced by one of them."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return value[language].strip()
        return {key: said(each, language) for key, each in value.items()}
    if isinstance(value, list):
        return [said(each, language) for each in value]
    return value


def both(value: dict[str, str]) -> dict[str, str]:
    """A text in all languages, as the process keeps it."""
    return {language: value[language].strip() for language in LANGUAGES}


def stable_id(*place: object) -> str:
    """The id of a block or option: the same in every language and every loading."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, place))))


def block(kind: str, value: Any, *place: object) -> dict[str, Any]:
    """One block of a stream."""
    return {"type": kind, "value": value, "id": stable_id(*place)}


def items(values: list[Any], *place: object) -> list[dict[str, Any]]:
    """The entries of a list block."""
    return [block("item", each, *place, n) for n, each in enumerate(values)]


def stream(blocks: list[dict[str, Any]]) -> str:
    """Blocks as a stream field takes them."""
    return json.dumps(blocks, ensure_ascii=False)
