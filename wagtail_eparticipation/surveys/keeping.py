"""Keeping the counts of what is past, for results to be there at once.

A job, safe to run late, twice or in two workers. Each keeps a stretch only if since it
began to count nobody else kept the same stretch or took its marks; the act that comes
in between leaves a mark of its own, which stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Max, Min

from wagtail_eparticipation.participations.deadlocks import was_ended_for_another
from wagtail_eparticipation.surveys.models import (
    SurveyRecount,
    SurveyResponse,
    SurveyTally,
)
from wagtail_eparticipation.surveys.tallies import DIMENSIONS, STRETCH, Span, count
from wagtail_eparticipation.surveys.tally import groups_as_json

#: A response is there a moment after it was given its id. No request and no piece of an
#: import lives as long as this: web servers end a request after a minute or two.
QUIET = timedelta(minutes=15)
#: Of the last stretch, which is not full, so many new ones are worth keeping; fewer are
#: counted in less time than it takes to keep them.
WORTH = 500
#: How many stretches one run counts: about a minute's work.
AT_ONCE = 25


@dataclass(frozen=True)
class Due:
    """A stretch of one survey to be counted up to before the response ``upto``."""

    survey_key: UUID
    stretch: int
    upto: int

    @property
    def span(self) -> Span:
        """Its responses."""
        return Span(self.survey_key, self.stretch * STRETCH, self.upto)


def keep_counts(now: datetime, *, at_most: int = AT_ONCE) -> int:
    """Keep what is due, the oldest of each survey first; how many stretches."""
    kept = 0
    for each in due(now):
        if kept == at_most:
            break
        kept += keep(each)
    return kept


def due(now: datetime) -> Iterator[Due]:
    """Stretches whose counts are missing or out of date."""
    last = last_quiet(now)
    tallies = SurveyTally.objects.order_by().filter(dimension="")
    ends = dict(tallies.values_list("survey_key").annotate(Max("upto")))
    stale = set(SurveyRecount.objects.values_list("survey_key", "stretch").distinct())
    for key, stretch, upto in tallies.values_list("survey_key", "stretch", "upto"):
        if (key, stretch) in stale:
            yield Due(key, stretch, upto)
    for key in _survey_keys():
        yield from _new(key, ends.get(key, 0), last)


def last_quiet(now: datetime) -> int:
    """The id up to which no further response will come in."""
    newer = SurveyResponse.objects.filter(participation__received_at__gt=now - QUIET)
    first = newer.aggregate(first=Min("id"))["first"]
    older = SurveyResponse.objects.all()
    if first is not None:
        # Not simply the id before: somebody may still be writing that one.
        older = older.filter(id__lt=first)
    return older.aggregate(last=Max("id"))["last"] or 0


def _survey_keys() -> Iterator[UUID]:
    """What was ever answered; one step through the index for each."""
    rows = SurveyResponse.objects.order_by("survey_key")
    key = rows.values_list("survey_key", flat=True).first()
    while key is not None:
        yield key
        more = rows.filter(survey_key__gt=key)
        key = more.values_list("survey_key", flat=True).first()


def _new(key: UUID, end: int, last: int) -> Iterator[Due]:
    """The stretches of a survey after those that are kept, in order without a gap."""
    own = SurveyResponse.objects.filter(survey_key=key, id__lte=last).order_by("id")
    while True:
        first = own.filter(id__gte=end).values_list("id", flat=True).first()
        if first is None:
            return
        stretch = first // STRETCH
        end = (stretch + 1) * STRETCH
        if end > last + 1:
            if own.filter(id__gte=first)[:WORTH].count() == WORTH:
                yield Due(key, stretch, last + 1)
            return
        yield Due(key, stretch, end)


def keep(each: Due) -> bool:
    """Count a stretch and keep it; ``False`` where somebody else did meanwhile."""
    own = {"survey_key": each.survey_key, "stretch": each.stretch}
    marks = list(SurveyRecount.objects.filter(**own).values_list("pk", flat=True))
    before = list(SurveyTally.objects.filter(**own).values_list("pk", flat=True))
    found = count([each.span], DIMENSIONS)
    try:
        with transaction.atomic():
            gone = SurveyTally.objects.filter(pk__in=before).delete()[0]
            taken = SurveyRecount.objects.filter(pk__in=marks).delete()[0]
            if (gone, taken) != (len(before), len(marks)):
                raise IntegrityError("another worker kept this stretch")
            SurveyTally.objects.bulk_create(
                SurveyTally(
                    **own,
                    dimension=name,
                    upto=each.upto,
                    counts=groups_as_json(groups),
                )
                for name, groups in found.items()
            )
    except IntegrityError:
        return False
    except OperationalError as error:
        if not was_ended_for_another(error):
            raise
        return False
    return True


def wrong(survey_key: UUID | None = None) -> Iterator[SurveyTally]:
    """Kept counts that are not what a count of all answers gives.

    Counts everything, stretch after stretch. Those already known to be out of date
    are not named.
    """
    rows = SurveyTally.objects.order_by("survey_key", "stretch", "dimension")
    if survey_key is not None:
        rows = rows.filter(survey_key=survey_key)
    spans = rows.values_list("survey_key", "stretch", "upto").distinct()
    for key, stretch, upto in list(spans.order_by("survey_key", "stretch")):
        found = count([Due(key, stretch, upto).span], DIMENSIONS)
        own = rows.filter(survey_key=key, stretch=stretch, upto=upto)
        stale = SurveyRecount.objects.filter(survey_key=key, stretch=stretch)
        bad = [row for row in own if row.counts != groups_as_json(found[row.dimension])]
        if bad and not stale.exists():
            yield from bad


def repair(row: SurveyTally) -> bool:
    """Count the stretch of a wrong row again and keep that."""
    return keep(Due(row.survey_key, row.stretch, row.upto))
