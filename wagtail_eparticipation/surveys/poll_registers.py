"""Connects quick polls to the register, the topic's page, its editor and the desk."""

from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.page_checks import (
    register_lacking,
    register_settled,
)
from wagtail_eparticipation.consultations.sections import register_section
from wagtail_eparticipation.participations import receipt_parts, tools
from wagtail_eparticipation.surveys import poll_results, polls
from wagtail_eparticipation.surveys.poll_desk import poll_card
from wagtail_eparticipation.surveys.poll_views import (  # noqa: F401 (a page's route)
    ask,
)


def links(request, page) -> list[dict[str, str]]:
    """The forms of the topic's polls, for whoever chooses how to take part."""
    address = page.get_url(request)
    return [
        {"title": poll.question.label, "url": f"{address}poll/{poll.id}/"}
        for poll in polls.polls_of(page)
    ]


tools.register(
    tools.Tool(
        polls.TOOL,
        _("Poll"),
        hint=_("Choose between options; you can change your vote until closing."),
        icon="radio-full",
        publishable=False,
        reviewed=False,
        # A vote is changed by voting again.
        amend_form=lambda participation, typed=None: None,
        links=links,
        describe=poll_results.describe,
        once=lambda row: row.data.get("poll", ""),
    )
)
register_section(
    "polls",
    order=350,
    template="wagtail_eparticipation/surveys/polls_section.html",
    provide=poll_results.section,
)
receipt_parts.register(
    "wagtail_eparticipation/surveys/after_vote.html", poll_results.after_vote
)
register_settled(polls.settled_errors)
register_lacking(polls.lacking)
register_card(355, poll_card)
