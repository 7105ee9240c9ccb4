"""Filtering and ordering the topics of a hub, pure: rows in, rows out (R-5.2.1a)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.consultations.stages import Stage


class Group(models.TextChoices):
    """What visitors filter by; each is one or more stages."""

    OPEN = "open", _("Open for participation")
    FORTHCOMING = "forthcoming", _("Forthcoming")
    ANALYSING = "analysing", _("Being analysed")
    DECIDED = "decided", _("Decided")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


GROUP_OF = {
    Stage.COLLECTING: Group.OPEN,
    Stage.FORTHCOMING: Group.FORTHCOMING,
    Stage.ANALYSING: Group.ANALYSING,
    Stage.DECIDED: Group.ANALYSING,
    Stage.ANNOUNCED: Group.DECIDED,
    Stage.CLOSED: Group.CLOSED,
    Stage.ARCHIVED: Group.CLOSED,
    Stage.WITHDRAWN: Group.WITHDRAWN,
}
_RANK = {group: rank for rank, group in enumerate(Group)}

FACETS = ("stage", "subject", "department", "audience")


@dataclass(frozen=True)
class Topic:
    """One topic as far as filtering and ordering need to know it."""

    consultation_id: int
    reference: str
    stage: Stage
    opens_at: datetime | None
    closes_at: datetime | None
    stage_since: datetime
    audience: str
    department: str = ""
    subjects: frozenset[str] = frozenset()
    pages: Mapping[int, int] = field(default_factory=dict)

    @property
    def group(self) -> Group:
        return GROUP_OF[self.stage]

    def values(self, facet: str) -> frozenset[str]:
        """The topic's values in one facet."""
        if facet == "stage":
            return frozenset({self.group.value})
        if facet == "subject":
            return self.subjects
        value = self.department if facet == "department" else self.audience
        return frozenset({value} if value else ())


def ordered(topics: Iterable[Topic]) -> list[Topic]:
    """Open ones that close soonest first, then forthcoming, then the newest others."""
    return sorted(topics, key=_order)


def _order(topic: Topic) -> tuple:
    if topic.group == Group.OPEN:
        instant = topic.closes_at.timestamp()
    elif topic.group == Group.FORTHCOMING:
        instant = topic.opens_at.timestamp() if topic.opens_at else float("inf")
    else:
        latest = (
            topic.closes_at
            if topic.stage == Stage.ANALYSING and topic.closes_at
            else topic.stage_since
        )
        instant = -latest.timestamp()
    return (_RANK[topic.group], instant, topic.consultation_id)


def matching(
    topics: Iterable[Topic], chosen: Mapping[str, set[str]], leaving_out: str = ""
) -> list[Topic]:
    """Topics with one of the chosen values in every facet that has a choice."""
    return [
        topic
        for topic in topics
        if all(
            not wanted or name == leaving_out or topic.values(name) & wanted
            for name, wanted in chosen.items()
        )
    ]


def counts(
    topics: Sequence[Topic], chosen: Mapping[str, set[str]]
) -> dict[str, Counter]:
    """Per facet, how many topics each value would show with the other choices kept."""
    return {
        facet: Counter(
            value
            for topic in matching(topics, chosen, leaving_out=facet)
            for value in topic.values(facet)
        )
        for facet in FACETS
    }


def page_after(
    topics: Sequence[Topic], reference: str, size: int
) -> tuple[list[Topic], str, str, bool]:
    """The ``size`` topics after the one named, for paging by key.

    Returns them, the key of the page before, the key of the page after (empty when
    there is none) and whether this is the first page. A key that is gone, because
    filters changed, gives the first page.
    """
    start = 0
    if reference:
        for place, topic in enumerate(topics):
            if topic.reference == reference:
                start = place + 1
                break
    shown = list(topics[start : start + size])
    more = len(topics) > start + size
    earlier = topics[start - size - 1].reference if start - size - 1 >= 0 else ""
    return shown, earlier, shown[-1].reference if more else "", start == 0
