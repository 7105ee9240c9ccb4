"""How much of the register has been dealt with: each item needs a disposition."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from wagtail_eparticipation.analysis.models import SetAside, ThemeAssignment
from wagtail_eparticipation.participations.models import COUNTED, Participation


@dataclass(frozen=True)
class Coverage:
    """Numbers of counted participations; the parts add up to ``total``.

    ``tallied`` are those without words (a poll, a survey of choices): the results
    table answers them. ``open`` still need a theme or a ground (R-6.3.1b).
    """

    total: int
    themed: int
    set_aside: int
    tallied: int

    @property
    def open(self) -> int:
        return self.total - self.themed - self.set_aside - self.tallied

    @property
    def share(self) -> int:
        """Percentage dealt with, rounded down: 100 means that nothing is open."""
        if not self.total:
            return 100
        return (self.total - self.open) * 100 // self.total


def with_disposition(participations):
    """The query with ``themed`` and ``aside`` as booleans on each row."""
    return participations.annotate(
        themed=Exists(ThemeAssignment.objects.filter(participation=OuterRef("pk"))),
        aside=Exists(SetAside.objects.filter(participation=OuterRef("pk"))),
    )


def coverage_of(consultation) -> Coverage:
    """The coverage of a consultation, in one query (R-5.4.1d)."""
    rows = with_disposition(
        Participation.objects.filter(consultation=consultation, state__in=COUNTED)
    )
    aside = Q(themed=False, aside=True)
    numbers = rows.aggregate(
        total=Count("pk"),
        with_theme=Count("pk", filter=Q(themed=True)),
        without_review=Count("pk", filter=aside),
        without_words=Count("pk", filter=Q(themed=False, aside=False, text="")),
    )
    return Coverage(
        total=numbers["total"],
        themed=numbers["with_theme"],
        set_aside=numbers["without_review"],
        tallied=numbers["without_words"],
    )


def open_participations(consultation):
    """Counted participations with words but without theme or ground."""
    return with_disposition(
        Participation.objects.filter(
            consultation=consultation, state__in=COUNTED
        ).exclude(text="")
    ).filter(themed=False, aside=False)
