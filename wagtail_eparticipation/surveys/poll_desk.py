"""The polls of one consultation in the Wagtail admin, with their results."""

from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.surveys.outcomes import table
from wagtail_eparticipation.surveys.poll_results import not_representative, results_of
from wagtail_eparticipation.surveys.polls import polls_in, worded
from wagtail_eparticipation.surveys.splits import names_for, split_table
from wagtail_eparticipation.surveys.submissions import may_read
from wagtail_eparticipation.surveys.suppression import WITHHELD_BELOW

#: What polls are split by: everybody may vote, whatever the segment.
_BY = ("language", "capacity")


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
        tables = [table(each) for each in results_of(self.consultation, polls)]
        for by in _BY:
            names = names_for(by)
            counted = results_of(self.consultation, polls, split=by)
            for shown, result in zip(tables, counted, strict=True):
                split = split_table(result, by, names)
                shown.setdefault("splits", []).append(split)
        return super().get_context_data(
            tables=tables,
            note=not_representative(),
            least=WITHHELD_BELOW,
            **kwargs,
        )


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
