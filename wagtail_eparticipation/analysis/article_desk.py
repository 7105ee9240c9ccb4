"""The table of articles and opinions in the Wagtail admin, and as a file."""

import csv
import io
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wagtail_eparticipation.analysis.article_opinions import (
    DUTIES,
    opinions_by_article,
    totals,
)
from wagtail_eparticipation.analysis.desk import AnalysisView, Overview
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.participations.cells import safe_cell
from wagtail_eparticipation.participations.desk import may_see_register
from wagtail_eparticipation.participations.on_articles import Opinion


def headings() -> list[str]:
    """The columns after the article's own."""
    return [
        *(str(opinion.label) for opinion in Opinion),
        _("No opinion stated"),
        _("Total"),
    ]


class ArticleOpinions(AnalysisView):
    """Each article of the draft with the opinions on it."""

    page_title = gettext_lazy("Opinions on the articles")
    duties = DUTIES
    template_name = "wagtail_eparticipation/analysis/article_opinions.html"

    def get_breadcrumbs_items(self):
        items = super().get_breadcrumbs_items()
        user = self.request.user
        if any(access.may(user, duty, self.consultation) for duty in Overview.duties):
            return items
        # Editors of the draft have no business with the rest of the analysis.
        overview = reverse("eparticipation_admin:analysis", args=[self.consultation.pk])
        return [item for item in items if item["url"] != overview]

    def rows(self):
        language = (get_language() or "").split("-")[0]
        return opinions_by_article(self.consultation, language)

    def get_context_data(self, **kwargs):
        rows = self.rows()
        may_read = may_see_register(self.request.user)
        return super().get_context_data(
            headings=headings(),
            rows=[(row, self._register_url(row) if may_read else "") for row in rows],
            totals=totals(rows) if rows else None,
            **kwargs,
        )

    def _register_url(self, row) -> str:
        query = {"consultation": self.consultation.pk, "article": row.key}
        return f"{reverse('eparticipation_admin:register')}?{urlencode(query)}"


class ArticleOpinionsFile(ArticleOpinions):
    """The same table as CSV; it holds numbers and official texts alone."""

    def get(self, request, *args, **kwargs):
        buffer = io.StringIO()
        buffer.write("\ufeff")
        writer = csv.writer(buffer)
        writer.writerow([_("Article"), *headings()])
        for row in self.rows():
            cells = [row.label, *row.opinions, row.unstated, row.total]
            writer.writerow([safe_cell(cell) for cell in cells])
        response = HttpResponse(buffer.getvalue().encode(), content_type="text/csv")
        name = f"{self.consultation.reference}-articles.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


admin_urls = [
    path(
        "consultations/<int:pk>/analysis/articles/",
        ArticleOpinions.as_view(),
        name="analysis_articles",
    ),
    path(
        "consultations/<int:pk>/analysis/articles/export/",
        ArticleOpinionsFile.as_view(),
        name="analysis_articles_export",
    ),
]
