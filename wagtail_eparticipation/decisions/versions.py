"""Keeping what was public, and finding it again."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max

from wagtail_eparticipation.analysis.themes import top_level
from wagtail_eparticipation.decisions.models import DecisionVersion
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.ledger.record import record

WORDS = (
    "title",
    "number",
    "decided_on",
    "body",
    "asked",
    "said",
    "decision",
    "next_steps",
    "effective_on",
    "implementer",
    "review_on",
)


def words_of(page) -> dict[str, Any]:
    """What a decision page says, as plain JSON values."""
    words = {name: getattr(page, name) for name in WORDS}
    return json.loads(json.dumps(words, cls=DjangoJSONEncoder))


def content_of(page) -> dict[str, Any]:
    """Words of the page and answers to the themes, in the page's language."""
    return {
        "words": words_of(page),
        "themes": themes_of(page.consultation, page.language),
    }


def themes_of(consultation, language: str) -> list[dict[str, Any]]:
    """The answers to the themes in one language, as plain JSON values."""
    return [
        {
            "id": theme.pk,
            "title": pick(theme.titles, language),
            "said": pick(theme.description, language),
            "disposition": theme.disposition,
            "reason": pick(theme.reason, language),
            "participations": theme.total,
        }
        for theme in top_level(consultation)
    ]


def checksum_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content's canonical JSON."""
    canonical = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def versions_of(page):
    """All versions that were public in the page's language, oldest first."""
    return DecisionVersion.objects.filter(
        consultation_id=page.consultation_id, language=page.language
    ).order_by("number")


def latest_version(page) -> DecisionVersion | None:
    """The last version that was public in the page's language."""
    return versions_of(page).last()


def keep(page, *, now: datetime, actor=None) -> DecisionVersion | None:
    """Keep what ``page`` says as the next version; ``None`` if nothing changed."""
    last = latest_version(page)
    content = content_of(page)
    if last is not None and last.content["words"] == content["words"]:
        return None
    number = versions_of(page).aggregate(last=Max("number"))["last"] or 0
    version = DecisionVersion.objects.create(
        consultation=page.consultation,
        language=page.language,
        number=number + 1,
        content=content,
        checksum=checksum_of(content),
        note=page.correction_note.strip() if last else "",
        published_at=now,
    )
    record(
        page.consultation,
        "decision_published" if last is None else "decision_corrected",
        actor=actor,
        at=now,
        data={
            "language": version.language,
            "version": version.number,
            "checksum": version.checksum,
            "note": version.note,
        },
    )
    return version
