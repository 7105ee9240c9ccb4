"""Chapters 6 and 7 of a package: how voices were sorted, and what was decided."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation.analysis.models import SetAside, Theme, ThemeAssignment
from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_files import as_json, as_page, as_table
from wagtail_eparticipation.archive.report_blocks import heading
from wagtail_eparticipation.archive.report_decision import (
    answers_table,
    decision_blocks,
)
from wagtail_eparticipation.conf import municipal_zone

SET_ASIDE = (
    "participation",
    "ground",
    "read_instead",
    "sample_size",
    "method",
    "day",
)


def analysis(consultation, bag: BagWriter) -> None:
    """Themes, what was put to each, what was not read singly, and frozen numbers."""
    themes = [
        {
            "id": theme.pk,
            "parent": theme.parent_id,
            "titles": theme.titles,
            "description": theme.description,
            "disposition": theme.disposition,
            "reason": theme.reason,
        }
        for theme in Theme.objects.filter(consultation=consultation)
    ]
    bag.add_text("06-analysis/themes.json", as_json(themes))
    assignments = (
        ThemeAssignment.objects.filter(theme__consultation=consultation)
        .select_related("participation")
        .order_by("participation_id", "theme_id")
    )
    rows = (
        {"participation": each.participation.number, "theme": each.theme_id}
        for each in assignments.iterator(chunk_size=2000)
    )
    bag.add("06-analysis/assignments.csv", as_table(("participation", "theme"), rows))
    bag.add("06-analysis/set-aside.csv", as_table(SET_ASIDE, _set_aside(consultation)))
    snapshots = [
        {
            "number": snapshot.number,
            "kind": snapshot.kind,
            "taken_at": snapshot.taken_at,
            "counts": snapshot.counts,
            "checksum": snapshot.checksum,
            "ledger": [snapshot.ledger_sequence, snapshot.ledger_hash],
        }
        for snapshot in consultation.snapshots.order_by("number")
    ]
    bag.add_text("06-analysis/snapshots.json", as_json(snapshots))


def _set_aside(consultation) -> Iterator[dict[str, Any]]:
    """What was not reviewed individually, on what ground (R-6.3.1b)."""
    zone = municipal_zone()
    rows = (
        SetAside.objects.filter(participation__consultation=consultation)
        .select_related("participation", "representative")
        .order_by("participation_id")
    )
    for row in rows.iterator(chunk_size=2000):
        yield {
            "participation": row.participation.number,
            "ground": row.ground,
            "read_instead": row.representative.number if row.representative else "",
            "sample_size": row.sample_size or "",
            "method": row.method,
            "day": row.at.astimezone(zone).date().isoformat(),
        }


def decision(consultation, bag: BagWriter) -> None:
    """Every version that was public, in each language; the last one by name too."""
    versions = consultation.decision_versions.order_by("language", "number")
    latest = {version.language: version for version in versions}
    for version in versions:
        name = f"07-decision/version-{version.number}.{version.language}"
        record = {
            "number": version.number,
            "language": version.language,
            "published_at": version.published_at,
            "note": version.note,
            "checksum": version.checksum,
            "content": version.content,
        }
        bag.add_text(f"{name}.json", as_json(record))
        bag.add_text(f"{name}.html", _decision_page(version))
    for language, version in latest.items():
        bag.add_text(f"07-decision/decision.{language}.html", _decision_page(version))


def _decision_page(version) -> str:
    words, language = version.content["words"], version.language
    words = {**words, "asked": words["asked"] or _question(version)}
    with override(language):
        blocks = [
            *decision_blocks(words, language),
            heading(_("You said – we decided, because")),
            answers_table(version.content["themes"]),
        ]
    return as_page(
        language,
        "package_decision.html",
        title=words["title"],
        version=version,
        blocks=blocks,
    )


def _question(version) -> str:
    """What the request asked, where the decision does not say it in its own words."""
    request = version.consultation.request_versions.order_by("number").last()
    content = request.content.get(version.language, {}) if request else {}
    return content.get("question", "")
