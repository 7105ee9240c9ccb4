"""The named acts on a process: the only way in which its stage ever changes (P-5.0).

Each act is one transaction: the process is locked, the clock read, then legality,
permission, second person, reason and gate are checked; then the effect, the act's
row, the ledger and the signals follow, in that order.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import signals
from wagtail_eparticipation.consultations import access, effects, noting
from wagtail_eparticipation.consultations.act_checks import (
    Held,
    Reason,
    clause_of_reason,
    hold,
    must_be_legal,
    must_have_duty,
    must_pass_gate,
)
from wagtail_eparticipation.consultations.act_names import (
    ACT_LABELS,
    DUTIES,
    PUBLISH,
    SYSTEM_ACTS,
)
from wagtail_eparticipation.consultations.gates import Missing
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.refusals import (
    ActRefused,
    IllegalTransition,
    SamePerson,
)
from wagtail_eparticipation.consultations.stages import TRANSITIONS, is_allowed
from wagtail_eparticipation.consultations.withholding import withheld_parts
from wagtail_eparticipation.ledger.chain import chain
from wagtail_eparticipation.ledger.record import record

__all__ = [
    "ACT_LABELS",
    "ActRefused",
    "IllegalTransition",
    "Reason",
    "SamePerson",
    "authorise",
    "decline",
    "lapse_if_impossible",
    "perform",
    "possible",
    "request",
]


def perform(
    consultation: Consultation,
    name: str,
    *,
    actor,
    reason: Reason | None = None,
    **parameters,
) -> Act:
    """Do a one-person act now.

    Raises :class:`IllegalTransition`, ``PermissionDenied`` (``SamePerson`` for an
    act that needs two people) or :class:`ActRefused`. ``actor`` may be ``None`` only
    for acts that the system itself does.
    """
    with transaction.atomic():
        held = hold(consultation)
        must_be_legal(name, held)
        if TRANSITIONS[name].two_people:
            raise SamePerson(
                _("“%(act)s” needs a second person: request it first.")
                % {"act": ACT_LABELS[name]}
            )
        must_have_duty(name, held, actor, DUTIES[name])
        clause = clause_of_reason(name, held, reason)
        parameters = effects.clean(name, held, parameters)
        must_pass_gate(name, held)
        act = _new_act(name, held, actor, reason, clause, parameters)
        _carry_out(act, held, parameters, actor)
    consultation.refresh_from_db()
    return act


def request(
    consultation: Consultation, name: str, *, actor, reason: Reason, **parameters
) -> Act:
    """Ask for an act that another person must authorise (R-5.0b).

    Raises what :func:`perform` raises, and ``ValueError`` for a one-person act.
    """
    with transaction.atomic():
        held = hold(consultation)
        must_be_legal(name, held)
        if not TRANSITIONS[name].two_people:
            raise ValueError(f"{name} is done by one person: use perform().")
        must_have_duty(name, held, actor, "request")
        clause = clause_of_reason(name, held, reason)
        parameters = effects.clean(name, held, parameters)
        waiting = held.consultation.acts.filter(state=Act.State.REQUESTED)
        if waiting.filter(name=name).exists():
            raise ActRefused([Missing(_("This act has been requested already."))])
        act = _new_act(name, held, actor, reason, clause, parameters)
        act.state = Act.State.REQUESTED
        act.save()
        _record("act_requested", act, held, actor)
    return act


def authorise(act: Act, *, actor) -> Act:
    """Authorise what another person requested, and do it; all is checked again.

    Raises what :func:`perform` raises. Nobody authorises an own request, and nobody
    one whose requester is not known any more.
    """
    with transaction.atomic():
        held = hold(act.consultation)
        act = _waiting(act)
        must_have_duty(act.name, held, actor, "authorise")
        if act.requested_by_id == actor.pk:
            raise SamePerson(
                _("Who requested an act cannot authorise it; ask another person.")
            )
        if act.requested_by_id is None:
            raise SamePerson(
                _(
                    "Who requested this act is not known any more; decline it and"
                    " request it anew."
                )
            )
        must_be_legal(act.name, held)
        act.clause = clause_of_reason(
            act.name, held, Reason(act.reason_code, act.reason)
        )
        parameters = effects.clean_again(act, held)
        must_pass_gate(act.name, held)
        act.state = Act.State.DONE
        act.parameters = effects.stored(parameters)
        _carry_out(act, held, parameters, actor)
    act.consultation.refresh_from_db()
    return act


def decline(act: Act, *, actor, note: str = "") -> Act:
    """Decline a request, or take back one's own; it stays on record with ``note``."""
    with transaction.atomic():
        held = hold(act.consultation)
        act = _waiting(act)
        own = act.requested_by_id == actor.pk
        must_have_duty(act.name, held, actor, "request" if own else "authorise")
        act.state = Act.State.DECLINED
        act.done_at = held.now
        act.authorised_by = None if own else actor
        if note.strip():
            act.parameters = {**act.parameters, "declined_because": note.strip()}
        act.save()
        _record("act_declined", act, held, actor)
    return act


def lapse_if_impossible(act: Act) -> bool:
    """Let a request lapse that nobody could carry out any more, whoever asked."""
    with transaction.atomic():
        held = hold(act.consultation)
        act = Act.objects.select_for_update().get(pk=act.pk)
        if act.state != Act.State.REQUESTED or _could_be_done(act, held):
            return False
        _lapse(act, held)
    return True


def possible(consultation: Consultation, user, now: datetime) -> list[str]:
    """Names of the acts that this user could start at this stage."""
    stage = consultation.stage(now)
    found = [
        name
        for name, step in TRANSITIONS.items()
        if name not in SYSTEM_ACTS
        and is_allowed(name, stage)
        and access.may(
            user, "request" if step.two_people else DUTIES[name], consultation
        )
    ]
    if PUBLISH in found and not withheld_parts(consultation):
        found.remove(PUBLISH)
    window = getattr(consultation, "window", None)
    if "open_channel" in found and not (window and window.closed_channels):
        found.remove("open_channel")
    return found


def _new_act(name, held: Held, actor, reason, clause, parameters) -> Act:
    return Act(
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


def _waiting(act: Act) -> Act:
    act = Act.objects.select_for_update().get(pk=act.pk)
    if act.state != Act.State.REQUESTED:
        raise IllegalTransition(
            _("This request is not waiting any more: %(state)s.")
            % {"state": act.get_state_display()}
        )
    return act


def _could_be_done(act: Act, held: Held) -> bool:
    if not is_allowed(act.name, held.stage):
        return False
    try:
        effects.clean_again(act, held)
    except ActRefused:
        return False
    return True


def _lapse(act: Act, held: Held) -> None:
    act.state = Act.State.LAPSED
    act.done_at = held.now
    act.save(update_fields=["state", "done_at"])
    _record("act_lapsed", act, held, None)


def _carry_out(act: Act, held: Held, parameters, actor) -> None:
    consultation, now, before = held.consultation, held.now, held.stage
    act.authorised_by = actor
    act.done_at = now
    act.save()
    previous = held.window and (held.window.opens_at, held.window.closes_at)
    effects.apply(act, held, parameters)
    target = TRANSITIONS[act.name].target
    if target is not None:
        consultation.stored_stage = target
        consultation.stage_since = now
    consultation.save()
    after = consultation.stage(now)
    _record(f"act.{act.name}", act, held, actor, **{"from": before, "to": after})
    noting.note_by_act(consultation, act, before, after, now)
    signals.act_done.send(sender=Act, consultation=consultation, act=act, now=now)
    if after != before:
        signals.stage_changed.send(
            sender=Act,
            consultation=consultation,
            stage_from=before,
            stage_to=after,
            now=now,
        )
    window = getattr(consultation, "window", None)
    if window and previous and previous != (window.opens_at, window.closes_at):
        signals.period_changed.send(
            sender=Act,
            consultation=consultation,
            window=window,
            previous=previous,
            now=now,
        )
    _lapse_overtaken(Held(consultation, window, now, after))


def _lapse_overtaken(held: Held) -> None:
    for other in held.consultation.acts.filter(state=Act.State.REQUESTED):
        if not is_allowed(other.name, held.stage):
            _lapse(other, held)


def _record(kind: str, act: Act, held: Held, actor, **further: Any) -> None:
    asker = f"user:{act.requested_by_id}" if act.requested_by_id else ""
    data = {
        "act": act.pk,
        "name": act.name,
        "reason_code": act.reason_code,
        "clause": act.clause,
        "reason": act.reason,
        "parameters": act.parameters,
        "requested_by": asker,
        **further,
    }
    record(held.consultation, kind, actor=actor, at=held.now, data=data)
    # An event that waits for its number could be taken out without a gap.
    transaction.on_commit(partial(chain, held.consultation), robust=True)
