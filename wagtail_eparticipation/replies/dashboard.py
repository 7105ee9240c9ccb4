"""The owner's figures of one topic, in the Wagtail admin and as files (R-5.3.1g)."""

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.participations.export_files import (
    XlsxUnavailable,
    can_write_xlsx,
)
from wagtail_eparticipation.replies import (
    figure_files,
    register_figures,
    reply_figures,
)
from wagtail_eparticipation.replies.cards import may_see_figures
from wagtail_eparticipation.replies.tables import Figures


class FiguresView(DeskView):
    """All tables on one page; not shown to the public (R-5.3.1g)."""

    header_icon = "table"
    page_title = gettext_lazy("Figures of participation and replies")
    template_name = "wagtail_eparticipation/replies/desk_figures.html"

    @cached_property
    def consultation(self):
        found = super().consultation
        if not may_see_figures(self.request.user, found):
            raise PermissionDenied
        return found

    def tables(self) -> list[Figures]:
        topic, now = self.consultation, self.now
        return [
            *register_figures.tables(topic, now),
            *reply_figures.tables(topic, now),
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            tables=self.tables(),
            now=self.now,
            can_write_xlsx=can_write_xlsx(),
            **kwargs,
        )


class FiguresFile(FiguresView):
    """The same figures as a file."""

    http_method_names = ["get"]

    def get(self, request, *args, form: str, **kwargs):
        name = f"figures-{self.consultation.reference}"
        if form == "csv":
            body = figure_files.csv_bytes(self.tables())
            response = HttpResponse(body, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        elif form == "xlsx":
            file = io.BytesIO()
            try:
                figure_files.write_xlsx(
                    file,
                    self.tables(),
                    title=self.consultation.title or self.consultation.reference,
                    made_at=self.now,
                )
            except XlsxUnavailable as error:
                messages.error(request, str(error))
                return redirect("eparticipation_admin:dashboard", self.consultation.pk)
            file.seek(0)
            response = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
        else:
            raise Http404(_("There is no such file."))
        response["X-Content-Type-Options"] = "nosniff"
        return response


_ONE = "consultations/<int:pk>/dashboard/"

admin_urls = [
    path(_ONE, FiguresView.as_view(), name="dashboard"),
    path(f"{_ONE}<str:form>/", FiguresFile.as_view(), name="dashboard_file"),
]
