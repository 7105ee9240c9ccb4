"""What every act is asked before it is done; superusers are asked the same.

An act works on a :class:`Held` process: its rows are locked, the clock was read
after that, and what the clock had already done is written down.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access, noting
from wagtail_eparticipation.consultations.act_names import (
    ACT_LABELS,
    DEVIATIONS,
    EXPLAINED,
    SYSTEM_ACTS,
)
from wagtail_eparticipation.consultations.gates import Missing, missing_for
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.refusals import (
    ActRefused,
    IllegalTransition,
)
from wagtail_eparticipation.consultations.stages import (
    TRANSITIONS,
    Stage,
    is_allowed,
)
from wagtail_eparticipation.consultations.windows import hold_process
from wagtail_eparticipation.languages import content_languages, missing_languages
from wagtail_eparticipation.policy.reading import NotInPolicy, policy_of


@dataclass(frozen=True)
class Reason:
    """Why: a code of the pinned policy and a public text in every language."""

    code: str
    text: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """What an act works on, locked until its transaction ends."""

    consultation: Consultation
    window: Any
    now: datetime
    stage: Stage


def hold(consultation: Consultation) -> Held:
    """Lock the process, read the clock, note what the clock has done (R-5.0d)."""
    locked, window = hold_process(consultation.pk)
    now = clock.database_now()
    noting.note_due(locked, now)
    return Held(locked, window, now, locked.stage(now))


def must_be_legal(name: str, held: Held) -> None:
    """Raise :class:`IllegalTransition` unless the stage allows the act."""
    if name not in TRANSITIONS:
        raise IllegalTransition(
            _("There is no act “%(act)s”: this stage cannot be left out.")
            % {"act": name}
        )
    if is_allowed(name, held.stage):
        return
    message = _("“%(act)s” is not possible at the stage “%(stage)s”.") % {
        "act": ACT_LABELS[name],
        "stage": held.stage.label,
    }
    if hint := _hint(name, held.stage):
        message = f"{message} {hint}"
    raise IllegalTransition(message)


def _hint(name: str, stage: Stage) -> str:
    """What could be done instead (AC-S3-G2, AC-S4-F2, AC-S4-F3)."""
    if name == "extend" and stage == Stage.ANALYSING:
        return _("The period is over, so this would be a reopening: ask for that.")
    if name == "reopen" and stage in (Stage.FORTHCOMING, Stage.COLLECTING):
        return _("The period is not over: extend it instead.")
    if name == "reopen" and stage in (Stage.DECIDED, Stage.ANNOUNCED):
        return _("Add a supplement to the decision, or begin a successor topic.")
    if name == "reopen" and stage in (Stage.CLOSED, Stage.ARCHIVED):
        return _("Only a successor topic is possible.")
    return ""


def must_have_duty(name: str, held: Held, actor, duty: str) -> None:
    """Raise ``PermissionDenied`` unless the actor holds the duty here."""
    if name in SYSTEM_ACTS:
        return
    if actor is None:
        raise PermissionDenied(_("Nobody was named who does this."))
    access.require(actor, duty, held.consultation)


def clause_of_reason(name: str, held: Held, reason: Reason | None) -> str:
    """The clause of a deviation's reason, which the pinned policy must know (R-2.1b).

    Raises :class:`ActRefused` when the code is missing or unknown for this act, or
    when the text is missing in a language of the site.
    """
    if name in EXPLAINED:
        if missing := _untold(reason):
            raise ActRefused(missing)
        return EXPLAINED[name]
    if name not in DEVIATIONS:
        return ""
    if reason is None or not reason.code:
        raise ActRefused([Missing(_("Choose a reason code."))])
    missing = _untold(reason)
    version = held.consultation.policy_version
    if version is None:
        missing.append(Missing(_("No participation policy is pinned to this topic.")))
        raise ActRefused(missing)
    policy = policy_of(version)
    try:
        found = policy.reason(reason.code)
    except NotInPolicy:
        found = None
    if found is None or found not in policy.reasons_for(name):
        missing.append(Missing(_("The policy has no such reason code for this act.")))
    if missing:
        raise ActRefused(missing)
    return found.clause


def _untold(reason: Reason | None) -> list[Missing]:
    """The languages in which the public would not be told why."""
    names = dict(content_languages())
    return [
        Missing(
            _("The reason is missing in %(language)s.") % {"language": names[code]},
            language=code,
        )
        for code in missing_languages(reason.text if reason else {})
    ]


def must_pass_gate(name: str, held: Held) -> None:
    """Raise :class:`ActRefused` with everything that the rooms find missing (C.3)."""
    if missing := missing_for(name, held.consultation, held.now):
        raise ActRefused(missing)
