"""Moderation in the history of the topic's page, with ids, never with text."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter, log

ACTION = "eparticipation.moderate"


def note(decision, consultation, *, actor) -> None:
    """Add a decision to the page's history; a topic without a page has none."""
    page = consultation.page_in()
    if page is None:
        return
    log(
        instance=page,
        action=ACTION,
        user=actor,
        data={
            "participation": decision.participation.number,
            "outcome": decision.outcome,
            "reason_code": decision.full_code,
        },
    )


@hooks.register("register_log_actions")
def register_actions(actions):
    """Tell Wagtail how to word the entries."""

    @actions.register_action(ACTION)
    class ModerationFormatter(LogFormatter):
        label = _("Moderate a participation")

        def format_message(self, log_entry):
            data = log_entry.data or {}
            return _("Participation %(number)s: %(outcome)s %(reason)s") % {
                "number": data.get("participation", ""),
                "outcome": _outcome_name(data.get("outcome")),
                "reason": data.get("reason_code", ""),
            }


def _outcome_name(value) -> str:
    from wagtail_eparticipation.moderation.models import Outcome

    return Outcome(value).label if value in Outcome.values else ""
