"""The polls of one consultation in the Wagtail admin, with their results."""

from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.surveys import presentation
from wagtail_eparticipation.surveys.poll_results import (
    GROUP_AT_LEAST,
    by_capacity,
    not_representative,
    results_of,
)
from wagtail_eparticipation.surveys.polls import polls_in, worded
from wagtail_eparticipation.surveys.submissions import may_read


def polls_at_desk(consultation):
    """The polls as staff read them: from the page, whether it is public or not."""
    page = consultation.page_in()
    if page is None:
        return []
    original = page.original() or page
    return worded(polls_in(original), page)


class PollsView(DeskView):
    """Each poll over all languages, by language and by capacity."""

    page_title = gettext_lazy("Polls")
    header_icon = "radio-full"
    template_name = "wagtail_eparticipation/surveys/desk_polls.html"

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        if not may_read(request.user, self.consultation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        polls = polls_at_desk(self.consultation)
        counted = results_of(self.consultation, polls, by_language=True)
        codes = dict(content_languages())
        return super().get_context_data(
            tables=[
                self._table(poll, result, codes)
                for poll, result in zip(polls, counted, strict=True)
            ],
            languages=list(codes.values()),
            note=not_representative(),
            group_at_least=GROUP_AT_LEAST,
            **kwargs,
        )

    def _table(self, poll, result, codes) -> dict:
        shown = presentation.table(result)
        for row, option in zip(shown["rows"], result.options, strict=True):
            row["per_language"] = [option.languages.get(code, 0) for code in codes]
        shown["n_per_language"] = [result.languages.get(code, 0) for code in codes]
        ids = [each.option.id for each in result.options]
        shown["options"] = [each.option.label for each in result.options]
        shown["groups"] = [
            {
                "label": group.label,
                "n": group.n,
                "counts": None
                if group.counts is None
                else [group.counts.get(each, 0) for each in ids],
            }
            for group in by_capacity(self.consultation, poll)
        ]
        return shown


def poll_card(consultation, user, now) -> Card | None:
    """How many polls there are, with the way to the results."""
    if not may_read(user, consultation):
        return None
    found = polls_at_desk(consultation)
    if not found:
        return None
    return Card(
        _("Polls"),
        str(len(found)),
        reverse("eparticipation_admin:polls", args=[consultation.pk]),
        _("Results of the quick polls"),
    )


admin_urls = [
    path("consultations/<int:pk>/polls/", PollsView.as_view(), name="polls"),
]
