"""What each act changes besides the stage: dates, flags, acceptance.

``clean`` checks the parameters of an act before anything is written; ``apply`` makes
the change inside the act's transaction, with the process held alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import last_day
from wagtail_eparticipation.consultations.act_names import Part
from wagtail_eparticipation.consultations.channel_table import (
    closed_in_table,
    is_off,
    kinds_of,
)
from wagtail_eparticipation.consultations.models import (
    Act,
    CollectionWindow,
    Origin,
    Period,
)
from wagtail_eparticipation.consultations.moderation_modes import ModerationMode
from wagtail_eparticipation.consultations.refusals import refuse
from wagtail_eparticipation.consultations.stages import STANDARD_STAGES
from wagtail_eparticipation.consultations.withholding import withheld_parts
from wagtail_eparticipation.policy.install import NoPolicy, current_version
from wagtail_eparticipation.policy.reading import policy_of

#: Parameters that are instants, for storing as JSON and back.
INSTANTS = frozenset({"opens_at", "closes_at", "asked_opening", "asked_closing"})


def stored(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as JSON keeps them."""
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in parameters.items()
    }


def restored(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as they were given."""
    return {
        key: datetime.fromisoformat(value) if key in INSTANTS and value else value
        for key, value in parameters.items()
    }


def clean(name: str, held, parameters: dict[str, Any]) -> dict[str, Any]:
    """The act's parameters, complete; ``ActRefused`` for dates that make no sense."""
    check = _CHECKS.get(name)
    return check(held, parameters) if check else parameters


def clean_again(act: Act, held) -> dict[str, Any]:
    """A request's parameters, as they come out at the instant of authorisation.

    What was asked for and has passed meanwhile happens now, with the notice due.
    """
    parameters = restored(act.parameters)
    for computed, asked in (
        ("opens_at", "asked_opening"),
        ("closes_at", "asked_closing"),
    ):
        if asked in parameters:
            value = parameters.pop(asked)
            late = act.name == "close_early" or computed == "opens_at"
            parameters[computed] = max(value, held.now) if value and late else value
    return clean(act.name, held, parameters)


def _clean_publish(held, parameters):
    opens_at, closes_at = parameters.get("opens_at"), parameters.get("closes_at")
    if opens_at is None or closes_at is None:
        opens_at, closes_at = _period_of_page(held.consultation)
    if closes_at <= opens_at:
        refuse(_("The period must end after it starts."))
    if closes_at <= held.now:
        refuse(_("The period is already over: set new dates."))
    planned = held.consultation.planned_decision_on
    if planned and planned <= last_day(closes_at):
        refuse(_("The planned decision must come after the closing of the period."))
    try:
        held.consultation.policy_version = current_version(held.now)
    except NoPolicy:
        refuse(_("No participation policy is in force."))
    # Nobody can take part before the topic is public, whatever was planned.
    opens_at = max(opens_at, held.now)
    _check_length(held.consultation, opens_at, closes_at)
    return {**parameters, "opens_at": opens_at, "closes_at": closes_at}


def _period_of_page(consultation):
    from wagtail_eparticipation.consultations.request_gates import original_page

    page = original_page(consultation)
    period = page and page.period()
    if not period:
        refuse(_("The period of participation is missing."))
    return period


def _check_length(consultation, opens_at: datetime, closes_at: datetime) -> None:
    """At least the policy's minimum, less only when accelerated (AC-S1-A5)."""
    policy = policy_of(consultation.policy_version)
    accelerated = consultation.acts.filter(
        name="accelerate", state=Act.State.DONE
    ).exists()
    minimum = (
        policy.accelerated_minimum_days(consultation.kind)
        if accelerated
        else policy.minimum_days(consultation.kind)
    )
    if closes_at - opens_at >= timedelta(days=minimum):
        return
    if accelerated:
        refuse(
            _(
                "The period is shorter than %(days)d days, below which not even an"
                " accelerated one may go."
            )
            % {"days": minimum}
        )
    refuse(
        _(
            "The period is shorter than the minimum of %(days)d days; only"
            " “Accelerate” with a reason and a second person allows less."
        )
        % {"days": minimum}
    )


def _clean_extend(held, parameters):
    closes_at = parameters.get("closes_at")
    if closes_at is None:
        refuse(_("Say until when the period is extended."))
    if closes_at <= held.window.closes_at:
        refuse(_("The new closing must be later than the present one."))
    return {"closes_at": closes_at}


def _clean_close_early(held, parameters):
    """Closing now plus the notice of the policy, or at once when urgent (S3-H)."""
    urgent = bool(parameters.get("urgent"))
    asked = parameters.get("closes_at")
    if asked is not None and asked < held.now:
        refuse(_("A closing in the past is not possible."))
    notice = timedelta(0)
    if not urgent and held.consultation.policy_version:
        policy = policy_of(held.consultation.policy_version)
        notice = timedelta(hours=policy.periods["closing_notice_hours"])
    closes_at = max(held.now + notice, asked or held.now)
    if closes_at >= held.window.closes_at:
        refuse(
            _("With the notice that is due, this would not be earlier than planned.")
        )
    return {"closes_at": closes_at, "asked_closing": asked, "urgent": urgent}


def _clean_reopen(held, parameters):
    if held.consultation.information_only:
        refuse(_("The collection was skipped; a new topic would be needed."))
    asked, closes_at = parameters.get("opens_at"), parameters.get("closes_at")
    if closes_at is None:
        refuse(_("Say until when the topic is open again."))
    opens_at = max(asked or held.now, held.now)
    if closes_at <= opens_at:
        refuse(_("The period must end after it starts."))
    return {"opens_at": opens_at, "closes_at": closes_at, "asked_opening": asked}


def _clean_amend(held, parameters):
    stage = parameters.get("stage")
    if stage not in dict(STANDARD_STAGES):
        refuse(_("Say which stage takes another course."))
    if stage == "closing":
        refuse(_("Formal closing and archiving cannot be left out or changed."))
    return {"stage": stage}


def _clean_not_publish_results(held, parameters):
    parts = [part.value for part in Part if part in parameters.get("parts", ())]
    if not parts:
        refuse(_("Say which results are not published."))
    if withheld_parts(held.consultation).keys() >= set(parts):
        refuse(_("These results are withheld already."))
    return {"parts": parts}


def _clean_publish_results(held, parameters):
    if not withheld_parts(held.consultation):
        refuse(_("No results are withheld."))
    return {}


def _clean_close_channel(held, parameters):
    channel = parameters.get("channel")
    known = kinds_of(held.consultation)
    if channel not in known:
        refuse(_("The topic's table of means does not name this channel."))
    if is_off(held.window, channel):
        refuse(_("This channel is switched off already."))
    shut = closed_in_table(held.consultation)
    left = [
        each
        for each in known
        if each != channel and each not in shut and not is_off(held.window, each)
    ]
    if not left:
        refuse(
            _(
                "This is the last way to take part: ask for “Close early”, which two"
                " people decide."
            )
        )
    return {"channel": channel}


def _clean_open_channel(held, parameters):
    channel = parameters.get("channel")
    if not is_off(held.window, channel):
        refuse(_("This channel is not switched off."))
    return {"channel": channel}


def _clean_change_moderation(held, parameters):
    mode = parameters.get("mode")
    if mode not in ModerationMode.values:
        refuse(_("Say how participations are reviewed."))
    if mode == held.consultation.moderation_mode:
        refuse(_("They are reviewed like this already."))
    return {"mode": mode}


_CHECKS: dict[str, Callable] = {
    "publish": _clean_publish,
    "extend": _clean_extend,
    "close_early": _clean_close_early,
    "reopen": _clean_reopen,
    "amend": _clean_amend,
    "close_channel": _clean_close_channel,
    "open_channel": _clean_open_channel,
    "change_moderation": _clean_change_moderation,
    "not_publish_results": _clean_not_publish_results,
    "publish_results": _clean_publish_results,
}


def apply(act: Act, held, parameters: dict[str, Any]) -> None:
    """Make the change that belongs to ``act``; the caller saves the process."""
    effect = _EFFECTS.get(act.name)
    if effect:
        effect(act, held, parameters)


def _set_period(act, held, opens_at, closes_at, origin) -> None:
    consultation = held.consultation
    highest = consultation.periods.aggregate(top=Max("number"))["top"] or 0
    period = Period.objects.create(
        consultation=consultation,
        number=highest + 1,
        opens_at=opens_at,
        closes_at=closes_at,
        origin=origin,
        act=act,
        recorded_at=held.now,
    )
    window, _created = CollectionWindow.objects.update_or_create(
        consultation=consultation,
        defaults={"period": period, "opens_at": opens_at, "closes_at": closes_at},
    )
    consultation.window = window


def _publish(act, held, parameters):
    opens_at, closes_at = parameters["opens_at"], parameters["closes_at"]
    _set_period(act, held, opens_at, closes_at, Origin.PLANNED)


def _extend(act, held, parameters):
    opens_at = held.window.opens_at
    _set_period(act, held, opens_at, parameters["closes_at"], Origin.EXTENSION)


def _close_early(act, held, parameters):
    opens_at = held.window.opens_at
    _set_period(act, held, opens_at, parameters["closes_at"], Origin.EARLY_CLOSE)


def _reopen(act, held, parameters):
    opens_at, closes_at = parameters["opens_at"], parameters["closes_at"]
    _set_period(act, held, opens_at, closes_at, Origin.REOPENING)


def _skip_collecting(act, held, parameters):
    held.consultation.information_only = True
    _set_period(act, held, held.now, held.now, Origin.SKIPPED)


def _skip_analysing(act, held, parameters):
    held.consultation.analysis_simplified = True


def _close_channel(act, held, parameters):
    entry = {"since": held.now.isoformat(), "reason": act.reason}
    _set_channels(held, {**held.window.closed_channels, parameters["channel"]: entry})


def _open_channel(act, held, parameters):
    left = dict(held.window.closed_channels)
    left.pop(parameters["channel"])
    _set_channels(held, left)


def _set_channels(held, closed) -> None:
    from wagtail_eparticipation.consultations.publishing import purge_later

    held.window.closed_channels = closed
    held.window.save(update_fields=["closed_channels"])
    purge_later(held.consultation.pk)


def _change_moderation(act, held, parameters):
    from wagtail_eparticipation.consultations.publishing import purge_later

    held.consultation.moderation_mode = parameters["mode"]
    purge_later(held.consultation.pk)


def _show_or_hide_results(act, held, parameters):
    from wagtail_eparticipation.consultations.publishing import purge_later

    purge_later(held.consultation.pk)


def _end(act, held, parameters):
    held.consultation.ended_as = act.name
    if held.window is not None:
        held.window.accepting = False
        held.window.save(update_fields=["accepting"])


_EFFECTS: dict[str, Callable] = {
    "publish": _publish,
    "extend": _extend,
    "close_early": _close_early,
    "reopen": _reopen,
    "skip_collecting": _skip_collecting,
    "skip_analysing": _skip_analysing,
    "close_channel": _close_channel,
    "open_channel": _open_channel,
    "change_moderation": _change_moderation,
    "withdraw": _end,
    "cancel": _end,
    "not_publish_results": _show_or_hide_results,
    "publish_results": _show_or_hide_results,
}
