"""The closing report, formal closing and sealing in the Wagtail admin."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation import clock
from wagtail_eparticipation.archive import approval, sealing
from wagtail_eparticipation.archive import report as reports
from wagtail_eparticipation.archive.forms import ClosingForm, ReportForm
from wagtail_eparticipation.archive.models import ArchivePackage, Report
from wagtail_eparticipation.archive.report_html import render_html
from wagtail_eparticipation.archive.report_pdf import is_available, render_pdf
from wagtail_eparticipation.archive.verification import verify_stored
from wagtail_eparticipation.archive.withholding import taken_down_since
from wagtail_eparticipation.consultations import access, gates
from wagtail_eparticipation.consultations.acts import ActRefused, IllegalTransition
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage, is_allowed
from wagtail_eparticipation.languages import content_languages


class RecordsView(WagtailAdminTemplateMixin, View):
    """A view on one consultation for those who may close it."""

    header_icon = "folder-inverse"

    @cached_property
    def consultation(self) -> Consultation:
        found = get_object_or_404(Consultation, pk=self.kwargs["pk"])
        if not access.may(self.request.user, "close", found):
            raise PermissionDenied
        return found

    @cached_property
    def report(self) -> Report:
        existing = Report.objects.filter(consultation=self.consultation).first()
        return existing or Report(consultation=self.consultation)

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        self.consultation  # noqa: B018 (asks for permission before anything else)
        return super().dispatch(request, *args, **kwargs)

    def back(self):
        return redirect("eparticipation_admin:report", self.consultation.pk)


class ReportDesk(RecordsView, TemplateView):
    """Everything of the last stage on one page: write, approve, close, seal."""

    page_title = gettext_lazy("Closing and archive")
    template_name = "wagtail_eparticipation/archive/desk.html"

    def get_page_subtitle(self):
        return self.consultation.title

    def get_breadcrumbs_items(self):
        here = {
            "url": "",
            "label": self.get_page_title(),
            "sublabel": self.consultation.reference,
        }
        return [*super().get_breadcrumbs_items(), here]

    def post(self, request, *args, **kwargs):
        form = ReportForm(request.POST, instance=self.report)
        if self.report.is_approved:
            messages.error(request, _("The report is approved and cannot be changed."))
            return self.back()
        if form.is_valid():
            form.save()
            messages.success(request, _("The report was saved."))
            return self.back()
        messages.error(request, _("The report was not saved; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        now = clock.now()
        stage = self.consultation.stage(now)
        kwargs.setdefault("form", ReportForm(instance=self.report))
        package = ArchivePackage.objects.filter(consultation=self.consultation).first()
        can_close = is_allowed("close", stage)
        outdated = [] if package else approval.outdated_parts(self.report)
        return super().get_context_data(
            consultation=self.consultation,
            report=self.report,
            missing=approval.missing_items(self.report),
            outdated=outdated,
            can_approve=stage in approval.APPROVABLE
            and (outdated or not self.report.is_approved),
            can_take_back=stage in approval.WRITABLE and self.report.is_approved,
            stage=stage,
            can_close=can_close,
            can_seal=stage == Stage.CLOSED and package is None,
            closing_form=ClosingForm(consultation=self.consultation),
            closing_missing=[
                item
                for item in gates.missing_for("close", self.consultation, now)
                if can_close
            ],
            package=package,
            taken_down=taken_down_since(package) if package else [],
            verifications=package.verifications.all()[:10] if package else [],
            editions=self.report.files.order_by("language", "format")
            if self.report.pk
            else [],
            languages=content_languages(),
            pdf_available=is_available(),
            media=kwargs["form"].media,
            **kwargs,
        )


class Preview(RecordsView):
    """The report as it would be approved now, in one language."""

    def get(self, request, pk, language, format_="html"):
        if language not in dict(content_languages()):
            raise Http404
        content = reports.build(self.report, language)
        if format_ == "pdf":
            if not is_available():
                messages.error(request, _("The PDF edition is not installed."))
                return self.back()
            response = FileResponse(
                iter([render_pdf(content, clock.now())]),
                content_type="application/pdf",
            )
        else:
            html = render_html(content)
            response = FileResponse(iter([html.encode()]), content_type="text/html")
        response["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'"
        )
        return response


class Approve(RecordsView):
    """Freezes the report and its editions."""

    def post(self, request, pk):
        if self.report.pk is None:
            messages.error(request, _("The closing report has not been written yet."))
            return self.back()
        try:
            approval.approve(self.report, actor=request.user, now=clock.now())
        except approval.ReportIncomplete as error:
            _list(request, _("The report is not complete."), error.missing)
        except IllegalTransition as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The report was approved and frozen."))
        return self.back()


class TakeBack(RecordsView):
    """Undoes an approval before closing, so that the texts can be mended."""

    def post(self, request, pk):
        if self.report.pk is None:
            return self.back()
        try:
            approval.take_back(self.report, actor=request.user, now=clock.now())
        except IllegalTransition as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The approval was taken back."))
        return self.back()


class Close(RecordsView):
    """The formal closing."""

    def post(self, request, pk):
        form = ClosingForm(request.POST, consultation=self.consultation)
        if not form.is_valid():
            messages.error(request, _("Choose a retention class."))
            return self.back()
        try:
            sealing.close(
                self.consultation,
                actor=request.user,
                retention_class=form.cleaned_data["retention_class"],
            )
        except ActRefused as error:
            _list(request, _("The consultation cannot be closed yet."), error.missing)
        except IllegalTransition as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The consultation is formally closed."))
        return self.back()


class Seal(RecordsView):
    """Builds, verifies and seals the package."""

    def post(self, request, pk):
        try:
            sealing.seal(self.consultation, actor=request.user)
        except ActRefused as error:
            _list(request, _("The consultation cannot be sealed yet."), error.missing)
        except IllegalTransition as error:
            messages.error(request, str(error))
        except sealing.SealingFailed as error:
            _list(request, _("The package did not verify."), error.faults)
        else:
            messages.success(request, _("The package was sealed and verified twice."))
        return self.back()


class Verify(RecordsView):
    """Checks the stored package again and keeps the result."""

    def post(self, request, pk):
        package = get_object_or_404(ArchivePackage, consultation=self.consultation)
        result = verify_stored(package, actor=request.user, now=clock.now())
        if result.passed:
            messages.success(request, _("Nothing in the package was changed."))
        else:
            _list(request, _("The package was changed."), result.found)
        return self.back()


def _list(request, heading: str, items) -> None:
    messages.error(request, " ".join([heading, *(str(item) for item in items)]))


_BASE = "consultations/<int:pk>/report/"
admin_urls = [
    path(_BASE, ReportDesk.as_view(), name="report"),
    path(
        f"{_BASE}preview.<str:language>.<str:format_>",
        Preview.as_view(),
        name="report_preview",
    ),
    path(f"{_BASE}approve/", Approve.as_view(), name="report_approve"),
    path(f"{_BASE}take-back/", TakeBack.as_view(), name="report_take_back"),
    path(f"{_BASE}close/", Close.as_view(), name="consultation_close"),
    path(f"{_BASE}seal/", Seal.as_view(), name="consultation_seal"),
    path(f"{_BASE}verify/", Verify.as_view(), name="package_verify"),
]
