"""One report before its moderator: the voice, the reason, the decision (R-8.2b)."""

from django import forms
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.report_reasons import (
    FALSE_ATTRIBUTION,
    label_of,
)
from wagtail_eparticipation.discussion.voices import name_of
from wagtail_eparticipation.moderation import review_parts
from wagtail_eparticipation.moderation.errors import CannotDecide
from wagtail_eparticipation.moderation.report_words import (
    decision_words,
    target_words,
)
from wagtail_eparticipation.moderation.reports import (
    CODE_LABELS,
    NAME_REMOVED,
    Dismissal,
    dismiss,
    remove_name,
)


class ReportDecisionForm(forms.Form):
    """What is decided about a report, and a note for staff."""

    code = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For staff only."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        max_length=4000,
        required=False,
    )

    def __init__(self, *args, report: ContentReport, **kwargs):
        super().__init__(*args, **kwargs)
        attributed = report.reason == FALSE_ATTRIBUTION
        choices = [
            (each.value, each.label)
            for each in Dismissal
            if attributed or each != Dismissal.NOT_FALSE
        ]
        if attributed and report.comment.participation_id:
            choices.append((NAME_REMOVED, CODE_LABELS[NAME_REMOVED]))
        self.fields["code"].choices = choices


class ReportView(WagtailAdminTemplateMixin, FormView):
    """One report, the voice that it is about, and the decision.

    Who sent it is not shown: the address stays sealed.
    """

    page_title = gettext_lazy("Report of a published voice")
    header_icon = "warning"
    template_name = "wagtail_eparticipation/moderation/report.html"
    form_class = ReportDecisionForm

    def dispatch(self, request, *args, **kwargs):
        access.require(request.user, "moderate", self.report.consultation)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def report(self) -> ContentReport:
        return get_object_or_404(
            ContentReport.objects.select_related(
                "consultation__policy_version",
                "consultation__department",
                "comment__participation",
                "comment__reply_to",
                "decided_by",
            ),
            public_id=self.kwargs["public_id"],
        )

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "report": self.report}

    def form_valid(self, form):
        code, note = form.cleaned_data["code"], form.cleaned_data["note"]
        try:
            if code == NAME_REMOVED:
                remove_name(self.report, actor=self.request.user, note=note)
            else:
                dismiss(self.report, code, actor=self.request.user, note=note)
        except CannotDecide as error:
            messages.error(self.request, error.message)
            return redirect(self.request.get_full_path())
        messages.success(
            self.request,
            _("Report %(number)s was decided.") % {"number": self.report.number},
        )
        return redirect("eparticipation_admin:reports")

    def form_invalid(self, form):
        messages.error(self.request, _("Nothing was saved; see below."))
        return super().form_invalid(form)

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse("eparticipation_admin:reports"),
                "label": _("Content reports"),
            },
            {"url": "", "label": self.report.number},
        ]

    def get_context_data(self, **kwargs):
        report = self.report
        comment = report.comment
        return super().get_context_data(
            report=report,
            comment=comment,
            comment_name=name_of(comment),
            reason=label_of(report),
            target=target_words(report),
            decision=decision_words(report),
            others=comment.content_reports.exclude(pk=report.pk).count(),
            act_url=self.act_url(),
            parts=review_parts.parts_for(self.request, report=report),
            **kwargs,
        )

    def act_url(self) -> str:
        """Where the words themselves are taken down, or the reply taken back."""
        comment = self.report.comment
        if comment.participation_id:
            public_id = comment.participation.public_id
            return reverse("eparticipation_admin:moderation_review", args=[public_id])
        if not access.may(self.request.user, "reply", self.report.consultation):
            return ""
        address = reverse(
            "eparticipation_admin:official_reply", args=[comment.consultation_id]
        )
        return f"{address}?to={comment.key}"
