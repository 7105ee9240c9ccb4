"""What may be decided about a participation as it stands (R-5.3.1c, R-8.1a)."""

from django.db.models import Exists, OuterRef

from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.discussion import publish as discussion
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.models import (
    SHOWING,
    ModerationDecision,
    Outcome,
)
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.participations import once, tools
from wagtail_eparticipation.participations.models import Participation, State

_FIRST = (
    Outcome.PUBLISH,
    Outcome.PUBLISH_REDACTED,
    Outcome.KEEP_UNPUBLISHED,
    Outcome.REFUSE,
    Outcome.REROUTE,
)

#: What may be decided about a participation in each state; nothing in the others.
POSSIBLE = {
    State.RECEIVED: _FIRST,
    State.QUARANTINED: _FIRST,
    State.UNPUBLISHED: (
        Outcome.PUBLISH,
        Outcome.PUBLISH_REDACTED,
        Outcome.KEEP_UNPUBLISHED,
    ),
    State.PUBLISHED: (Outcome.PUBLISH_REDACTED, Outcome.TAKE_DOWN),
    State.TAKEN_DOWN: (Outcome.PUBLISH, Outcome.PUBLISH_REDACTED),
}

#: What is possible besides when its author objects (R-7.0.2d).
ON_OBJECTION = {
    State.REFUSED: (
        Outcome.PUBLISH,
        Outcome.PUBLISH_REDACTED,
        Outcome.KEEP_UNPUBLISHED,
    ),
}

#: What is left for what is no opinion: a complaint is neither shown nor counted.
_DIVERTED = frozenset({Outcome.REFUSE, Outcome.REROUTE})


def possible_outcomes(participation: Participation, stage: str) -> list[Outcome]:
    """What can be decided now, the author's own choice included."""
    found = _possible_for(participation)
    if stage in SETTLED:
        found = [each for each in found if _protects(participation, each)]
    if not discussion.may_be_published(participation):
        found = [each for each in found if each not in SHOWING]
    return list(found)


def require_possible(held: Participation, outcome: Outcome, stage: str) -> None:
    """Raise what keeps a moderator from deciding so."""
    if stage in SETTLED and not _protects(held, outcome):
        raise errors.TopicIsClosed
    if outcome not in _possible_for(held):
        raise errors.OutcomeNotPossible(outcome, held.get_state_display())
    if outcome in SHOWING and not discussion.may_be_published(held):
        raise errors.PublicationDeclined


def _protects(participation: Participation, outcome: str) -> bool:
    """Whether it takes words from the public, which stays possible after closing."""
    return participation.state == State.PUBLISHED and outcome in (
        Outcome.TAKE_DOWN,
        Outcome.PUBLISH_REDACTED,
    )


def _possible_for(participation: Participation) -> tuple[Outcome, ...]:
    found = POSSIBLE.get(participation.state, ())
    if (
        participation.state in ON_OBJECTION
        and is_objected(participation)
        # Who sent another since would be counted twice (R-7.5a).
        and once.later_of(participation) is None
    ):
        found = (*found, *ON_OBJECTION[participation.state])
    try:
        diverted = tools.get(participation.tool).received_as
    except tools.UnknownTool:
        diverted = ""
    return tuple(each for each in found if each in _DIVERTED) if diverted else found


def is_objected(participation: Participation) -> bool:
    """Whether an objection of its author waits."""
    return Objection.objects.filter(open_for=participation).exists()


def what_waits(held: Participation) -> tuple[bool, bool]:
    """Whether a proposal and whether an objection waits, of a row that is held."""
    proposed = ModerationDecision.objects.filter(open_for=OuterRef("pk"))
    objected = Objection.objects.filter(open_for=OuterRef("pk"))
    rows = Participation.objects.filter(pk=held.pk)
    return rows.values_list(Exists(proposed), Exists(objected)).get()


def only_hides(participation: Participation, outcome: str) -> bool:
    """Whether a decision changes nothing but what is hidden."""
    return (participation.state, outcome) in (
        (State.PUBLISHED, Outcome.PUBLISH_REDACTED),
        (State.UNPUBLISHED, Outcome.KEEP_UNPUBLISHED),
    )


def needs_places(participation: Participation, outcome: str) -> bool:
    """Whether a decision is nothing without a place to hide."""
    hides = only_hides(participation, outcome)
    return hides or outcome == Outcome.PUBLISH_REDACTED


def needs_reason(participation: Participation, outcome: str) -> bool:
    """Whether a reason of the policy must be given.

    Not for publishing, nor for leaving unpublished what its author did not want
    published, nor where there is no text that could be.
    """
    if only_hides(participation, outcome):
        return True
    if outcome == Outcome.KEEP_UNPUBLISHED:
        return discussion.may_be_published(participation)
    return outcome != Outcome.PUBLISH
