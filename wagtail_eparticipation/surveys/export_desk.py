"""Taking a survey's responses out of the Wagtail admin as a file."""

import tempfile

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation import clock
from wagtail_eparticipation.languages import own_name
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.export_files import (
    XlsxUnavailable,
    require_xlsx,
)
from wagtail_eparticipation.participations.table_files import digest_of
from wagtail_eparticipation.surveys.codebook import codebook_of
from wagtail_eparticipation.surveys.desk import SurveyDeskView
from wagtail_eparticipation.surveys.export import Export
from wagtail_eparticipation.surveys.export_books import write_xlsx
from wagtail_eparticipation.surveys.export_files import (
    codebook_csv,
    codebook_json,
    csv_pieces,
    json_pieces,
)
from wagtail_eparticipation.surveys.export_forms import ExportForm
from wagtail_eparticipation.surveys.export_zip import zip_pieces

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
    "codebook.csv": "text/csv; charset=utf-8",
    "codebook.json": "application/json",
}
_CODEBOOKS = {"codebook.csv": codebook_csv, "codebook.json": codebook_json}


class SurveyExport(SurveyDeskView):
    """The form, and once it is filled the file.

    Who took it is on the ledger's record before a byte leaves. A form that is not
    right exports nothing: more would come than was asked for.
    """

    page_title = gettext_lazy("Export the responses")
    header_icon = "download"
    template_name = "wagtail_eparticipation/surveys/desk_export.html"
    http_method_names = ["get"]

    @cached_property
    def languages_of_survey(self) -> list:
        """The survey's page in each language, the one asked for among them."""
        asked = next((s for s in self.surveys if s.pk == self.kwargs["page"]), None)
        if asked is None:
            raise Http404
        key = asked.translation_key
        return [each for each in self.surveys if each.translation_key == key]

    @cached_property
    def form(self) -> ExportForm:
        codes = [page.locale.language_code for page in self.languages_of_survey]
        return ExportForm(
            self.request.GET or None,
            languages=[(code, own_name(code)) for code in codes],
        )

    def get(self, request, *args, **kwargs):
        if not self.form.is_valid():
            status = 400 if self.form.is_bound else 200
            return self.render_to_response(self.get_context_data(), status=status)
        form = self.form.cleaned_data["format"]
        export = self.form.export(codebook_of(self.languages_of_survey))
        if form in _CODEBOOKS:
            response = self._codebook(export, form)
        elif form == "xlsx":
            try:
                response = self._book(export)
            except XlsxUnavailable as error:
                messages.error(request, str(error))
                return self.render_to_response(self.get_context_data(), status=400)
        else:
            response = self._stream(export, form)
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _codebook(self, export: Export, form: str):
        """What was asked, which says nothing of anybody: nothing to be noted."""
        make = _CODEBOOKS[form]
        response = HttpResponse(make(export), content_type=_TYPES[form])
        name = f"survey-{str(export.codebook.survey_key)[:8]}-{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _stream(self, export: Export, form: str):
        self._note(export, form)
        pieces = {
            "csv": lambda: csv_pieces(export),
            "json": lambda: json_pieces(export),
            "zip": lambda: zip_pieces(export, made_at=clock.now()),
        }[form]()
        response = StreamingHttpResponse(pieces, content_type=_TYPES[form])
        name = self._name(export, form)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _book(self, export: Export):
        require_xlsx()
        # Deleted by the system as soon as the response has closed it.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            write_xlsx(file, export, made_at=clock.now())
            self._note(export, "xlsx", digest_of(file))
        except BaseException:
            file.close()
            raise
        name = self._name(export, "xlsx")
        return FileResponse(file, as_attachment=True, filename=name)

    @staticmethod
    def _name(export: Export, form: str) -> str:
        return f"survey-{str(export.codebook.survey_key)[:8]}-{export.shape}.{form}"

    @transaction.atomic
    def _note(self, export: Export, form: str, digest: str = "") -> None:
        data = {
            "survey": str(export.codebook.survey_key),
            "form": form,
            "shape": export.shape,
            "counted_only": export.counted,
        }
        for name in ("since", "until"):
            if instant := getattr(export, name):
                data[name] = instant.isoformat()
        if digest:
            data["sha256"] = digest
        record(self.consultation, "survey.exported", actor=self.request.user, data=data)

    def get_breadcrumbs_items(self):
        *before, here = super().get_breadcrumbs_items()
        results = reverse("eparticipation_admin:survey_results", args=self._args)
        return [
            *before,
            {"url": results, "label": _("Results of the survey")},
            here,
        ]

    @property
    def _args(self) -> list[int]:
        return [self.consultation.pk, self.kwargs["page"]]

    def get_context_data(self, **kwargs):
        survey = self.in_admins_language(self.languages_of_survey[0])
        return super().get_context_data(
            form=self.form,
            media=self.form.media,
            title=survey.title,
            results_url=reverse("eparticipation_admin:survey_results", args=self._args),
            **kwargs,
        )


admin_urls = [
    path(
        "consultations/<int:pk>/surveys/<int:page>/export/",
        SurveyExport.as_view(),
        name="survey_export",
    ),
]
