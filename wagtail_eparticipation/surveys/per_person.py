"""One person, one response: which responses are left out when people are counted.

Where a topic tells people apart, a later response takes the place of the earlier one
already at the door, so that there is rarely anything to leave out: what came by a file
or the counter, or before the topic's questions to a person were all asked. Where it
does not tell them apart every response counts, in this way of counting as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, Max, Q, Value, When, Window

from wagtail_eparticipation.consultations.audience_modes import (
    AudienceMode,
    IdentityMode,
)
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.tallies import DIMENSIONS
from wagtail_eparticipation.surveys.tally import Groups, Tally

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


@dataclass(frozen=True)
class Earlier:
    """A counted response after which the same person gave a counted one."""

    pk: int
    groups: Mapping[str, str]


def earlier_ones(keys: Iterable[UUID]) -> list[Earlier]:
    """Responses that are left out where each person counts once; one query."""
    known = (
        SurveyResponse.objects.counted()
        .filter(survey_key__in=list(keys))
        .exclude(participation__person_key="", participation__invited_key="")
        .annotate(person=_PERSON)
        .exclude(person="")
        .annotate(latest=Window(Max("id"), partition_by=[F("survey_key"), F("person")]))
        .filter(id__lt=F("latest"))
        .order_by("id")
    )
    fields = [f"participation__{each}" for each in DIMENSIONS]
    return [
        Earlier(
            pk,
            {
                name: "" if value is None else str(value)
                for name, value in zip(DIMENSIONS, values, strict=True)
            },
        )
        for pk, *values in known.values_list("id", *fields)
    ]


def count_of(responses: Iterable[Earlier], dimension: str) -> Groups:
    """The counts of single responses, to be taken away from all; one query."""
    groups: Groups = {}
    tallies = {}
    for each in responses:
        tally = groups.setdefault(each.groups.get(dimension, ""), Tally())
        tally.responses += 1
        tallies[each.pk] = tally
    asked = set()
    rows = SurveyAnswer.objects.order_by().filter(response_id__in=list(tallies))
    for pk, question, option, number in rows.values_list(
        "response_id", "question_id", "option_id", "number"
    ):
        counts = tallies[pk].of(question)
        counts.take(option, number, 1)
        counts.people += (pk, question) not in asked
        asked.add((pk, question))
    return groups
