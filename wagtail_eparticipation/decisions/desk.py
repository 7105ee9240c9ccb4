"""The decision maker's file in the Wagtail admin: readable on a phone, printable."""

from django.contrib.auth import get_user_model
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.analysis.desk import AnalysisView
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.refusals import IllegalTransition
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.decisions import file


class DecisionFile(AnalysisView):
    """Request, numbers, themes and examples; the decision maker confirms reading."""

    page_title = gettext_lazy("Decision maker's file")
    duties = ("decide", "analyse")
    template_name = "wagtail_eparticipation/decisions/file.html"

    def post(self, request, *args, **kwargs):
        try:
            file.confirm(self.consultation, actor=request.user)
        except IllegalTransition as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("It is recorded that you considered this file.")
            )
        return redirect("eparticipation_admin:decision_file", self.consultation.pk)

    def get_context_data(self, **kwargs):
        summary = file.summary_of(self.consultation)
        return super().get_context_data(
            may_confirm=self.consultation.stored_stage not in SETTLED
            and access.may(self.request.user, "decide", self.consultation),
            readers=_with_names(summary["considered"]),
            **summary,
            **kwargs,
        )


def _with_names(events) -> list[tuple]:
    ids = [event.actor.removeprefix("user:") for event in events]
    people = get_user_model().objects.in_bulk([int(pk) for pk in ids if pk])
    return [
        (people.get(int(pk)) if pk else None, event)
        for pk, event in zip(ids, events, strict=True)
    ]


admin_urls = [
    path("consultations/<int:pk>/file/", DecisionFile.as_view(), name="decision_file"),
]
