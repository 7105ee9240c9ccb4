"""When a survey takes answers: its own period within its topic's (S3-F)."""

from datetime import datetime

from wagtail_eparticipation.consultations.channel_table import portal_takes
from wagtail_eparticipation.consultations.stages import Stage

Instants = tuple[datetime | None, datetime | None]


def within(survey, window) -> Instants:
    """From when until when, half-open: what both the survey and its topic allow.

    ``None`` where there is no window yet.
    """
    if window is None:
        return None, None
    opens = max(filter(None, (window.opens_at, survey.opens_at)))
    return opens, min(filter(None, (window.closes_at, survey.closes_at)))


def is_open(survey, stage: str, now: datetime) -> bool:
    """Whether the portal takes answers at ``now``, places aside."""
    opens, closes = within(survey, getattr(survey.consultation, "window", None))
    if opens is None or not portal_takes(survey.consultation, stage):
        return False
    return opens <= now < closes


def state(survey, stage: str, now: datetime) -> str:
    """``forthcoming``, ``open``, ``closed`` or ``withdrawn``, for its page."""
    opens, _closes = within(survey, getattr(survey.consultation, "window", None))
    if stage == Stage.WITHDRAWN:
        return "withdrawn"
    if opens is None or now < opens:
        return "forthcoming"
    return "open" if is_open(survey, stage, now) else "closed"


def next_change(survey, now: datetime) -> list[datetime]:
    """The instants still to come at which its page changes."""
    return [at for at in (survey.opens_at, survey.closes_at) if at and at > now]


def problems(survey, window) -> list[str]:
    """Names of the fields whose instants do not fit the topic's period."""
    wrong = []
    opens, closes = survey.opens_at, survey.closes_at
    if opens and closes and opens >= closes:
        wrong.append("closes_at")
    if window is not None:
        if opens and not window.opens_at <= opens < window.closes_at:
            wrong.append("opens_at")
        if closes and not window.opens_at < closes <= window.closes_at:
            wrong.append("closes_at")
    return wrong
