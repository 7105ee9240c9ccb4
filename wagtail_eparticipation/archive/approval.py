"""Approving the closing report, and whether it still holds (R-5.6.2g)."""

import hashlib
import json
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation.archive.models import Report, ReportFile
from wagtail_eparticipation.archive.report import build_fresh, checksum_of
from wagtail_eparticipation.archive.report_html import render_html
from wagtail_eparticipation.archive.report_pdf import is_available, render_pdf
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.gates import Missing
from wagtail_eparticipation.consultations.refusals import IllegalTransition
from wagtail_eparticipation.consultations.stages import TRANSITIONS, Stage
from wagtail_eparticipation.consultations.windows import hold_process
from wagtail_eparticipation.languages import content_languages, missing_languages
from wagtail_eparticipation.ledger.record import record

#: What people must have written in every language before approval.
WRITTEN = (
    "interpretation",
    "mechanism",
    "achievements",
    "obstacles",
    "recommendations",
)

#: Stages in which the outcome is public and the topic not yet closed: what is written
#: in the report can still change.
WRITABLE = TRANSITIONS["close"].origins
#: Between closing and sealing only the figures can change, by a take-down.
APPROVABLE = WRITABLE | {Stage.CLOSED}


class ReportIncomplete(ValueError):
    """The report cannot be approved yet; ``missing`` names what is lacking."""

    def __init__(self, missing: list[Missing]):
        super().__init__("; ".join(str(item) for item in missing))
        self.missing = missing


def missing_items(report: Report) -> list[Missing]:
    """What people still have to write, per field and language.

    ``url`` leads to the field on the page of the report.
    """
    languages = content_languages()
    return [
        Missing(
            _("%(field)s in %(language)s")
            % {
                "field": Report._meta.get_field(field).verbose_name,
                "language": name,
            },
            url=f"#id_{field}_{place}",
            language=code,
        )
        for field in WRITTEN
        for place, (code, name) in enumerate(languages)
        if code in missing_languages(getattr(report, field))
    ]


def outdated_parts(report: Report) -> list[int]:
    """Numbers of the parts that would read differently if approved now.

    A decision that was corrected, a text taken down or a message sent since approval
    shows here; without this the package would contradict itself (AC-S6-B2).
    """
    frozen = report.content or {}
    return sorted(
        {
            now["number"]
            for language, content in frozen.items()
            for before, now in zip(
                content["parts"],
                _plain(build_fresh(report, language))["parts"],
                strict=True,
            )
            if before != now
        }
    )


def _plain(content):
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def approve(report: Report, *, actor, now: datetime) -> Report:
    """Freeze the report in all languages and keep its editions (R-5.6.2g).

    The outcome must be public: announced, withdrawn or cancelled (R-5.6.1a). A report
    whose figures changed since its approval is frozen anew, until the topic is sealed.
    Raises :class:`ReportIncomplete` and ``IllegalTransition``. The PDF edition is made
    where the ``[pdf]`` extra is installed; without it HTML stands alone and the desk
    says so.
    """
    access.require(actor, "close", report.consultation)
    with transaction.atomic():
        consultation, _window = hold_process(report.consultation_id)
        if consultation.stage(now) not in APPROVABLE:
            raise IllegalTransition(
                _(
                    "The report can be approved once the decision is announced or the"
                    " topic withdrawn or cancelled, and until it is sealed."
                )
            )
        report = Report.objects.get(pk=report.pk)
        if report.is_approved and not outdated_parts(report):
            return report
        if missing := missing_items(report):
            raise ReportIncomplete(missing)
        _drop_editions(report)
        report.approved_at, report.approved_by = now, actor
        content = {code: build_fresh(report, code) for code, _n in content_languages()}
        report.content = content
        report.checksum = checksum_of(content)
        _write(report)
        for code, edition in content.items():
            _keep(report, code, ReportFile.Format.HTML, render_html(edition).encode())
            if is_available():
                _keep(report, code, ReportFile.Format.PDF, render_pdf(edition, now))
        record(
            consultation,
            "report_approved",
            actor=actor,
            at=now,
            data={"checksum": report.checksum},
        )
    return report


def take_back(report: Report, *, actor, now: datetime) -> Report:
    """Undo an approval so that the texts can be mended; until formal closing only.

    Raises ``IllegalTransition``. The ledger keeps the checksum of what was approved.
    """
    access.require(actor, "close", report.consultation)
    with transaction.atomic():
        consultation, _window = hold_process(report.consultation_id)
        report = Report.objects.get(pk=report.pk)
        if consultation.stage(now) not in WRITABLE:
            raise IllegalTransition(
                _("The approval cannot be taken back once the topic is closed.")
            )
        if not report.is_approved:
            return report
        checksum = report.checksum
        _drop_editions(report)
        report.approved_at = report.approved_by = report.content = None
        report.checksum = ""
        _write(report)
        record(
            consultation,
            "report_approval_taken_back",
            actor=actor,
            at=now,
            data={"checksum": checksum},
        )
    return report


def _write(report: Report) -> None:
    # Past save(), which refuses everybody else once a report is approved.
    models.QuerySet(Report).filter(pk=report.pk).update(
        content=report.content,
        checksum=report.checksum,
        approved_at=report.approved_at,
        approved_by=report.approved_by,
    )


def _drop_editions(report: Report) -> None:
    for edition in report.files.all():
        storage, name = edition.file.storage, edition.file.name
        edition.delete()
        # A write-once storage refuses; the file is then on no record any more.
        transaction.on_commit(partial(storage.delete, name), robust=True)


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
