"""The closing report in six parts, built from what is on record (P-5.6.2)."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation.archive import (
    report_course,
    report_origin,
    report_outcome,
)
from wagtail_eparticipation.archive.models import Report
from wagtail_eparticipation.archive.report_blocks import isolate
from wagtail_eparticipation.calendars.words import instant_words, period_words
from wagtail_eparticipation.languages import (
    direction,
    pick,
)

Part = Callable[..., Iterable[dict[str, Any]]]

#: Heading, clause and builder of each part, in the order the policy gives.
PARTS: tuple[tuple[Callable[[], str], str, Part], ...] = (
    (
        lambda: _("Initial situation and justification of the need"),
        "P-5.6.2a",
        report_origin.initial_situation,
    ),
    (
        lambda: _("Documents of putting-forward"),
        "P-5.6.2b",
        report_origin.documents,
    ),
    (
        lambda: _("Communications during the collection"),
        "P-5.6.2c",
        report_course.communications,
    ),
    (lambda: _("Detailed statistics"), "P-5.6.2d", report_course.statistics),
    (
        lambda: _("Decisions taken, mechanism and justifications"),
        "P-5.6.2e",
        report_outcome.decision,
    ),
    (
        lambda: _("Achievements, obstacles and recommendations"),
        "P-5.6.2f",
        report_outcome.lessons,
    ),
)


def build(report: Report, language: str) -> dict[str, Any]:
    """One language's report as plain data; frozen content when approved."""
    if report.is_approved and language in (report.content or {}):
        return report.content[language]
    consultation = report.consultation
    with override(language):
        title = pick(consultation.titles, language)
        return {
            "language": language,
            "direction": direction(language),
            "title": _("Closing report: %(title)s") % {"title": title},
            "reference": consultation.reference,
            "publisher": publisher_of(consultation),
            "contents": _("Contents"),
            "cover": _cover(report, language),
            "parts": [
                {
                    "number": number,
                    "clause": clause,
                    "heading": f"{number}. {heading()}",
                    "blocks": list(builder(consultation, report, language)),
                }
                for number, (heading, clause, builder) in enumerate(PARTS, 1)
            ],
        }


def publisher_of(consultation) -> str:
    """The responsible entity, as the report's author."""
    department = consultation.department
    return str(department.localized) if department else _("Municipality")


def _cover(report: Report, language: str) -> list[list[str]]:
    consultation = report.consultation
    rows = [[_("Reference"), isolate(consultation.reference)]]
    window = getattr(consultation, "window", None)
    if window is not None:
        rows.append(
            [
                _("Period"),
                period_words(window.opens_at, window.closes_at, language=language),
            ]
        )
    rows.append([_("Responsible entity"), publisher_of(consultation)])
    if report.approved_at:
        rows.append([_("Approved"), instant_words(report.approved_at, language)])
    else:
        rows.append([_("State"), _("Draft, not yet approved")])
    return rows


def checksum_of(content: dict[str, Any]) -> str:
    """SHA-256 of the report's canonical JSON."""
    canonical = json.dumps(
        content,
        cls=DjangoJSONEncoder,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def build_fresh(report: Report, language: str) -> dict[str, Any]:
    """The report as it is now, even when ``content`` is not frozen yet."""
    content, report.content = report.content, None
    try:
        return build(report, language)
    finally:
        report.content = content
