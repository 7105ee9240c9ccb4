"""What the sender of a form is told when it was not taken in."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.channel_table import (
    closed_in_table,
    is_off,
    kinds_of,
)
from wagtail_eparticipation.participations import door, once, portal
from wagtail_eparticipation.participations.amend_forms import may_amend
from wagtail_eparticipation.participations.models import (
    COUNTED,
    Channel,
    Participation,
    State,
)

#: Seconds from which a wait is told in hours.
_IN_HOURS = 5400

#: What gives up its place to what the same person sends later.
_REPLACEABLE = COUNTED | {State.QUARANTINED, State.UNCONFIRMED}


def sent_before_message(outcome: door.Outcome, submission=None) -> str:
    """That the form was sent before, and what to do with the new entries (AC-S3-C2).

    ``submission`` holds those entries, where the tool goes by them (see ``Tool.once``)
    and the register's row does not say it.
    """
    return _sent_before(outcome.participation, submission) % {
        "code": outcome.receipt_code
    }


def _sent_before(found: Participation, submission) -> str:
    if found.state == State.WITHDRAWN:
        return _(
            "You sent this form before and withdrew it; its receipt code is %(code)s."
            " What stands here has not been sent. Send this form again to add it as a"
            " new participation."
        )
    if found.state == State.REPLACED:
        return _(
            "You sent this form before, with the receipt code %(code)s; what you sent"
            " later stands in its place. What stands here has not been sent. Send this"
            " form again to put it in the place of the later one."
        )
    if _would_be_replaced(found, submission):
        return _(
            "You have already sent this form with other entries; its receipt code is"
            " %(code)s. What stands here now has not been sent. Send this form again:"
            " it then takes the place of what you sent before."
        )
    if may_amend(found):
        return _(
            "You have already sent this form with other entries; its receipt code is"
            " %(code)s. What stands here now has not been sent. Use the receipt code to"
            " change what you sent, or send this form again to add it as a further"
            " participation."
        )
    return _(
        "You have already sent this form with other entries; its receipt code is"
        " %(code)s. What stands here now has not been sent. Send this form again to add"
        " it as a further participation."
    )


def _would_be_replaced(found: Participation, submission) -> bool:
    """Whether the new entries would take the place of those sent before."""
    if found.state not in _REPLACEABLE:
        return False
    key = once.key_of(found)
    if key is None or submission is None:
        return key is not None
    anew = Participation(
        tool=found.tool,
        title=submission.title,
        data=submission.data,
        parent=submission.parent,
        article=submission.article,
        person_key=found.person_key,
        invited_key=found.invited_key,
    )
    return once.key_of(anew) == key


def token_refusal(consultation, problem: str):
    """Why a form is asked for once more, or that nothing is taken in anyway."""
    if refusal := portal.refusal_now(consultation):
        return refusal
    if problem == "expired":
        return _("This form was open for a long time. Please send it once more.")
    return _("This form could not be recognised. Please send it once more.")


def wait_message(seconds: int) -> str:
    """That too much came from one network, and when to try again."""
    if seconds > _IN_HOURS:
        hours = -(-seconds // 3600)
        return ngettext(
            "Many messages came from your network. Your text is kept in this form;"
            " please send it again in %(hours)d hour, or use another way to take part.",
            "Many messages came from your network. Your text is kept in this form;"
            " please send it again in %(hours)d hours, or use another way to take"
            " part.",
            hours,
        ) % {"hours": hours}
    minutes = -(-seconds // 60)
    return ngettext(
        "Many messages came from your network. Your text is kept in this form; please"
        " send it again in %(minutes)d minute, or use another way to take part.",
        "Many messages came from your network. Your text is kept in this form; please"
        " send it again in %(minutes)d minutes, or use another way to take part.",
        minutes,
    ) % {"minutes": minutes}


def other_ways(consultation) -> str:
    """The other ways that a topic's table of means names; empty without any."""
    if consultation is None:
        return ""
    window = getattr(consultation, "window", None)
    labels = dict(Channel.choices)
    closed = closed_in_table(consultation)
    names = [
        str(labels.get(kind, kind))
        for kind in kinds_of(consultation)
        if kind != Channel.PORTAL and kind not in closed and not is_off(window, kind)
    ]
    if not names:
        return ""
    return _("Other ways to take part in this topic: %(ways)s.") % {
        "ways": pgettext("between ways to take part", ", ").join(names)
    }


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
    if wait > _IN_HOURS:
        hours = -(-wait // 3600)
        return ngettext(
            "Too many attempts. Please try again in %(hours)d hour.",
            "Too many attempts. Please try again in %(hours)d hours.",
            hours,
        ) % {"hours": hours}
    return _("Too many attempts. Please try again in %(minutes)d minutes.") % {
        "minutes": -(-wait // 60)
    }
