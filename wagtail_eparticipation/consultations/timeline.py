"""The public course of a topic: six stages with dates, and notes on what was done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from wagtail_eparticipation.calendars.words import (
    closing_words,
    date_words,
    instant_words,
)
from wagtail_eparticipation.consultations.act_names import (
    DEVIATIONS,
    DONE_TITLES,
    labels_of,
)
from wagtail_eparticipation.consultations.blocks import ChannelKind
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.moderation_modes import ModerationMode
from wagtail_eparticipation.consultations.stages import STANDARD_STAGES, Stage
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.policy.reading import policy_of

#: What the stages are called until a policy is pinned.
STAGE_NAMES = {
    "putting_forward": gettext_lazy("Putting forward"),
    "publishing": gettext_lazy("Publishing"),
    "collecting": gettext_lazy("Collecting"),
    "analysing": gettext_lazy("Analysing"),
    "deciding": gettext_lazy("Deciding"),
    "closing": gettext_lazy("Closing and archiving"),
}
_PLACES = {key: place for place, (key, _stages) in enumerate(STANDARD_STAGES)}
#: A withdrawn topic stops where it was and still passes the last stage (C.2).
_ENDED = frozenset({Stage.WITHDRAWN, Stage.CANCELLED})
_DECISION_IS_PAST = _ENDED | {Stage.ANNOUNCED, Stage.CLOSED, Stage.ARCHIVED}
#: The act that completes a stage, and how its day is said.
_COMPLETES = {
    "approve": ("putting_forward", gettext_lazy("Approved %(date)s")),
    "decide": ("analysing", gettext_lazy("Completed %(date)s")),
    "announce": ("deciding", gettext_lazy("Announced %(date)s")),
    "close": ("closing", gettext_lazy("Closed formally %(date)s")),
    "archive": ("closing", gettext_lazy("Archived %(date)s")),
}


@dataclass(frozen=True)
class StageStep:
    """One of the six stages as the public sees it.

    ``state`` is ``done``, ``current``, ``ahead`` or ``skipped``; ``starts`` and
    ``ends`` are instants where they are known, ``dates`` says them in words.
    """

    key: str
    name: str
    state: str
    dates: str = ""
    notes: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Note:
    """One thing that was done, with its public reason.

    ``former`` and ``present`` are closings in words where the act moved one.
    """

    at: datetime
    title: str
    text: str = ""
    clause: str = ""
    tone: str = ""
    former: str = ""
    present: str = ""

    @property
    def date(self) -> str:
        """When, in both calendars and the active language."""
        return instant_words(self.at)


Provider = Callable[[Consultation, str, datetime], Iterable[Note]]

_providers: list[Provider] = []


def register_notes(provider: Provider) -> None:
    """Let a room add notes: ``provider(consultation, language, now)``."""
    if provider not in _providers:
        _providers.append(provider)


def standard_steps(
    consultation: Consultation, now: datetime, acts: list[Act] | None = None
) -> list[StageStep]:
    """The six stages with state, dates and the deviations that touched them.

    ``acts`` are the :func:`done_acts`, for a caller that has them.
    """
    stage = consultation.stage(now)
    current = next(
        (
            position
            for position, (_key, stages) in enumerate(STANDARD_STAGES)
            if stage in stages
        ),
        len(STANDARD_STAGES) - 1,
    )
    acts = done_acts(consultation) if acts is None else acts
    ended = _ended_in(consultation, acts)
    dates = _dates(consultation, stage, now, acts)
    remarks = _remarks(consultation)
    window = getattr(consultation, "window", None)
    ends = {"publishing": window and window.opens_at}
    starts = {"collecting": window and window.opens_at}
    ends["collecting"] = starts["analysing"] = window and window.closes_at
    return [
        StageStep(
            key,
            stage_name(consultation, key),
            _state(consultation, stage, position, position - current, ended),
            dates[key],
            remarks.get(key, ()),
            starts.get(key),
            ends.get(key),
        )
        for position, (key, _stages) in enumerate(STANDARD_STAGES)
    ]


def _state(
    consultation: Consultation, stage: Stage, position: int, offset: int, ended: int
) -> str:
    """What became of a stage that lies ``offset`` places after the current one."""
    skipped = ended < position < len(STANDARD_STAGES) - 1 or (
        consultation.information_only and STANDARD_STAGES[position][0] == "collecting"
    )
    if stage == Stage.ARCHIVED or offset < 0:
        return "skipped" if skipped else "done"
    if offset == 0:
        return "current"
    return "skipped" if skipped else "ahead"


def _ended_in(consultation: Consultation, acts: list[Act]) -> int:
    """The place of the stage in which a topic was given up; else of the last one."""
    if consultation.ended_as == "cancel":
        return _PLACES["putting_forward"]
    if consultation.ended_as != "withdraw":
        return _PLACES["closing"]
    window = getattr(consultation, "window", None)
    at = next((act.done_at for act in acts if act.name == "withdraw"), None)
    if at is None or window is None or at >= window.closes_at:
        return _PLACES["analysing"]
    return _PLACES["publishing" if at < window.opens_at else "collecting"]


def _remarks(consultation: Consultation) -> dict[str, tuple[str, ...]]:
    """What departed from the standard course, at the stage that it touched."""
    remarks = {}
    if consultation.information_only:
        remarks["collecting"] = (_("For information only: nobody could take part."),)
    if consultation.analysis_simplified:
        remarks["analysing"] = (_("The analysis was simplified."),)
    if consultation.ended_as == "withdraw":
        remarks["deciding"] = (_("The topic was withdrawn without a decision."),)
    elif consultation.ended_as == "cancel":
        remarks["deciding"] = (_("The topic was cancelled without a decision."),)
    return remarks


def stage_name(consultation: Consultation, key: str) -> str:
    """What the pinned policy calls a stage."""
    version = consultation.policy_version
    if version is None:
        return str(STAGE_NAMES[key])
    # Not stage_name(): "collecting" and "analysing" are also states of a topic.
    name, _description, _clause = policy_of(version).standard_stage(key)
    return str(name)


def _dates(
    consultation: Consultation, stage: Stage, now: datetime, acts: list[Act]
) -> dict[str, str]:
    """When each stage was or will be, as far as it is known."""
    dates = {key: "" for key, _stages in STANDARD_STAGES} | _done_dates(acts)
    window = getattr(consultation, "window", None)
    if window is not None and stage not in (Stage.DRAFT, Stage.CANCELLED):
        opens = _("Opened %(date)s") if now >= window.opens_at else _("Opens %(date)s")
        dates["publishing"] = opens % {"date": date_words(window.opens_at)}
        dates["collecting"] = closing_words(window.closes_at)
    if not dates["deciding"]:
        dates["deciding"] = planned_words(consultation, stage)
    if stage == Stage.DECIDED:
        # That a decision was taken is under embargo until it is announced.
        dates["analysing"] = ""
    return dates | _dates_of_the_end(consultation, acts)


def _dates_of_the_end(consultation: Consultation, acts: list[Act]) -> dict[str, str]:
    """Of a withdrawn topic: when it was; what it never reached has no date."""
    withdrawn = [act for act in acts if act.name == "withdraw"]
    if not withdrawn:
        return {}
    ended = _ended_in(consultation, acts)
    never = {key: "" for key, place in _PLACES.items() if place > ended}
    never.pop("closing", None)
    day = date_words(withdrawn[-1].done_at)
    return {STANDARD_STAGES[ended][0]: _("Withdrawn %(date)s") % {"date": day}} | never


def _done_dates(acts: list[Act]) -> dict[str, str]:
    """The days of the acts that completed a stage."""
    dates = {}
    for act in acts:
        if act.name in _COMPLETES:
            key, words = _COMPLETES[act.name]
            dates[key] = words % {"date": date_words(act.done_at)}
    return dates


def planned_words(consultation: Consultation, stage: Stage) -> str:
    """For when the decision is planned; nothing once it is taken or given up."""
    day = consultation.planned_decision_on
    ahead = stage not in _DECISION_IS_PAST and not consultation.ended_as
    if not (day and ahead):
        return ""
    return _("Planned for %(date)s") % {"date": date_words(day)}


def done_acts(consultation: Consultation) -> list[Act]:
    """The acts that were carried out, in order; a page that prefetched asks once."""
    # All of them, so that they can be prefetched.
    done = [act for act in consultation.acts.all() if act.state == Act.State.DONE]
    return sorted(done, key=lambda act: (act.done_at, act.pk))


def notes(
    consultation: Consultation,
    language: str,
    now: datetime,
    acts: list[Act] | None = None,
) -> list[Note]:
    """Everything that was done in public, the newest first (R-5.0b, R-5.2.1e).

    ``acts`` are the :func:`done_acts`, for a caller that has them.
    """
    acts = done_acts(consultation) if acts is None else acts
    with override(language):
        found = [
            *_act_notes(consultation, language, acts),
            *_change_notes(consultation, language),
            *(
                note
                for provider in _providers
                for note in provider(consultation, language, now)
            ),
        ]
    return sorted(found, key=lambda note: note.at, reverse=True)


def _act_notes(
    consultation: Consultation, language: str, done: list[Act]
) -> Iterable[Note]:
    acts = [act for act in done if act.name not in ("approve", "lapse", "decide")]
    # Most topics keep their dates: then there is nothing to compare with.
    changed = any(act.name in DEVIATIONS for act in acts)
    periods = list(consultation.periods.order_by("number")) if changed else []
    before = {
        later.act_id: earlier
        for earlier, later in zip(periods, periods[1:], strict=False)
    }
    own = {period.act_id: period for period in periods}
    for act in acts:
        former = before.get(act.pk)
        yield Note(
            at=act.done_at,
            title=_act_title(consultation, act),
            text=pick(act.reason, language),
            clause=act.clause,
            tone="warning" if act.name in DEVIATIONS else "",
            former=closing_words(former.closes_at, language) if former else "",
            present=closing_words(own[act.pk].closes_at, language) if former else "",
        )


def _act_title(consultation: Consultation, act: Act) -> str:
    if act.name == "amend" and act.parameters.get("stage"):
        return _("The course of the stage “%(stage)s” was amended") % {
            "stage": stage_name(consultation, act.parameters["stage"])
        }
    if channel := act.parameters.get("channel"):
        return _("%(what)s: %(channel)s") % {
            "what": DONE_TITLES[act.name],
            "channel": dict(ChannelKind.choices).get(channel, channel),
        }
    if mode := act.parameters.get("mode"):
        return _("%(what)s: %(mode)s") % {
            "what": DONE_TITLES[act.name],
            "mode": dict(ModerationMode.choices).get(mode, mode),
        }
    if parts := act.parameters.get("parts"):
        return _("Not published: %(what)s") % {"what": " · ".join(labels_of(parts))}
    return str(DONE_TITLES[act.name])


def _change_notes(consultation: Consultation, language: str) -> Iterable[Note]:
    # All of them, so that the topic's page, which needs them too, can prefetch them.
    for version in consultation.request_versions.all():
        if version.number == 1 or version.published_at is None:
            continue
        title = _("Correction: version %(number)d") % {"number": version.number}
        text = pick(version.change_note, language)
        yield Note(at=version.published_at, title=title, text=text)
