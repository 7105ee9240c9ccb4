"""The ledger's kinds of events in people's words; rooms add their own."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name

from wagtail_eparticipation.consultations.act_names import ACT_LABELS

_words: dict[str, Any] = {
    "consultation_created": gettext_lazy("Topic begun"),
    "request_changed": gettext_lazy("Request changed after publication"),
    "request_frozen": gettext_lazy("Request frozen as a version"),
    "stage.opened": gettext_lazy("Opened for participation"),
    "stage.closed": gettext_lazy("Period ended"),
    "role_given": gettext_lazy("Role given"),
    "role_taken": gettext_lazy("Role taken back"),
    "publication_recorded": gettext_lazy("Publication recorded"),
    "participation.received": gettext_lazy("Participation received"),
    "participation.withdrawn": gettext_lazy("Participation withdrawn"),
    "snapshot_taken": gettext_lazy("Numbers frozen"),
    "theme_saved": gettext_lazy("Theme saved"),
    "theme_deleted": gettext_lazy("Theme deleted"),
    "report_approved": gettext_lazy("Closing report approved"),
    "report_approval_taken_back": gettext_lazy("Approval of the report taken back"),
    "archive_sealing": gettext_lazy("Archive being sealed"),
    "identity_opened": gettext_lazy("Sealed identity opened"),
    "identity_destroyed": gettext_lazy("Identity destroyed"),
    "communication.reply": gettext_lazy("Official reply"),
    "communication.reply_taken_back": gettext_lazy("Official reply taken back"),
    "moderation.proposed": gettext_lazy("Moderation proposed"),
    "moderation.confirmed": gettext_lazy("Moderation confirmed by a second person"),
    "moderation.declined": gettext_lazy("Moderation proposal declined"),
    "moderation.superseded": gettext_lazy("Moderation proposal settled by other words"),
    "moderation.published": gettext_lazy("Participation published"),
    "moderation.unpublished": gettext_lazy("Participation kept unpublished"),
    "moderation.refused": gettext_lazy("Participation refused"),
    "moderation.rerouted": gettext_lazy("Participation passed on"),
    "moderation.taken_down": gettext_lazy("Participation taken down"),
    "moderation.restored": gettext_lazy("Participation restored"),
    "theme_assigned": gettext_lazy("Participations put to a theme"),
    "set_aside": gettext_lazy("Participations not read one by one"),
    "decision_approved": gettext_lazy("Decision page approved"),
    "decision_published": gettext_lazy("Decision published"),
    "decision_corrected": gettext_lazy("Decision corrected"),
    "decision_file_considered": gettext_lazy("Decision maker's file considered"),
}


def register_event_words(words: Mapping[str, Any]) -> None:
    """Name further kinds of events; lazy translations by kind."""
    _words.update(words)


def words_for(event) -> str:
    """What happened, for people; the kind itself when nobody named it."""
    kind, data = event.kind, event.data
    act = ACT_LABELS.get(data.get("name", "")) if isinstance(data, dict) else None
    if kind == "act_requested" and act:
        return _("Requested: %(act)s") % {"act": act}
    if kind == "act_declined" and act:
        return _("Declined: %(act)s") % {"act": act}
    if kind == "act_lapsed" and act:
        return _("No longer possible: %(act)s") % {"act": act}
    if kind.startswith("act."):
        return str(ACT_LABELS.get(kind.removeprefix("act."), kind))
    return str(_words.get(kind, kind))


def actors_of(events: Iterable) -> dict[str, str]:
    """Names by the ledger's ``user:<id>``, in one query; unknown ones stay away."""
    ids = {
        event.actor.removeprefix("user:")
        for event in events
        if event.actor.startswith("user:")
    }
    people = get_user_model().objects.in_bulk(list(ids)) if ids else {}
    return {f"user:{pk}": get_user_display_name(user) for pk, user in people.items()}
