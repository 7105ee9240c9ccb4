"""Surveys in the Wagtail admin: those of one consultation, and their results."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.surveys import poll_desk, presentation, trying
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.questions import in_words_of
from wagtail_eparticipation.surveys.results import responses_by_language, results
from wagtail_eparticipation.surveys.submissions import may_read
from wagtail_eparticipation.surveys.trying import may_try


class SurveyDeskView(WagtailAdminTemplateMixin, TemplateView):
    """A view on one consultation's surveys for those who work with its results."""

    header_icon = "form"

    @cached_property
    def consultation(self) -> Consultation:
        found = get_object_or_404(
            Consultation.objects.select_related("window"), pk=self.kwargs["pk"]
        )
        if not may_read(self.request.user, found):
            raise PermissionDenied
        return found

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        self.surveys = surveys_of(self.consultation)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.consultation.title

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.get_page_title()}
        items = [*super().get_breadcrumbs_items()]
        if isinstance(self, SurveyResults):
            url = reverse("eparticipation_admin:surveys", args=[self.consultation.pk])
            items.append({"url": url, "label": _("Surveys")})
        return [*items, {**here, "sublabel": self.consultation.reference}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(consultation=self.consultation, **kwargs)

    def in_admins_language(self, survey):
        """The survey's version in the language of the admin, else itself."""
        wanted = (get_language() or "").split("-")[0]
        for each in self.surveys:
            same = each.translation_key == survey.translation_key
            if same and each.locale.language_code.split("-")[0] == wanted:
                return each
        return survey


class SurveyList(SurveyDeskView):
    """The surveys of a consultation, one row each whatever its languages."""

    page_title = gettext_lazy("Surveys")
    template_name = "wagtail_eparticipation/surveys/desk_list.html"

    def get_context_data(self, **kwargs):
        rows: dict = {}
        for survey in self.surveys:
            row = rows.setdefault(
                survey.translation_key, {"survey": survey, "languages": []}
            )
            row["languages"].append(survey)
        counts = dict(
            SurveyResponse.objects.counted()
            .filter(survey_key__in=rows)
            .order_by()
            .values_list("survey_key")
            .annotate(Count("id"))
        )
        for key, row in rows.items():
            row["count"] = counts.get(key, 0)
            spoken = self.in_admins_language(row["survey"])
            row["title"] = spoken.title
            row["try_page"] = spoken if may_try(spoken, self.request.user) else None
        return super().get_context_data(rows=list(rows.values()), **kwargs)


class SurveyResults(SurveyDeskView):
    """One table per question over all languages, with each language beside it.

    Six queries besides Wagtail's own, however many responses there are.
    """

    page_title = gettext_lazy("Results of the survey")
    template_name = "wagtail_eparticipation/surveys/desk_results.html"

    @cached_property
    def header_buttons(self):
        args = [self.consultation.pk, self.survey.pk]
        return [
            HeaderButton(
                label=_("Export the responses"),
                url=reverse("eparticipation_admin:survey_export", args=args),
                icon_name="download",
            )
        ]

    @cached_property
    def survey(self):
        for survey in self.surveys:
            if survey.pk == self.kwargs["page"]:
                return survey
        raise Http404

    def get_context_data(self, **kwargs):
        survey = self.survey
        spoken = self.in_admins_language(survey)
        own = {each.id: each for each in spoken.questions_list()}
        asked = [in_words_of(q, own.get(q.id)) for q in survey.questions_list()]
        found = results(survey.translation_key, asked, by_language=True)
        totals = responses_by_language(survey.translation_key)
        names = dict(content_languages())
        codes = [*names, *sorted(totals.keys() - names.keys())]
        return super().get_context_data(
            survey=survey,
            title=spoken.title,
            total=sum(totals.values()),
            languages=[names.get(code, code) for code in codes],
            totals=[totals.get(code, 0) for code in codes],
            tables=[_table(result, codes) for result in found],
            **kwargs,
        )


def _table(result, codes: list[str]) -> dict:
    shown = presentation.table(result)
    for row, option in zip(shown["rows"], result.options, strict=True):
        row["per_language"] = [option.languages.get(code, 0) for code in codes]
    shown["n_per_language"] = [result.languages.get(code, 0) for code in codes]
    return shown


admin_urls = [
    *poll_desk.admin_urls,
    *trying.admin_urls,
    path("consultations/<int:pk>/surveys/", SurveyList.as_view(), name="surveys"),
    path(
        "consultations/<int:pk>/surveys/<int:page>/",
        SurveyResults.as_view(),
        name="survey_results",
    ),
]
page_buttons = trying.page_buttons
