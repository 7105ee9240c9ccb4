"""Counting answers: what was kept of the past, and the rest from the answers.

Responses are divided into stretches by their ids, all surveys together. A stretch in
which nothing new comes is counted once and kept (:mod:`keeping`); an act that changes
what one of its responses counts leaves a :class:`SurveyRecount` (:mod:`recounting`),
and until it is counted again its answers are counted at each view.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    DecimalField,
    Exists,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast

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
    Reads what was kept and counts the rest: two queries. Without ``responses`` their
    number is left out.
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
    """Count the answers of some responses by each dimension and without; one query.

    The result has an entry for "" and for each dimension. Without ``responses`` their
    number is left out.
    """
    spans, dimensions = list(spans), tuple(dimensions)
    found: dict[str, Groups] = {each: {} for each in ("", *dimensions)}
    rows = _answers(spans, dimensions)
    if responses:
        rows = rows.union(_responses(spans, dimensions), all=True)
    for what, question, option, number, *values, times in rows.iterator():
        for name, value in zip(found, ("", *values), strict=True):
            group = "" if value is None else str(value)
            tally = found[name].setdefault(group, Tally())
            if what == _RESPONSES:
                tally.responses += times
            elif what == _PEOPLE:
                tally.of(question).people += times
            else:
                tally.of(question).take(option, number, times)
    return found


#: What a row of the query counts.
_ROWS, _PEOPLE, _RESPONSES = 0, 1, 2
_NO_TEXT = Value("", output_field=CharField())
_NO_NUMBER = Cast(Value(None), DecimalField(max_digits=14, decimal_places=4))


def _answers(spans, dimensions):
    """Equal rows of answers with their number, and people who answered a question."""
    where = reduce(or_, (span.where("response__") for span in spans))
    answers = SurveyAnswer.objects.order_by().filter(
        where, response__participation__state__in=COUNTED
    )
    by = [f"response__participation__{each}" for each in dimensions]
    equal = answers.values_list(
        Value(_ROWS), "question_id", "option_id", "number", *by
    ).annotate(times=Count("id"))
    people = answers.values_list(
        Value(_PEOPLE), "question_id", _NO_TEXT, _NO_NUMBER, *by
    ).annotate(times=Count("response", distinct=True))
    return equal.union(people, all=True)


def _responses(spans, dimensions):
    where = reduce(or_, (span.where() for span in spans))
    rows = SurveyResponse.objects.counted().order_by().filter(where)
    by = [f"participation__{each}" for each in dimensions]
    return rows.values_list(
        Value(_RESPONSES), _NO_TEXT, _NO_TEXT, _NO_NUMBER, *by
    ).annotate(times=Count("id"))
