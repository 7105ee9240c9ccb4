"""What the door does not take in, and what it tells the sender."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.channel_table import kinds_of, off_reason
from wagtail_eparticipation.participations.models import Channel


class DoorRefusal(ValidationError):
    """Nothing was taken in; the message says why, the form keeps the text."""


class NotOpenYet(DoorRefusal):
    """The period has not begun."""


class Shut(DoorRefusal):
    """The topic was withdrawn or formally closed."""


class SwitchedOff(DoorRefusal):
    """The channel was switched off while the topic stays open."""


class NotNamed(DoorRefusal):
    """The topic's table of means has no such channel."""


class NotAdmitted(DoorRefusal):
    """The topic is by invitation and nobody invited this person."""


class SignInFirst(DoorRefusal):
    """The topic asks for an account or a verified identity, and nobody is known."""


class ConfirmFirst(DoorRefusal):
    """The topic asks for a confirmed address, and this browser confirmed none."""


def must_be_named(consultation, channel: str) -> None:
    """Refuse a channel that the topic's table of means does not name (R-4.3a).

    The portal has its own pages, which the topic's tools decide about. A topic
    without a table, made by code, takes every channel.
    """
    named = kinds_of(consultation) if channel != Channel.PORTAL else []
    if named and channel not in named:
        raise NotNamed(
            _(
                "The topic's table of means does not name the channel “%(channel)s”:"
                " add it to the request first, so that everybody knows of it."
            )
            % {"channel": Channel(channel).label},
            code="channel",
        )


def refusal_of(verdict, window, channel: str) -> DoorRefusal | None:
    """What a verdict tells the sender; ``None`` when the submission is taken in."""
    if verdict.kind == "off":
        return SwitchedOff(
            _(
                "This way to take part is closed: %(reason)s Your text is kept in this"
                " form; the topic's page names the other ways."
            )
            % {"reason": off_reason(window, channel)},
            code="off",
        )
    if verdict.kind == "early":
        return NotOpenYet(
            _("Participation has not begun yet. Your text is kept in this form."),
            code="early",
        )
    if verdict.kind == "shut":
        return Shut(
            _(
                "This topic does not accept participations any more. Copy your text"
                " if you want to keep it."
            ),
            code="shut",
        )
    return None
