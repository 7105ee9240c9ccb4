"""The analysis in the Wagtail admin: numbers, themes, coverage, sorting."""

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation.analysis import assign, listing, snapshot, themes
from wagtail_eparticipation.analysis.coverage import coverage_of
from wagtail_eparticipation.analysis.forms import FilterForm, SortForm, ThemeForm
from wagtail_eparticipation.analysis.models import DISPOSITION_TONES, Theme
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.sanitize import is_key


class AnalysisView(WagtailAdminTemplateMixin, TemplateView):
    """A view on one consultation for those who hold a duty in its analysis."""

    header_icon = "list-ul"
    duties = ("analyse",)

    @cached_property
    def consultation(self) -> Consultation:
        found = get_object_or_404(
            Consultation.objects.select_related("window"), pk=self.kwargs["pk"]
        )
        user = self.request.user
        if not any(access.may(user, duty, found) for duty in self.duties):
            raise PermissionDenied
        return found

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        self.can_edit = themes.may_write(request.user, self.consultation)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.consultation.title

    def get_breadcrumbs_items(self):
        pk, reference = self.consultation.pk, self.consultation.reference
        items = [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse("eparticipation_admin:desk", args=[pk]),
                "label": reference,
            },
        ]
        if not isinstance(self, Overview):
            overview = reverse("eparticipation_admin:analysis", args=[pk])
            items.append({"url": overview, "label": _("Analysis")})
        here = {"url": "", "label": self.get_page_title(), "sublabel": reference}
        return [*items, here]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            consultation=self.consultation,
            stage=self.consultation.stage(),
            can_edit=self.can_edit,
            **kwargs,
        )

    def overview(self):
        return redirect("eparticipation_admin:analysis", self.consultation.pk)


class Overview(AnalysisView):
    """Frozen numbers, coverage and the themes with their counts per language."""

    page_title = gettext_lazy("Analysis")
    duties = ("analyse", "decide")
    template_name = "wagtail_eparticipation/analysis/overview.html"

    def get_context_data(self, **kwargs):
        snapshot.catch_up(self.consultation)
        rows = themes.tree(self.consultation)
        written_in = {code for theme in rows for code in theme.languages}
        names = dict(content_languages())
        codes = [*names, *sorted(written_in - names.keys())]
        for theme in rows:
            theme.per_language = [theme.languages.get(code, 0) for code in codes]
        return super().get_context_data(
            snapshots=list(self.consultation.snapshots.order_by("number")),
            coverage=coverage_of(self.consultation),
            themes=rows,
            languages=[names.get(code, code) for code in codes],
            can_add=self.can_edit and self.consultation.stage() in assign.OPEN_STAGES,
            **kwargs,
        )


class ThemeEdit(AnalysisView):
    """Adds or changes one theme; after the decision who decides may, too."""

    duties = ("analyse", "decide")
    template_name = "wagtail_eparticipation/analysis/theme_form.html"

    @cached_property
    def theme(self) -> Theme:
        if "theme" not in self.kwargs:
            return Theme(consultation=self.consultation)
        found = get_object_or_404(self.consultation.themes, pk=self.kwargs["theme"])
        found.consultation = self.consultation
        return found

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        analyses = access.may(request.user, "analyse", self.consultation)
        if not analyses and not themes.may_write(request.user, self.consultation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self):
        return _("Edit theme") if self.theme.pk else _("Add theme")

    def post(self, request, *args, **kwargs):
        form = ThemeForm(request.POST, instance=self.theme)
        if form.is_valid():
            try:
                themes.save_theme(form.save(commit=False), actor=request.user)
            except assign.NotNow as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The theme was saved."))
                return self.overview()
        else:
            messages.error(request, _("The theme was not saved; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ThemeForm(instance=self.theme))
        # TemplateView hands the address's id over under the same name.
        kwargs["theme"] = self.theme
        return super().get_context_data(
            media=kwargs["form"].media,
            submit_button_label=_("Save"),
            submit_button_active_label=_("Saving…"),
            **kwargs,
        )


class ThemeDelete(AnalysisView):
    """Asks before an empty theme is removed."""

    page_title = gettext_lazy("Delete theme")
    template_name = "wagtail_eparticipation/analysis/theme_delete.html"

    @cached_property
    def theme(self) -> Theme:
        return get_object_or_404(self.consultation.themes, pk=self.kwargs["theme"])

    def post(self, request, *args, **kwargs):
        try:
            themes.delete_theme(self.theme, actor=request.user)
        except assign.NotNow as error:
            messages.error(request, str(error))
        except ProtectedError:
            messages.error(
                request,
                _("The theme still has participations or parts; take them off first."),
            )
        else:
            messages.success(request, _("The theme was deleted."))
        return self.overview()

    def get_context_data(self, **kwargs):
        kwargs["theme"] = self.theme
        return super().get_context_data(**kwargs)


class Sort(AnalysisView):
    """Participations by theme, language and channel, and what to do with them.

    Everything works with the keyboard: checkboxes, a select, buttons. Shows the
    releasable text only.
    """

    page_title = gettext_lazy("Participations by theme")
    duties = ("analyse", "decide")
    template_name = "wagtail_eparticipation/analysis/sort.html"

    @cached_property
    def all_themes(self) -> list[Theme]:
        return themes.tree(self.consultation)

    @cached_property
    def filters(self) -> FilterForm:
        names = dict(content_languages())
        taken = self.consultation.participations.order_by("language").distinct()
        codes = taken.values_list("language", flat=True)
        return FilterForm(
            self.request.GET,
            auto_id="filter_%s",
            themes=self.all_themes,
            languages=[(code, names.get(code, code)) for code in codes],
        )

    @cached_property
    def chosen(self) -> dict[str, str]:
        return self.filters.chosen()

    def post(self, request, *args, **kwargs):
        access.require(request.user, "analyse", self.consultation)
        form = SortForm(request.POST, consultation=self.consultation)
        if form.is_valid():
            try:
                number = self.carry_out(form.cleaned_data)
            except (assign.NotNow, assign.NoGround) as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request,
                    ngettext(
                        "%(count)d participation was changed.",
                        "%(count)d participations were changed.",
                        number,
                    )
                    % {"count": number},
                )
                return redirect(request.get_full_path())
        return self.render_to_response(self.get_context_data(form=form))

    def carry_out(self, data) -> int:
        ids = data["participations"]
        if data["everything"]:
            rows = listing.matching(self.consultation, self.chosen)
            ids = list(rows.values_list("pk", flat=True))
        actor = self.request.user
        if data["action"] == "assign":
            return assign.assign(data["theme"], ids, actor=actor)
        if data["action"] == "unassign":
            return assign.unassign(data["theme"], ids, actor=actor)
        if data["action"] == "take_back":
            return assign.take_back(self.consultation, ids, actor=actor)
        return assign.set_aside(
            self.consultation,
            ids,
            ground=data["ground"],
            representative=data["representative"],
            sample_size=data["sample_size"],
            method=data["method"],
            actor=actor,
        )

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", SortForm(consultation=self.consultation))
        after = self.request.GET.get("after", "")
        rows = listing.matching(self.consultation, self.chosen)
        shown, more = listing.page_of(rows, int(after) if is_key(after) else 0)
        query = self.request.GET.copy()
        query["after"] = more or ""
        ticked = (
            {str(pk) for pk in kwargs["form"].data.getlist("participations")}
            if (kwargs["form"].is_bound)
            else set()
        )
        for participation in shown:
            participation.ticked = str(participation.pk) in ticked
        return super().get_context_data(
            filters_form=self.filters,
            chosen_theme=self.chosen_theme(),
            participations=shown,
            matching_count=rows.count(),
            next_query=query.urlencode() if more else "",
            open_now=self.consultation.stage() in assign.OPEN_STAGES,
            **kwargs,
        )

    def chosen_theme(self) -> Theme | None:
        chosen = self.chosen.get("theme", "")
        found = next((t for t in self.all_themes if str(t.pk) == chosen), None)
        if found is not None:
            found.tone = DISPOSITION_TONES.get(found.disposition, "")
        return found


admin_urls = [
    path("consultations/<int:pk>/analysis/", Overview.as_view(), name="analysis"),
    path("consultations/<int:pk>/analysis/sort/", Sort.as_view(), name="analysis_sort"),
    path(
        "consultations/<int:pk>/analysis/themes/add/",
        ThemeEdit.as_view(),
        name="theme_add",
    ),
    path(
        "consultations/<int:pk>/analysis/themes/<int:theme>/",
        ThemeEdit.as_view(),
        name="theme_edit",
    ),
    path(
        "consultations/<int:pk>/analysis/themes/<int:theme>/delete/",
        ThemeDelete.as_view(),
        name="theme_delete",
    ),
]
