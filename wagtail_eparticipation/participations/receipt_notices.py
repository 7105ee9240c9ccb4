"""What a receipt's page tells first: what was just done, or is still to be done."""

from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.confirming import (
    is_too_late,
    too_late_words,
)
from wagtail_eparticipation.participations.models import State


def notice_of(kind: str, participation) -> dict[str, str]:
    """What was just done, as a callout; an old address tells nothing untrue."""
    withdrawn = participation.state == State.WITHDRAWN
    if participation.state == State.UNCONFIRMED:
        if is_too_late(participation, clock.now()):
            title = _("It was not confirmed in time")
            return {"tone": "warning", "title": title, "text": too_late_words()}
        return {
            "tone": "warning",
            "title": _("One step is still to be done"),
            "text": _(
                "Follow the link in the message that we sent to your address, within"
                " 48 hours of that message. Until then your participation is kept and"
                " does not count."
            ),
        }
    if kind == "confirmed" and withdrawn:
        return {
            "tone": "info",
            "title": _("There is nothing to confirm any more"),
            "text": _("You have withdrawn this participation."),
        }
    if kind == "withdrawn" and withdrawn:
        return {
            "tone": "success",
            "title": _("Your participation was withdrawn"),
            "text": _(
                "Your text is not shown any more, and your name and address were"
                " destroyed."
            ),
        }
    if kind == "kept" and not withdrawn:
        return {
            "tone": "warning",
            "title": _("It was too late to withdraw"),
            "text": _(
                "Your participation stays as it was: it can be withdrawn only until the"
                " end of the period. To have your name or your text removed from public"
                " view, write to the responsible entity."
            ),
        }
    if kind == "confirmed":
        return {"tone": "success", "title": _("Your address is confirmed")}
    if kind == "changed" and not withdrawn:
        return {
            "tone": "success",
            "title": _("Your changes are saved"),
            # One in quarantine counts only once somebody has read it.
            "text": _("This version counts from now on.")
            if participation.is_counted
            else "",
        }
    if kind == "saved" and not withdrawn:
        return {
            "tone": "success",
            "title": _("Your changes are saved"),
            "text": _("They were saved before; it stands as you sent it last."),
        }
    if kind == "unchanged" and not withdrawn:
        return {"tone": "info", "title": _("You changed nothing: it stays as it was")}
    return {}
