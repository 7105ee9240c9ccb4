"""What the sender of a form is told when it was not taken in."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.participations import door, portal
from wagtail_eparticipation.participations.models import State


def sent_before_message(outcome: door.Outcome) -> str:
    """That the form was sent before, and what to do with the new entries (AC-S3-C2)."""
    if outcome.participation.state == State.WITHDRAWN:
        return _(
            "You sent this form before and withdrew it; its receipt code is %(code)s."
            " What stands here has not been sent. Send this form again to add it as a"
            " new participation."
        ) % {"code": outcome.receipt_code}
    return _(
        "You have already sent this form with other entries; its receipt code is"
        " %(code)s. What stands here now has not been sent. Use the receipt code to"
        " change what you sent, or send this form again to add it as a further"
        " participation."
    ) % {"code": outcome.receipt_code}


def token_refusal(consultation, problem: str):
    """Why a form is asked for once more, or that nothing is taken in anyway."""
    if refusal := portal.refusal_now(consultation):
        return refusal
    if problem == "expired":
        return _("This form was open for a long time. Please send it once more.")
    return _("This form could not be recognised. Please send it once more.")


def wait_message(seconds: int) -> str:
    """That too much came from one network, and when to try again."""
    minutes = -(-seconds // 60)
    return ngettext(
        "Many messages came from your network. Your text is kept in this form; please"
        " send it again in %(minutes)d minute, or use another way to take part.",
        "Many messages came from your network. Your text is kept in this form; please"
        " send it again in %(minutes)d minutes, or use another way to take part.",
        minutes,
    ) % {"minutes": minutes}


def grace_words() -> str:
    """That an open form may still be sent shortly after the end; empty without."""
    seconds = get_setting("CLOSING_GRACE")
    if not seconds:
        return ""
    if seconds % 60:
        return ngettext(
            "Whoever has the form open by then can send it for %(count)d second more.",
            "Whoever has the form open by then can send it for %(count)d seconds more.",
            seconds,
        ) % {"count": seconds}
    return ngettext(
        "Whoever has the form open by then can send it for %(count)d minute more.",
        "Whoever has the form open by then can send it for %(count)d minutes more.",
        seconds // 60,
    ) % {"count": seconds // 60}


def too_often(wait: int) -> str:
    """That too many codes were tried, and when to try again."""
    return _("Too many attempts. Please try again in %(minutes)d minutes.") % {
        "minutes": -(-wait // 60)
    }
