"""Moderation in the history of the topic's page, with ids, never with text."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter, get_active_log_context
from wagtail.models import PageLogEntry

ACTION = "eparticipation.moderate"


def note(decision, consultation, *, actor) -> None:
    """Add a decision to the page's history; a topic without a page has none."""
    note_many([decision], consultation, actor=actor)


def note_many(decisions, consultation, *, actor) -> None:
    """The same for several decisions about one topic, in one statement.

    Wagtail's own way asks for each whether page, person and type of content are there.
    """
    page = consultation.page_in()
    if page is None:
        return
    shared = {
        "page": page,
        "content_type": ContentType.objects.get_for_model(
            page, for_concrete_model=False
        ),
        "label": page.get_admin_display_title(),
        "action": ACTION,
        "user": actor,
        "uuid": get_active_log_context().uuid,
        "timestamp": timezone.now(),
    }
    PageLogEntry.objects.bulk_create(
        PageLogEntry(**shared, data=_data(decision)) for decision in decisions
    )


def _data(decision) -> dict[str, str]:
    return {
        "participation": decision.participation.number,
        "outcome": decision.outcome,
        "reason_code": decision.full_code,
    }


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
