"""What each act changes besides the stage: dates, flags, acceptance.

``clean`` checks the parameters of an act before anything is written; ``apply`` makes
the change inside the act's transaction, with the window held alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.gates import Missing
from wagtail_eparticipation.consultations.models import (
    Act,
    CollectionWindow,
    Origin,
    Period,
)
from wagtail_eparticipation.policy.install import current_version
from wagtail_eparticipation.policy.reading import policy_of

#: Parameters that are instants, for storing as JSON and back.
INSTANTS = frozenset({"opens_at", "closes_at"})


def stored(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as JSON keeps them."""
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in parameters.items()
    }


def restored(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as they were given."""
    return {
        key: datetime.fromisoformat(value) if key in INSTANTS and value else value
        for key, value in parameters.items()
    }


def _refuse(message: str):
    from wagtail_eparticipation.consultations.acts import ActRefused

    raise ActRefused([Missing(message)])


def clean(name: str, held, parameters: dict[str, Any]) -> dict[str, Any]:
    """The act's parameters, complete; refuses dates that make no sense."""
    check = _CHECKS.get(name)
    return check(held, parameters) if check else parameters


def _clean_publish(held, parameters):
    opens_at, closes_at = parameters.get("opens_at"), parameters.get("closes_at")
    if opens_at is None or closes_at is None:
        from wagtail_eparticipation.consultations.request_gates import original_page

        page = original_page(held.consultation)
        period = page and page.period()
        if not period:
            _refuse(_("The period of participation is missing."))
        opens_at, closes_at = period
    if closes_at <= opens_at:
        _refuse(_("The period must end after it starts."))
    if closes_at <= held.now:
        _refuse(_("The period is already over: set new dates."))
    _check_length(held, opens_at, closes_at)
    return {**parameters, "opens_at": opens_at, "closes_at": closes_at}


def _check_length(held, opens_at: datetime, closes_at: datetime) -> None:
    """At least the policy's minimum, less only when accelerated (AC-S1-A5)."""
    consultation = held.consultation
    version = consultation.policy_version
    if version is None:
        _refuse(_("No participation policy is pinned to this topic."))
    policy = policy_of(version)
    accelerated = consultation.acts.filter(
        name="accelerate", state=Act.State.DONE
    ).exists()
    minimum = (
        policy.accelerated_minimum_days(consultation.kind)
        if accelerated
        else policy.minimum_days(consultation.kind)
    )
    if closes_at - opens_at < timedelta(days=minimum):
        _refuse(
            _(
                "The period is shorter than the minimum of %(days)d days; only"
                " “Accelerate” with a reason and a second person allows less."
            )
            % {"days": minimum}
        )


def _clean_extend(held, parameters):
    closes_at = parameters.get("closes_at")
    if closes_at is None:
        _refuse(_("Say until when the period is extended."))
    if closes_at <= held.window.closes_at:
        _refuse(_("The new closing must be later than the present one."))
    return {"closes_at": closes_at}


def _clean_close_early(held, parameters):
    """Closing now plus the notice of the policy, or at once when urgent (S3-H)."""
    urgent = bool(parameters.get("urgent"))
    asked = parameters.get("closes_at")
    if asked is not None and asked < held.now and parameters.get("notice_from") is None:
        _refuse(_("A closing in the past is not possible."))
    notice = timedelta(0)
    if not urgent and held.consultation.policy_version:
        policy = policy_of(held.consultation.policy_version)
        notice = timedelta(hours=policy.periods.get("closing_notice_hours", 0))
    closes_at = max(held.now + notice, asked or held.now)
    if closes_at >= held.window.closes_at:
        _refuse(
            _("With the notice that is due, this would not be earlier than planned.")
        )
    return {"closes_at": closes_at, "urgent": urgent, "notice_from": "authorisation"}


def _clean_reopen(held, parameters):
    closes_at = parameters.get("closes_at")
    opens_at = parameters.get("opens_at") or held.now
    if closes_at is None:
        _refuse(_("Say until when the topic is open again."))
    opens_at = max(opens_at, held.now)
    if closes_at <= opens_at:
        _refuse(_("The period must end after it starts."))
    return {"opens_at": opens_at, "closes_at": closes_at}


_CHECKS: dict[str, Callable] = {
    "publish": _clean_publish,
    "extend": _clean_extend,
    "close_early": _clean_close_early,
    "reopen": _clean_reopen,
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
    held.consultation.policy_version = current_version(held.now)
    _set_period(
        act,
        held,
        parameters["opens_at"],
        parameters["closes_at"],
        Origin.PLANNED,
    )


def _extend(act, held, parameters):
    opens_at = held.window.opens_at
    _set_period(act, held, opens_at, parameters["closes_at"], Origin.EXTENSION)


def _close_early(act, held, parameters):
    opens_at = held.window.opens_at
    _set_period(act, held, opens_at, parameters["closes_at"], Origin.EARLY_CLOSE)


def _reopen(act, held, parameters):
    _set_period(
        act,
        held,
        parameters["opens_at"],
        parameters["closes_at"],
        Origin.REOPENING,
    )


def _skip_collecting(act, held, parameters):
    held.consultation.information_only = True
    _set_period(act, held, held.now, held.now, Origin.SKIPPED)


def _skip_analysing(act, held, parameters):
    held.consultation.analysis_simplified = True


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
    "withdraw": _end,
    "cancel": _end,
}
