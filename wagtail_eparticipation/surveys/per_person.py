"""One person, one response: which responses are left out when people are counted.

Where a topic tells people apart, a later response takes the place of the earlier one
already at the door, so that there is rarely anything to leave out: what came by a file
or the counter, or before the topic's questions to a person were all asked. Where it
does not tell them apart every response counts, in this way of counting as well.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Count, F, Max, Q, Value, When

from wagtail_eparticipation.consultations.audience_modes import (
    AudienceMode,
    IdentityMode,
)
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.tallies import count_where
from wagtail_eparticipation.surveys.tally import Groups

#: The same person as ``participations.once.person_of`` has it.
_PERSON = Case(
    When(
        Q(participation__invited_key__gt="")
        & ~Q(participation__invited_key__startswith="g"),
        then=F("participation__invited_key"),
    ),
    When(participation__person_key__gt="", then=F("participation__person_key")),
    default=Value(""),
)


def tells_apart(consultation) -> bool:
    """Whether the topic knows when two responses are of one person."""
    return (
        consultation.identity_mode != IdentityMode.ANONYMOUS
        or consultation.audience_mode == AudienceMode.INVITED
    )


def earlier_ones(keys: Iterable[UUID]) -> list[int]:
    """Ids of counted responses after which the same person gave a counted one."""
    known = (
        SurveyResponse.objects.counted()
        .filter(survey_key__in=list(keys))
        .exclude(participation__person_key="", participation__invited_key="")
        .annotate(person=_PERSON)
        .exclude(person="")
        .order_by()
    )
    several = (
        known.values("survey_key", "person")
        .annotate(number=Count("id"), latest=Max("id"))
        .filter(number__gt=1)
    )
    latest = {(row["survey_key"], row["person"]): row["latest"] for row in several}
    if not latest:
        return []
    rows = known.filter(person__in={person for _key, person in latest})
    return [
        pk
        for pk, key, person in rows.values_list("id", "survey_key", "person")
        if pk < latest.get((key, person), 0)
    ]


def count_of(responses: list[int], dimension: str) -> Groups:
    """The counts of single responses, to be taken away from all."""
    dimensions = (dimension,) if dimension else ()
    found = count_where(Q(id__in=responses), Q(response_id__in=responses), dimensions)
    return found[dimension]
