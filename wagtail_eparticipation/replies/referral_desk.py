"""Questions to departments in the Wagtail admin: asking, answering, the list."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Case as Choose
from django.db.models import IntegerField, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.consultations.vocabulary_names import names_of
from wagtail_eparticipation.replies import answering, deferring, referral_access
from wagtail_eparticipation.replies.models import Case
from wagtail_eparticipation.replies.referral_forms import (
    ReferralAnswerForm,
    ReferralForm,
)
from wagtail_eparticipation.replies.referrals import Referral

_LIST = "eparticipation_admin:referrals"


class ReferView(WagtailAdminTemplateMixin, FormView):
    """Asks a competent entity; the case waits meanwhile (R-6.5.1d)."""

    page_title = gettext_lazy("Ask a competent department or body")
    header_icon = "group"
    template_name = "wagtail_eparticipation/replies/desk_refer.html"
    form_class = ReferralForm

    @cached_property
    def case(self) -> Case:
        found = get_object_or_404(
            Case.objects.select_related("consultation__department", "about", "report"),
            public_id=self.kwargs["public_id"],
        )
        if not answering.may_reply(self.request.user, found):
            raise PermissionDenied
        return found

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        self.case  # noqa: B018 (asks for permission before anything else)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            referral = deferring.defer(
                self.case, form.content(), actor=self.request.user
            )
        except answering.NotPossible as refusal:
            messages.error(self.request, str(refusal))
            form.add_error(None, str(refusal))
            return super().form_invalid(form)
        messages.success(
            self.request,
            _("%(entity)s was asked; the clock of the case stands still.")
            % {"entity": referral.entity},
        )
        return redirect("eparticipation_admin:case", self.case.public_id)

    def form_invalid(self, form):
        messages.error(self.request, _("Nothing was done; see below."))
        return super().form_invalid(form)

    def get_breadcrumbs_items(self):
        case = self.case
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("eparticipation_admin:cases"), "label": _("Enquiries")},
            {
                "url": reverse("eparticipation_admin:case", args=[case.public_id]),
                "label": case.number,
            },
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(case=self.case, **kwargs)


class ReferralView(WagtailAdminTemplateMixin, FormView):
    """One question: its answer by who was asked or by the desk, or taken back."""

    header_icon = "group"
    template_name = "wagtail_eparticipation/replies/desk_referral.html"
    form_class = ReferralAnswerForm

    @cached_property
    def referral(self) -> Referral:
        found = get_object_or_404(
            Referral.objects.select_related(
                "department",
                "asked_by",
                "case__consultation__department",
                "case__about",
                "case__report",
            ),
            public_id=self.kwargs["public_id"],
        )
        if not referral_access.may_see(self.request.user, found):
            raise PermissionDenied
        return found

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        self.referral  # noqa: B018 (asks for permission before anything else)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def may_manage(self) -> bool:
        return referral_access.may_manage(self.request.user, self.referral)

    def post(self, request, *args, **kwargs):
        action = request.POST.get("action", "")
        if action == "recall":
            return self.recall()
        if action != "answer":
            raise Http404
        return super().post(request, *args, **kwargs)

    def recall(self):
        try:
            deferring.recall(self.referral, actor=self.request.user)
        except answering.NotPossible as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, _("The question was taken back."))
        return self.back()

    def form_valid(self, form):
        text = form.cleaned_data["text"]
        try:
            deferring.give_answer(self.referral, text, actor=self.request.user)
        except answering.NotPossible as refusal:
            messages.error(self.request, str(refusal))
            form.add_error(None, str(refusal))
            self.__dict__.pop("referral")
            return super().form_invalid(form)
        messages.success(self.request, _("The answer is with the reply desk."))
        return self.back()

    def form_invalid(self, form):
        messages.error(self.request, _("Nothing was done; see below."))
        return super().form_invalid(form)

    def back(self):
        if self.may_manage:
            return redirect("eparticipation_admin:case", self.referral.case.public_id)
        return redirect(_LIST)

    def get_page_title(self):
        return _("Question %(number)s") % {"number": self.referral.number}

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(_LIST), "label": _("Questions to departments")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            referral=self.referral,
            case=self.referral.case,
            may_manage=self.may_manage,
            is_overdue=is_overdue(self.referral),
            **kwargs,
        )


def is_overdue(referral: Referral) -> bool:
    """Whether the answer should be there by now."""
    return referral.is_open and referral.due_at <= clock.now()


def state_words(referral: Referral) -> str:
    """The state; an overdue one says so in words."""
    return _("Overdue") if is_overdue(referral) else referral.get_state_display()


class ReferralFilterSet(WagtailFilterSet):
    """Cuts the questions by state."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=Referral.State.choices
    )

    class Meta:
        model = Referral
        fields = ["state"]


def entity_of(referral: Referral, names: dict[int, str]) -> str:
    """The department's name, or the outside body."""
    return names.get(referral.department_id, "") or referral.body


def topic_of(referral: Referral) -> str:
    """The title of the topic; a dash where there is none."""
    topic = referral.case.consultation
    return topic.title if topic is not None else "–"


class ReferralListing(ReportView):
    """Open questions first, the next due at the top."""

    model = Referral
    page_title = gettext_lazy("Questions to departments")
    header_icon = "group"
    index_url_name = _LIST
    index_results_url_name = "eparticipation_admin:referrals_results"
    results_template_name = "wagtail_eparticipation/index_results.html"
    filterset_class = ReferralFilterSet
    verbose_name_plural = Referral._meta.verbose_name_plural
    paginate_by = 50
    list_export = [
        "number",
        "entity_name",
        "asked_at",
        "due_at",
        "settled_at",
        "worked_minutes",
        "elapsed_minutes",
        "reminders",
        "state",
    ]
    export_headings = {
        "number": gettext_lazy("Number"),
        "entity_name": gettext_lazy("Competent entity"),
        "worked_minutes": gettext_lazy("Working minutes"),
        "elapsed_minutes": gettext_lazy("Minutes that went by"),
    }
    export_filename = "questions-to-departments"

    def dispatch(self, request, *args, **kwargs):
        if not referral_access.sees_any(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def names(self) -> dict[int, str]:
        return names_of(Department)

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "number",
                label=_("Number"),
                get_url=lambda row: reverse(
                    "eparticipation_admin:referral", args=[row.public_id]
                ),
            ),
            Column(
                "entity_name",
                label=_("Competent entity"),
                accessor=lambda row: entity_of(row, self.names),
            ),
            Column("topic", label=_("Consultation"), accessor=topic_of),
            DateColumn("asked_at", label=_("Asked")),
            DateColumn("due_at", label=_("Answer expected by")),
            Column("reminders", label=_("Reminders")),
            StatusTagColumn("state", label=_("State"), accessor=state_words),
        ]

    def get_base_queryset(self):
        settled = Choose(
            When(state=Referral.State.ASKED, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        rows = referral_access.visible_to(self.request.user)
        return rows.annotate(settled=settled).select_related("case__consultation")

    def order_queryset(self, queryset):
        return queryset.order_by("settled", "due_at", "id")

    def to_row_dict(self, item):
        item.entity_name = entity_of(item, self.names)
        return super().to_row_dict(item)


class ReferralsMenuItem(MenuItem):
    """Shown to those whom the list admits."""

    def is_shown(self, request):
        return referral_access.sees_any(request.user)


admin_urls = [
    path("enquiries/<uuid:public_id>/refer/", ReferView.as_view(), name="refer"),
    path("referrals/", ReferralListing.as_view(), name="referrals"),
    path(
        "referrals/results/",
        ReferralListing.as_view(results_only=True),
        name="referrals_results",
    ),
    path("referrals/<uuid:public_id>/", ReferralView.as_view(), name="referral"),
]
menu_items = [
    ReferralsMenuItem(
        gettext_lazy("Questions to departments"),
        reverse_lazy(_LIST),
        name="eparticipation-referrals",
        icon_name="group",
        order=315,
    )
]
