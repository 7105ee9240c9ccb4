"""Possibly the same person: two voices side by side, judged by a human (AC-S3-I4)."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.participations import matching
from wagtail_eparticipation.participations.matches import PersonMatch

#: Proposals on one page, and judgements listed below them.
PER_PAGE = 20
JUDGED = 50


class Matches(DeskView):
    """Imported voices that may be somebody's second, and what was said of others."""

    duty = "moderate"
    header_icon = "group"
    page_title = gettext_lazy("Possibly the same person")
    template_name = "wagtail_eparticipation/participations/matches.html"

    def post(self, request, *args, **kwargs):
        acts = {
            "same": self.same,
            "different": self.different,
            "undo": self.undo,
        }
        act = acts.get(request.POST.get("action", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act())
        except matching.CannotMatch as error:
            messages.error(request, str(error))
        return redirect(request.path)

    def same(self) -> str:
        other = self.posted("other")
        matching.same_person(self.posted("row"), other, actor=self.request.user)
        return _("The two are counted as one person.")

    def different(self) -> str:
        matching.different_people(self.posted("row"), actor=self.request.user)
        return _("The two stay two people.")

    def undo(self) -> str:
        row = self.posted("row")
        match = get_object_or_404(
            PersonMatch.objects.select_related("same_as"), participation=row
        )
        match.consultation, match.participation = self.consultation, row
        matching.undo(match, actor=self.request.user)
        return _("This was undone.")

    def posted(self, name: str):
        try:
            key = uuid.UUID(self.request.POST.get(name, ""))
        except ValueError as error:
            raise Http404 from error
        found = get_object_or_404(self.consultation.participations, public_id=key)
        found.consultation = self.consultation
        return found

    def get_context_data(self, **kwargs):
        rows = matching.proposals(self.consultation)
        after = self.request.GET.get("after", "")
        if after.isascii() and after.isdigit() and len(after) < 19:
            rows = rows.filter(pk__gt=int(after))
        page = list(rows[: PER_PAGE + 1])
        more = len(page) > PER_PAGE
        page = page[:PER_PAGE]
        others = matching.others_of(self.consultation, page)
        judged = self.consultation.person_matches.select_related(
            "participation", "same_as", "decided_by"
        )
        stage = self.consultation.stage(self.now)
        return super().get_context_data(
            pairs=[(row, others[row.pk]) for row in page],
            next_after=page[-1].pk if more else None,
            judged=judged[:JUDGED],
            can_judge=stage in matching.MATCHING_STAGES,
            **kwargs,
        )


admin_urls = [
    path("consultations/<int:pk>/matches/", Matches.as_view(), name="matches")
]
