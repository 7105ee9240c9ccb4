"""How many were invited and how many answered, by segment (R-5.1.3d, AC-S3-L5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.consultations.vocabulary_names import names_of
from wagtail_eparticipation.participations.invitations import (
    SEGMENT_AT_LEAST,
    Invitation,
)
from wagtail_eparticipation.participations.models import COUNTED, Participation

_PERSON = Q(is_group=False)
_SENT = _PERSON & Q(sent_at__isnull=False)


@dataclass(frozen=True)
class SegmentFigures:
    """One segment's row; ``answered`` is ``None`` where so few would be told apart.

    ``reached`` counts people who were sent an invitation that came through, and the
    uses that groups of the segment have; ``None`` when a group's are not limited.
    """

    name: str
    invited: int = 0
    sent: int = 0
    undelivered: int = 0
    revoked: int = 0
    groups: int = 0
    reached: int | None = 0
    estimated_size: int | None = None
    answered: int | None = None

    @property
    def response_rate(self) -> float | None:
        """Percent of those reached who answered."""
        return _percent(self.answered, self.reached)

    @property
    def coverage(self) -> float | None:
        """Percent of the segment's estimated size."""
        return _percent(self.answered, self.estimated_size)


def _percent(part: int | None, whole: int | None) -> float | None:
    if part is None or not whole:
        return None
    return 100 * part / whole


def withheld(cells: Mapping) -> set:
    """Which cells of a breakdown must not be shown, beside its total.

    Those with fewer than :data:`SEGMENT_AT_LEAST` people, and of the others as many
    of the smallest as it takes that nobody finds the hidden ones by subtraction.
    """
    order = sorted(cells, key=lambda key: (cells[key], str(key)))
    hidden = {key for key in order if cells[key] < SEGMENT_AT_LEAST}
    for key in order:
        enough = sum(cells[each] for each in hidden) >= SEGMENT_AT_LEAST
        if not hidden or (len(hidden) > 1 and enough):
            break
        hidden.add(key)
    return hidden


def by_segment(consultation) -> list[SegmentFigures]:
    """A row for each segment that was invited or answered; four queries."""
    numbers = {row["segment"]: row for row in _invited(consultation)}
    answered = dict.fromkeys(numbers, 0) | _answered(consultation)
    segments = Segment.objects.in_bulk([key for key in answered if key])
    names = names_of(Segment)
    hidden = withheld(answered)
    rows = [
        _figures(
            segments.get(key),
            names.get(key, ""),
            numbers.get(key, {}),
            None if key in hidden else answered[key],
        )
        for key in answered
    ]
    return sorted(rows, key=lambda row: (not row.name, row.name))


def _invited(consultation) -> Iterable[dict]:
    in_force = Q(is_group=True, revoked_at=None)
    return (
        Invitation.objects.filter(consultation=consultation)
        .order_by()
        .values("segment")
        .annotate(
            invited=Count("pk", filter=_PERSON),
            sent=Count("pk", filter=_SENT),
            undelivered=Count("pk", filter=_SENT & Q(undelivered_at__isnull=False)),
            revoked=Count("pk", filter=_PERSON & Q(revoked_at__isnull=False)),
            groups=Count("pk", filter=in_force),
            unlimited=Count("pk", filter=in_force & Q(uses_at_most=None)),
            uses=Sum("uses_at_most", filter=in_force),
        )
    )


def _answered(consultation) -> dict[int | None, int]:
    """People with a code of their own once each, and every use of a group's code."""
    of_group = Q(invited_key__startswith="g")
    rows = (
        Participation.objects.filter(consultation=consultation, state__in=COUNTED)
        .exclude(invited_key="")
        .order_by()
        .values("segment")
        .annotate(
            persons=Count("invited_key", filter=~of_group, distinct=True),
            uses=Count("pk", filter=of_group),
        )
    )
    return {row["segment"]: row["persons"] + row["uses"] for row in rows}


def _figures(segment, name: str, numbers: dict, answered: int | None) -> SegmentFigures:
    sent, undelivered = numbers.get("sent", 0), numbers.get("undelivered", 0)
    reached = sent - undelivered + (numbers.get("uses") or 0)
    return SegmentFigures(
        name=name,
        invited=numbers.get("invited", 0),
        sent=sent,
        undelivered=undelivered,
        revoked=numbers.get("revoked", 0),
        groups=numbers.get("groups", 0),
        reached=None if numbers.get("unlimited") else reached,
        estimated_size=segment.estimated_size if segment else None,
        answered=answered,
    )
