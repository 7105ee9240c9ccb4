"""The state machine of a consultation, pure: values in, values out (R-5.0a, C.2).

What is stored is what people decided; whether a topic is forthcoming, collecting or
analysing follows from the clock at each request and needs no scheduled job (R-5.0d).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stored(models.TextChoices):
    """What the database holds."""

    DRAFT = "draft", _("Being drafted")
    APPROVED = "approved", _("Approved, not yet published")
    PUBLISHED = "published", _("Published")
    DECIDED = "decided", _("Decided, not yet announced")
    ANNOUNCED = "announced", _("Decision announced")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", _("Cancelled")
    CLOSED = "closed", _("Formally closed")
    ARCHIVED = "archived", _("Archived")


class Stage(models.TextChoices):
    """Where a topic stands at an instant, as people see it."""

    DRAFT = "draft", _("Being drafted")
    APPROVED = "approved", _("Approved, not yet published")
    FORTHCOMING = "forthcoming", _("Forthcoming")
    COLLECTING = "collecting", _("Open for participation")
    ANALYSING = "analysing", _("Participations being analysed")
    DECIDED = "decided", _("Decided, not yet announced")
    ANNOUNCED = "announced", _("Decision announced")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", _("Cancelled")
    CLOSED = "closed", _("Formally closed")
    ARCHIVED = "archived", _("Archived")


#: The six standard stages of P-5 and the stage in which each is current.
STANDARD_STAGES = (
    ("putting_forward", {Stage.DRAFT, Stage.APPROVED}),
    ("publishing", {Stage.FORTHCOMING}),
    ("collecting", {Stage.COLLECTING}),
    ("analysing", {Stage.ANALYSING, Stage.DECIDED}),
    ("deciding", {Stage.ANNOUNCED}),
    ("closing", {Stage.CLOSED, Stage.ARCHIVED}),
)

#: From the formal closing on, what was recorded stays as it is (P-5.6.1, AC-S6-C2).
SETTLED = frozenset({Stored.CLOSED, Stored.ARCHIVED})

PUBLIC_STAGES = frozenset(Stage) - {Stage.DRAFT, Stage.APPROVED, Stage.CANCELLED}


@dataclass(frozen=True)
class Transition:
    """One allowed step: from which stages, to what is stored then."""

    name: str
    origins: frozenset[Stage]
    target: Stored | None
    two_people: bool = False


def _step(name, origins, target, two_people=False):
    return Transition(name, frozenset(origins), target, two_people)


#: While there are results, or will be, and the archive is not sealed (R-6.4.1c).
_WITH_RESULTS = frozenset(
    {
        Stage.COLLECTING,
        Stage.ANALYSING,
        Stage.DECIDED,
        Stage.ANNOUNCED,
        Stage.WITHDRAWN,
        Stage.CLOSED,
    }
)

#: Everything that may ever happen to a topic's stage. What is not here is impossible
#: for every role, superusers included.
TRANSITIONS = {
    step.name: step
    for step in (
        _step("approve", {Stage.DRAFT, Stage.APPROVED}, Stored.APPROVED),
        _step("lapse", {Stage.APPROVED}, Stored.DRAFT),
        _step("publish", {Stage.APPROVED}, Stored.PUBLISHED),
        _step("cancel", {Stage.DRAFT, Stage.APPROVED}, Stored.CANCELLED),
        _step("accelerate", {Stage.DRAFT, Stage.APPROVED}, None, two_people=True),
        _step(
            "restrict_audience", {Stage.DRAFT, Stage.APPROVED}, None, two_people=True
        ),
        _step("extend", {Stage.FORTHCOMING, Stage.COLLECTING}, None, two_people=True),
        _step("close_early", {Stage.COLLECTING}, None, two_people=True),
        _step("reopen", {Stage.ANALYSING}, None, two_people=True),
        _step("skip_collecting", {Stage.FORTHCOMING}, None, two_people=True),
        _step("skip_analysing", {Stage.ANALYSING}, None, two_people=True),
        _step(
            "withdraw",
            {Stage.FORTHCOMING, Stage.COLLECTING, Stage.ANALYSING, Stage.DECIDED},
            Stored.WITHDRAWN,
            two_people=True,
        ),
        _step(
            "amend",
            {
                Stage.APPROVED,
                Stage.FORTHCOMING,
                Stage.COLLECTING,
                Stage.ANALYSING,
                Stage.DECIDED,
                Stage.ANNOUNCED,
            },
            None,
            two_people=True,
        ),
        _step("close_channel", {Stage.FORTHCOMING, Stage.COLLECTING}, None),
        _step("open_channel", {Stage.FORTHCOMING, Stage.COLLECTING}, None),
        _step(
            "change_moderation",
            {
                Stage.DRAFT,
                Stage.APPROVED,
                Stage.FORTHCOMING,
                Stage.COLLECTING,
                Stage.ANALYSING,
            },
            None,
        ),
        _step("not_publish_results", _WITH_RESULTS, None, two_people=True),
        _step("publish_results", _WITH_RESULTS, None),
        _step("decide", {Stage.ANALYSING}, Stored.DECIDED),
        _step("announce", {Stage.DECIDED}, Stored.ANNOUNCED),
        _step(
            "close",
            {Stage.ANNOUNCED, Stage.WITHDRAWN, Stage.CANCELLED},
            Stored.CLOSED,
        ),
        _step("archive", {Stage.CLOSED}, Stored.ARCHIVED),
    )
}


#: Acts that another person must authorise (R-5.0b).
TWO_PEOPLE = tuple(name for name, step in TRANSITIONS.items() if step.two_people)

#: Those that the database holds to it too. Extensions once took one person, and the
#: rows of that time stay as they are.
ALWAYS_TWO_PEOPLE = tuple(name for name in TWO_PEOPLE if name != "extend")


def stage_at(
    stored: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    now: datetime,
) -> Stage:
    """The stage at ``now``; the period is half-open ``[opens_at, closes_at)``."""
    if stored != Stored.PUBLISHED:
        return Stage(stored)
    if opens_at is None or closes_at is None or now < opens_at:
        return Stage.FORTHCOMING
    if now < closes_at:
        return Stage.COLLECTING
    return Stage.ANALYSING


def is_allowed(transition: str, stage: Stage) -> bool:
    """Whether ``transition`` may start from ``stage``."""
    return stage in TRANSITIONS[transition].origins


def next_change(
    stored: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    now: datetime,
) -> datetime | None:
    """When the stage changes by itself; caching must end there (AC-S3-F7)."""
    if stored != Stored.PUBLISHED:
        return None
    for instant in (opens_at, closes_at):
        if instant is not None and now < instant:
            return instant
    return None
