"""The closing report in six parts, built from what is on record (P-5.6.2)."""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation.archive import (
    report_course,
    report_origin,
    report_outcome,
)
from wagtail_eparticipation.archive.models import Report, ReportFile
from wagtail_eparticipation.archive.report_blocks import isolate
from wagtail_eparticipation.archive.report_html import render_html
from wagtail_eparticipation.archive.report_pdf import is_available, render_pdf
from wagtail_eparticipation.calendars.words import instant_words, period_words
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.gates import Missing
from wagtail_eparticipation.consultations.stages import is_allowed
from wagtail_eparticipation.languages import (
    content_languages,
    direction,
    missing_languages,
    pick,
)
from wagtail_eparticipation.ledger.record import record

#: What people must have written in every language before approval.
WRITTEN = (
    "interpretation",
    "mechanism",
    "achievements",
    "obstacles",
    "recommendations",
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


class ReportIncomplete(ValueError):
    """The report cannot be approved yet; ``missing`` names what is lacking."""

    def __init__(self, missing: list[Missing]):
        super().__init__("; ".join(str(item) for item in missing))
        self.missing = missing


def missing_items(report: Report) -> list[Missing]:
    """What people still have to write, per field and language."""
    names = dict(content_languages())
    return [
        Missing(
            _("%(field)s in %(language)s")
            % {
                "field": Report._meta.get_field(field).verbose_name,
                "language": names[code],
            },
            language=code,
        )
        for field in WRITTEN
        for code in missing_languages(getattr(report, field))
    ]


def too_early(consultation, now: datetime) -> list[Missing]:
    """Why the report cannot be approved at this stage: its outcome is not public."""
    if is_allowed("close", consultation.stage(now)):
        return []
    return [
        Missing(
            _("The decision is not announced yet; until then the report is a draft.")
        )
    ]


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


def approve(report: Report, *, actor, now: datetime) -> Report:
    """Freeze the report in all languages and keep its editions (R-5.6.2g).

    Only where the topic can be closed, so that it holds the announced decision or the
    end without one. Raises :class:`ReportIncomplete`. The PDF edition is made where
    the ``[pdf]`` extra is installed; without it HTML stands alone and the desk says so.
    """
    access.require(actor, "close", report.consultation)
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.is_approved:
            return report
        if missing := [*too_early(report.consultation, now), *missing_items(report)]:
            raise ReportIncomplete(missing)
        report.approved_at, report.approved_by = now, actor
        content = {code: build_fresh(report, code) for code, _n in content_languages()}
        report.content = content
        report.checksum = checksum_of(content)
        report.save()
        for code, edition in content.items():
            _keep(report, code, ReportFile.Format.HTML, render_html(edition).encode())
            if is_available():
                _keep(report, code, ReportFile.Format.PDF, render_pdf(edition, now))
        record(
            report.consultation,
            "report_approved",
            actor=actor,
            at=now,
            data={"checksum": report.checksum},
        )
    return report


def build_fresh(report: Report, language: str) -> dict[str, Any]:
    """The report as it is now, even when ``content`` is not frozen yet."""
    content, report.content = report.content, None
    try:
        return build(report, language)
    finally:
        report.content = content


def _keep(report: Report, language: str, format_: str, content: bytes) -> None:
    name = f"{report.consultation.reference}-report-{language}.{format_}"
    edition = ReportFile(
        report=report,
        language=language,
        format=format_,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    edition.file.save(name, ContentFile(content), save=False)
    edition.save()
