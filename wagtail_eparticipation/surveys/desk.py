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
from wagtail_eparticipation.surveys import outcomes, poll_desk, presentation, trying
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.per_person import earlier_ones, tells_apart
from wagtail_eparticipation.surveys.questions import in_words_of
from wagtail_eparticipation.surveys.results import results_in, tally_of
from wagtail_eparticipation.surveys.splits import SPLITS, names_for, split_table
from wagtail_eparticipation.surveys.submissions import may_read
from wagtail_eparticipation.surveys.suppression import WITHHELD_BELOW
from wagtail_eparticipation.surveys.tally import together
from wagtail_eparticipation.surveys.trying import may_try
from wagtail_eparticipation.surveys.versions import asked_ever
from wagtail_eparticipation.surveys.words import has_words, words_of


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
        if not isinstance(self, SurveyList):
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
    """One table per question over all languages, if wanted by groups of people.

    ``split`` in the address names what they are split by, ``people`` counts each person
    once. Eight queries besides Wagtail's own, however many responses there are.
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
        wanted = self.request.GET.get("split", "")
        split = wanted if wanted in SPLITS else ""
        people = bool(self.request.GET.get("people"))
        asked = asked_in(survey, self.in_admins_language(survey))
        key = survey.translation_key
        earlier = earlier_ones([key]) if people else []
        groups = tally_of(key, split, without=earlier)
        found = results_in(groups, asked)
        names = names_for(split) if split else {}
        return super().get_context_data(
            survey=survey,
            title=self.in_admins_language(survey).title,
            total=together(groups.values()).responses,
            left_out=len(earlier),
            tells_apart=tells_apart(self.consultation),
            chosen={"split": split, "people": people},
            splits=SPLITS.items(),
            least=WITHHELD_BELOW,
            note=presentation.not_representative(),
            tables=[self._table(each, split, names) for each in _apart(found, split)],
            **kwargs,
        )

    def _table(self, found, split: str, names) -> dict:
        question = found.question
        shown = {**outcomes.table(found), "id": f"question-{question.id}"}
        if split:
            shown["split"] = split_table(found, split, names)
        if has_words(question):
            shown["words_url"] = reverse(
                "eparticipation_admin:survey_words",
                args=[self.consultation.pk, self.survey.pk, question.id],
            )
        return shown


class SurveyWords(SurveyDeskView):
    """What people wrote to one question, in the order in which it came in.

    Three queries besides Wagtail's own and those that find the survey.
    """

    page_title = gettext_lazy("Answers in people's own words")
    template_name = "wagtail_eparticipation/surveys/desk_words.html"

    survey = SurveyResults.survey

    def get_context_data(self, **kwargs):
        asked = asked_in(self.survey, self.in_admins_language(self.survey))
        question = next(
            (each for each in asked if each.id == self.kwargs["question"]), None
        )
        if question is None or not has_words(question):
            raise Http404
        after = self.request.GET.get("after", "")
        found = words_of(
            self.survey.translation_key,
            question.id,
            after=int(after) if after.isdecimal() and len(after) < 19 else 0,
        )
        return super().get_context_data(
            survey=self.survey,
            asked=question,
            results_url=reverse(
                "eparticipation_admin:survey_results",
                args=[self.consultation.pk, self.survey.pk],
            ),
            found=found,
            **kwargs,
        )


def asked_in(survey, spoken) -> list:
    """What a survey asks or asked, in the words of its version for the reader."""
    own = {each.id: each for each in asked_ever(spoken)}
    return [in_words_of(each, own.get(each.id)) for each in asked_ever(survey)]


def _apart(found, split: str):
    """Results one below the other; split, each row of a matrix by itself."""
    return [part for each in found for part in (each.parts if split else (each,))]


admin_urls = [
    *poll_desk.admin_urls,
    *trying.admin_urls,
    path("consultations/<int:pk>/surveys/", SurveyList.as_view(), name="surveys"),
    path(
        "consultations/<int:pk>/surveys/<int:page>/",
        SurveyResults.as_view(),
        name="survey_results",
    ),
    path(
        "consultations/<int:pk>/surveys/<int:page>/words/<str:question>/",
        SurveyWords.as_view(),
        name="survey_words",
    ),
]
page_buttons = trying.page_buttons
