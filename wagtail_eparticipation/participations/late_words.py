"""Why something lies in the late box, as its sender reads it (AC-S3-F2)."""

from datetime import timedelta

from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import closing_words, instant_words

_MINUTE = timedelta(minutes=1)


def why_late(participation) -> dict[str, str]:
    """Title and text of a callout, in the active language.

    Said by the closing that was in force when it arrived: a later act that changes
    the dates does not change what happened then.
    """
    closes = participation.period and participation.period.closes_at
    title, why = _REASONS.get(participation.late_reason, _after_the_end)(
        participation, closes
    )
    kept = _(
        "It is kept in the late box and is not counted. The municipality may admit it"
        " with a recorded reason, for example after a disturbance of the service. You"
        " will see here what became of it."
    )
    return {"title": title, "text": f"{why}\n\n{kept}"}


def _after_the_end(participation, closes) -> tuple[str, str]:
    text = _(
        "Participation in this topic had ended when your text arrived. It was open"
        " %(closing)s; your text arrived on %(arrival)s."
    ) % _instants(closes, participation.received_at)
    return _("It arrived after the end"), text


def _made_after_the_end(participation, closes) -> tuple[str, str]:
    text = _(
        "Participation in this topic had ended when this was said or written. It was"
        " open %(closing)s; this is of %(arrival)s."
    ) % _instants(closes, participation.made_at)
    return _("It was made after the end"), text


def _without_evidence(participation, closes) -> tuple[str, str]:
    text = _(
        "It was entered after the end, without evidence of when it was made."
        " Participation in this topic was open %(closing)s; this was entered on"
        " %(arrival)s."
    ) % _instants(closes, participation.received_at)
    return _("It was entered after the end"), text


def _made_too_early(participation, closes) -> tuple[str, str]:
    return (
        _("It was made before the beginning"),
        _("Participation in this topic had not begun when this was said or written."),
    )


def _channel_not_open(participation, closes) -> tuple[str, str]:
    return (
        _("This way of taking part was not open"),
        _("This way of taking part was not open on the day on which this was made."),
    )


_REASONS = {
    "received_after_closing": _after_the_end,
    "made_after_closing": _made_after_the_end,
    "no_evidence": _without_evidence,
    "made_before_opening": _made_too_early,
    "channel_not_open": _channel_not_open,
}


def _instants(closes, arrival) -> dict[str, str]:
    """Both, with the seconds where the minutes would say the same."""
    seconds = bool(closes) and abs(arrival - closes) < _MINUTE
    return {
        "closing": closing_words(closes, seconds=seconds),
        "arrival": instant_words(arrival, seconds=seconds),
    }
