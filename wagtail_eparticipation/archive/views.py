"""The public side of the archive: the report as a page, and the downloads."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import get_language

from wagtail_eparticipation.archive.models import ArchivePackage, Report
from wagtail_eparticipation.archive.report import build
from wagtail_eparticipation.archive.verification import checksum_line
from wagtail_eparticipation.archive.withholding import taken_down_since
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.act_names import Part
from wagtail_eparticipation.consultations.routes import page_route
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.withholding import notice
from wagtail_eparticipation.languages import own_name
from wagtail_eparticipation.pages_context import public_context

#: From formal closing on the approved report is public (R-5.6.1e).
PUBLIC_FROM = frozenset({Stored.CLOSED, Stored.ARCHIVED})


def _public_report(consultation) -> Report:
    withheld = notice(consultation, Part.REPORT)
    if consultation.stored_stage in PUBLIC_FROM and withheld is None:
        report = Report.objects.filter(
            consultation=consultation, approved_at__isnull=False
        ).first()
        if report is not None:
            return report
    raise Http404


@page_route("report")
def report(request, page, *rest):
    """The six-part report as a page, or one of its editions as a file.

    ``<page>/report/`` and ``<page>/report/<language>-<format>/``.
    """
    found = _public_report(page.consultation)
    if not rest:
        return _report_page(request, page, found)
    language, _dash, format_ = rest[0].rpartition("-")
    edition = found.files.filter(language=language, format=format_).first()
    if len(rest) > 1 or edition is None:
        raise Http404
    name = f"{page.consultation.reference}-report-{language}.{format_}"
    return _download(edition.file, name)


def _report_page(request, page, found: Report):
    language = (get_language() or "").split("-")[0]
    addresses = {
        each.locale.language_code: f"{each.get_url(request)}report/"
        for each in page.consultation.pages.filter(live=True).select_related("locale")
    }
    package = _package(page.consultation)
    response = render(
        request,
        "wagtail_eparticipation/archive/report_page.html",
        {
            **public_context(request, addresses),
            "page": page,
            "report": build(found, language),
            "taken_down": taken_down_since(package) if package else [],
            "editions": _editions(found),
        },
    )
    patch_cache_control(response, public=True, max_age=get_setting("PAGE_MAX_AGE"))
    return response


def _editions(report: Report) -> list[dict[str, str]]:
    """The report's files as documents, each named in its own language."""
    return [
        {
            "title": own_name(each.language),
            "url": f"{each.language}-{each.format}/",
            "size": filesizeformat(each.size),
            "kind": each.get_format_display(),
            "language": each.language,
        }
        for each in report.files.order_by("language", "format")
    ]


@page_route("archive")
def archive(request, page, *rest):
    """The sealed package as a download, and its checksum beside it.

    ``<page>/archive/package/`` and ``<page>/archive/checksum/``. Once the package
    holds a text that was taken down, the first leads to the page that says so.
    """
    package = ArchivePackage.objects.filter(consultation=page.consultation).first()
    if package is None or rest not in (("package",), ("checksum",)):
        raise Http404
    if notice(page.consultation, Part.REPORT) is not None:
        raise Http404
    name = f"{page.consultation.reference}.zip"
    if rest == ("checksum",):
        return _checksum(package, name)
    if taken_down_since(package):
        response = redirect(f"{page.get_url(request)}#ep-archive")
        add_never_cache_headers(response)
        return response
    return _download(package.file, name)


def _checksum(package: ArchivePackage, name: str) -> HttpResponse:
    response = HttpResponse(checksum_line(package, name), content_type="text/plain")
    response["Content-Disposition"] = f'attachment; filename="{name}.sha256"'
    patch_cache_control(response, public=True, max_age=get_setting("PAGE_MAX_AGE"))
    return response


def _download(file, name: str) -> FileResponse:
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, public=True, max_age=get_setting("PAGE_MAX_AGE"))
    return response


def section(request, page, consultation, stage) -> dict | None:
    """The downloads on the topic's page; asks nothing before formal closing."""
    if consultation.stored_stage not in PUBLIC_FROM:
        return None
    if withheld := notice(consultation, Part.REPORT):
        return {"not_published": withheld}
    package = _package(consultation)
    return {
        "page": page,
        "package": package,
        "taken_down": taken_down_since(package) if package else [],
        "address": page.get_url(request),
    }


def _package(consultation) -> ArchivePackage | None:
    if consultation.stored_stage != Stored.ARCHIVED:
        return None
    return ArchivePackage.objects.filter(consultation=consultation).first()
