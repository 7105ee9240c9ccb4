"""Counting answers: what was kept of the past, and the rest from the answers.

Responses are divided into stretches by their ids, all surveys together. A stretch in
which nothing new comes is counted once and kept (:mod:`keeping`); an act that changes
what one of its responses counts leaves a :class:`SurveyRecount` (:mod:`recounting`),
and until it is counted again its answers are counted at each view.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from wagtail_eparticipation.participations.models import COUNTED
from wagtail_eparticipation.surveys.models import (
    SurveyAnswer,
    SurveyRecount,
    SurveyResponse,
    SurveyTally,
)
from wagtail_eparticipation.surveys.tally import (
    Groups,
    Tally,
    add_groups,
    groups_from_json,
)

#: How many ids of responses make a stretch.
STRETCH = 10_000
#: What counts can be split by: fields of a participation.
DIMENSIONS = ("language", "segment", "channel", "capacity")


@dataclass(frozen=True)
class Span:
    """The responses to one survey from the id ``low`` to before ``high``."""

    survey_key: UUID
    low: int = 0
    high: int | None = None

    def where(self, response: str = "") -> Q:
        """As a condition; ``response`` is the way to the response."""
        found = Q(
            **{f"{response}survey_key": self.survey_key, f"{response}id__gte": self.low}
        )
        if self.high is not None:
            found &= Q(**{f"{response}id__lt": self.high})
        return found


def counted(
    keys: Iterable[UUID], dimension: str = "", *, responses: bool = True
) -> Groups:
    """The counts of everything answered to these surveys, by group.

    ``dimension`` is one of :data:`DIMENSIONS`, or empty for one group without a name.
    Reads what was kept and counts the rest: four queries, three without the number of
    ``responses``.
    """
    keys = list(keys)
    found: Groups = {}
    ends = dict.fromkeys(keys, 0)
    spans = []
    # One statement, so that what is kept and what makes it stale are of one moment.
    stale = SurveyRecount.objects.filter(
        survey_key=OuterRef("survey_key"), stretch=OuterRef("stretch")
    )
    kept = SurveyTally.objects.filter(survey_key__in=keys, dimension=dimension)
    for row in kept.annotate(is_stale=Exists(stale)).order_by().iterator():
        ends[row.survey_key] = max(ends[row.survey_key], row.upto)
        if row.is_stale:
            spans.append(Span(row.survey_key, row.stretch * STRETCH, row.upto))
        else:
            add_groups(found, groups_from_json(row.counts))
    spans += [Span(key, end) for key, end in ends.items()]
    if spans:
        dimensions = (dimension,) if dimension else ()
        counts = count(spans, dimensions, responses=responses)
        add_groups(found, counts[dimension])
    return found


def count(
    spans: Iterable[Span], dimensions: Iterable[str] = (), *, responses: bool = True
) -> dict[str, Groups]:
    """Count the answers of some responses by each dimension and without; three queries.

    The result has an entry for "" and for each dimension.
    """
    spans = list(spans)
    return count_where(
        reduce(or_, (span.where() for span in spans)) if responses else None,
        reduce(or_, (span.where("response__") for span in spans)),
        dimensions,
    )


def count_where(
    responses: Q | None, answers: Q, dimensions: Iterable[str] = ()
) -> dict[str, Groups]:
    """The same for any responses; the two conditions must say the same.

    Without the first one answers are counted alone.
    """
    dimensions = tuple(dimensions)
    found: dict[str, Groups] = {each: {} for each in ("", *dimensions)}

    def groups(values) -> Iterator[Tally]:
        for name, value in zip(("", *dimensions), ("", *values), strict=True):
            group = "" if value is None else str(value)
            yield found[name].setdefault(group, Tally())

    own = [f"participation__{each}" for each in dimensions]
    for *values, number in _responses(responses, own):
        for tally in groups(values):
            tally.responses += number
    theirs = [f"response__{each}" for each in own]
    rows = SurveyAnswer.objects.filter(
        answers, response__participation__state__in=COUNTED
    )
    people = Count("response", distinct=True)
    for question, *values, number in _grouped(rows, ["question_id", *theirs], people):
        for tally in groups(values):
            tally.of(question).people += number
    fields = ["question_id", "option_id", "number", *theirs]
    for question, option, value, *values, number in _grouped(rows, fields, Count("id")):
        for tally in groups(values):
            tally.of(question).take(option, value, number)
    return found


def _responses(where: Q | None, fields: list[str]):
    if where is None:
        return []
    rows = SurveyResponse.objects.counted().filter(where)
    return _grouped(rows, fields, Count("id"))


def _grouped(rows, fields: list[str], figure):
    """Rows of the fields with a figure; one row where there is nothing to group by."""
    rows = rows.order_by()
    if not fields:
        return [(rows.aggregate(figure=figure)["figure"],)]
    return rows.values_list(*fields).annotate(figure=figure).iterator()
