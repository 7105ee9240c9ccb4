"""What closing and sealing need from this room."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.archive.approval import outdated_parts
from wagtail_eparticipation.archive.models import ArchivePackage, Report
from wagtail_eparticipation.consultations.gates import Missing, gate


def report_url(consultation) -> str:
    """Admin address of a consultation's report."""
    return reverse("eparticipation_admin:report", args=[consultation.pk])


@gate("close")
def report_must_be_approved(consultation, now: datetime) -> Iterable[Missing]:
    """Six parts, complete and approved (R-5.6.1a, AC-S6-A1)."""
    report = Report.objects.filter(consultation=consultation).first()
    if report is None:
        yield Missing(
            _("The closing report has not been written yet."), report_url(consultation)
        )
    elif not report.is_approved:
        yield Missing(
            _("The closing report is not approved yet."), report_url(consultation)
        )


@gate("close")
@gate("archive")
def report_must_hold(consultation, now: datetime) -> Iterable[Missing]:
    """The report says what is on record, or is approved anew (AC-S6-B2)."""
    report = Report.objects.filter(consultation=consultation).first()
    if report is None or not report.is_approved:
        return
    for number in outdated_parts(report):
        yield Missing(
            _(
                "Part %(number)d of the closing report has changed since its approval."
                " Approve the report again."
            )
            % {"number": number},
            report_url(consultation),
        )


@gate("close")
def retention_must_be_set(consultation, now: datetime) -> Iterable[Missing]:
    """How long the records are kept is decided at closing (R-5.6.1a)."""
    if not consultation.retention_class:
        yield Missing(_("No retention class is set."), report_url(consultation))


@gate("archive")
def package_must_be_sealed(consultation, now: datetime) -> Iterable[Missing]:
    """A topic is archived by sealing its package and in no other way (gate 'seal')."""
    if not ArchivePackage.objects.filter(consultation=consultation).exists():
        yield Missing(_("The package is not sealed yet."), report_url(consultation))
