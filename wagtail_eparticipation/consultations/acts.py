"""The named acts on a process: the only way in which its stage ever changes (P-5.0).

Each act is one transaction: the process is locked, the clock read, then legality,
permission, second person, reason and gate are checked; then the effect, the act's
row, the ledger and the signals follow, in that order.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access, effects
from wagtail_eparticipation.consultations.act_names import (
    ACT_LABELS,
    DEVIATIONS,
    DUTIES,
    SYSTEM_ACTS,
)
from wagtail_eparticipation.consultations.gates import Missing, missing_for
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.stages import TRANSITIONS, is_allowed
from wagtail_eparticipation.consultations.windows import hold_exclusive
from wagtail_eparticipation.languages import content_languages, missing_languages
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.policy.reading import NotInPolicy, policy_of

__all__ = [
    "ACT_LABELS",
    "ActRefused",
    "IllegalTransition",
    "Reason",
    "SamePerson",
    "authorise",
    "decline",
    "perform",
    "request",
]


class IllegalTransition(ValueError):
    """The act is impossible at the topic's stage, for everybody."""


class SamePerson(PermissionDenied):
    """Requester and authoriser must be two people (R-5.0b)."""


class ActRefused(ValueError):
    """Something stands in the way; ``missing`` names each item and its mend."""

    def __init__(self, missing: list[Missing]):
        super().__init__("; ".join(str(item) for item in missing))
        self.missing = missing


@dataclass(frozen=True)
class Reason:
    """Why: a code of the pinned policy and a public text in every language."""

    code: str
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Held:
    """What an act works on, locked until its transaction ends."""

    consultation: Consultation
    window: Any
    now: datetime
    stage: str


def perform(
    consultation: Consultation,
    name: str,
    *,
    actor,
    reason: Reason | None = None,
    **parameters,
) -> Act:
    """Do a one-person act now.

    Raises :class:`IllegalTransition`, ``PermissionDenied`` or :class:`ActRefused`.
    ``actor`` may be ``None`` only for acts that the system itself does.
    """
    if TRANSITIONS[name].two_people:
        raise SamePerson(
            _("“%(act)s” needs a second person: request it first.")
            % {"act": ACT_LABELS[name]}
        )
    with transaction.atomic():
        held = _hold(consultation)
        _must_be_legal(name, held)
        _must_have_duty(name, held, actor, DUTIES[name])
        clause = _check_reason(name, held, reason)
        parameters = effects.clean(name, held, parameters)
        _must_pass_gate(name, held)
        act = Act(
            consultation=held.consultation,
            name=name,
            state=Act.State.DONE,
            reason_code=reason.code if reason else "",
            reason=reason.text if reason else {},
            clause=clause,
            parameters=effects.stored(parameters),
            requested_by=actor,
            requested_at=held.now,
        )
        _carry_out(act, held, parameters, actor)
    consultation.refresh_from_db()
    return act


def request(
    consultation: Consultation, name: str, *, actor, reason: Reason, **parameters
) -> Act:
    """Ask for an act that another person must authorise (R-5.0b)."""
    with transaction.atomic():
        held = _hold(consultation)
        _must_be_legal(name, held)
        _must_have_duty(name, held, actor, "request")
        clause = _check_reason(name, held, reason)
        parameters = effects.clean(name, held, parameters)
        waiting = held.consultation.acts.filter(
            name=name, state=Act.State.REQUESTED
        ).first()
        if waiting is not None:
            raise ActRefused([Missing(_("This act has been requested already."))])
        act = Act.objects.create(
            consultation=held.consultation,
            name=name,
            state=Act.State.REQUESTED,
            reason_code=reason.code,
            reason=reason.text,
            clause=clause,
            parameters=effects.stored(parameters),
            requested_by=actor,
            requested_at=held.now,
        )
        record(
            held.consultation,
            "act_requested",
            actor=actor,
            at=held.now,
            data=_ledger_data(act),
        )
    return act


def authorise(act: Act, *, actor) -> Act:
    """Authorise what another person requested, and do it; all is checked again."""
    with transaction.atomic():
        held = _hold(act.consultation)
        act = Act.objects.select_for_update().get(pk=act.pk)
        if act.state != Act.State.REQUESTED:
            raise IllegalTransition(
                _("This request is not waiting any more: %(state)s.")
                % {"state": act.get_state_display()}
            )
        _must_have_duty(act.name, held, actor, "authorise")
        if act.requested_by_id is None or act.requested_by_id == actor.pk:
            raise SamePerson(
                _("Who requested an act cannot authorise it; ask another person.")
            )
        _must_be_legal(act.name, held)
        parameters = effects.clean(
            act.name, held, effects.restored(act.name, act.parameters)
        )
        _must_pass_gate(act.name, held)
        act.state = Act.State.DONE
        act.parameters = effects.stored(parameters)
        _carry_out(act, held, parameters, actor)
    act.consultation.refresh_from_db()
    return act


def decline(act: Act, *, actor) -> Act:
    """Decline a request; it stays on record."""
    with transaction.atomic():
        held = _hold(act.consultation)
        act = Act.objects.select_for_update().get(pk=act.pk)
        if act.state != Act.State.REQUESTED:
            raise IllegalTransition(_("This request is not waiting any more."))
        own = act.requested_by_id == actor.pk
        duty = "request" if own else "authorise"
        _must_have_duty(act.name, held, actor, duty)
        act.state = Act.State.DECLINED
        act.done_at = held.now
        act.authorised_by = None if own else actor
        act.save()
        record(
            held.consultation,
            "act_declined",
            actor=actor,
            at=held.now,
            data=_ledger_data(act),
        )
    return act


def possible(consultation: Consultation, user, now: datetime) -> list[str]:
    """Names of the acts that this user could start at this stage."""
    stage = consultation.stage(now)
    return [
        name
        for name, step in TRANSITIONS.items()
        if name not in SYSTEM_ACTS
        and is_allowed(name, stage)
        and access.may(
            user, "request" if step.two_people else DUTIES[name], consultation
        )
    ]


def _hold(consultation) -> _Held:
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    window = hold_exclusive(locked)
    now = clock.database_now()
    if window is not None:
        locked.window = window
    return _Held(locked, window, now, locked.stage(now))


def _must_be_legal(name: str, held: _Held) -> None:
    if not is_allowed(name, held.stage):
        raise IllegalTransition(
            _("“%(act)s” is not possible at the stage “%(stage)s”.")
            % {"act": ACT_LABELS[name], "stage": held.stage.label}
        )


def _must_have_duty(name: str, held: _Held, actor, duty: str) -> None:
    if actor is None and name in SYSTEM_ACTS:
        return
    if actor is None:
        raise PermissionDenied(_("Nobody was named who does this."))
    if name not in SYSTEM_ACTS:
        access.require(actor, duty, held.consultation)


def _check_reason(name: str, held: _Held, reason: Reason | None) -> str:
    """The clause of the reason; deviations need a code and every language."""
    if name not in DEVIATIONS:
        return ""
    missing = []
    if reason is None or not reason.code:
        raise ActRefused([Missing(_("Choose a reason code."))])
    names = dict(content_languages())
    missing += [
        Missing(
            _("The reason is missing in %(language)s.") % {"language": names[code]},
            language=code,
        )
        for code in missing_languages(reason.text)
    ]
    clause = ""
    version = held.consultation.policy_version
    if version is None:
        missing.append(Missing(_("No participation policy is pinned to this topic.")))
    else:
        policy = policy_of(version)
        try:
            found = policy.reason(reason.code)
        except NotInPolicy:
            found = None
        if found is None or found not in policy.reasons_for(name):
            missing.append(
                Missing(_("The policy has no such reason code for this act."))
            )
        else:
            clause = found.clause
    if missing:
        raise ActRefused(missing)
    return clause


def _must_pass_gate(name: str, held: _Held) -> None:
    if missing := missing_for(name, held.consultation, held.now):
        raise ActRefused(missing)


def _carry_out(act: Act, held: _Held, parameters, actor) -> None:
    before = held.stage
    act.authorised_by = actor
    act.done_at = held.now
    act.save()
    previous = held.window and (held.window.opens_at, held.window.closes_at)
    effects.apply(act, held, parameters)
    target = TRANSITIONS[act.name].target
    if target is not None:
        held.consultation.stored_stage = target
        held.consultation.stage_since = held.now
    held.consultation.save()
    after = held.consultation.stage(held.now)
    record(
        held.consultation,
        f"act.{act.name}",
        actor=actor,
        at=held.now,
        data={**_ledger_data(act), "from": before, "to": after},
    )
    signals.act_done.send(
        sender=Act, consultation=held.consultation, act=act, now=held.now
    )
    if after != before:
        signals.stage_changed.send(
            sender=Act,
            consultation=held.consultation,
            stage_from=before,
            stage_to=after,
            now=held.now,
        )
    window = getattr(held.consultation, "window", None)
    if window and previous and previous != (window.opens_at, window.closes_at):
        signals.period_changed.send(
            sender=Act,
            consultation=held.consultation,
            window=window,
            previous=previous,
            now=held.now,
        )


def _ledger_data(act: Act) -> dict[str, Any]:
    return {
        "act": act.pk,
        "name": act.name,
        "reason_code": act.reason_code,
        "clause": act.clause,
        "reason": act.reason,
        "parameters": act.parameters,
        "requested_by": f"user:{act.requested_by_id}" if act.requested_by_id else "",
    }
