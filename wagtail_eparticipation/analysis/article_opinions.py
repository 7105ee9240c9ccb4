"""Each article of a draft with the opinions on it, counted from the register (R-4.1a).

The desk, its file and the closing report show this one table.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from wagtail_eparticipation.consultations import access, articles
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.participations.on_articles import Opinion

#: Who works with the draft's wording, or with what was said about it.
DUTIES = ("analyse", "decide", "request")


def may_see_opinions(user, consultation) -> bool:
    """Whether the table is any business of the user's."""
    return any(access.may(user, duty, consultation) for duty in DUTIES)


@dataclass(frozen=True)
class ArticleRow:
    """One article; ``opinions`` are numbers in the order of :class:`Opinion`."""

    key: str
    label: str
    opinions: tuple[int, ...]
    total: int

    @property
    def unstated(self) -> int:
        """Participations that state no opinion, such as replies."""
        return self.total - sum(self.opinions)


def opinions_by_article(consultation, language: str) -> list[ArticleRow]:
    """Counted participations by article and opinion, in the draft's order.

    Articles that nobody wrote about are in it; so are those that are gone, last.
    Two queries, one of them for all numbers.
    """
    named = articles.ever_published(consultation, language)
    if not named:
        return []
    numbers = _numbers(consultation)
    now = articles.published(consultation, language)
    order = [*now, *(key for key in named if key not in now and key in numbers)]
    nothing = (0,) * (len(Opinion) + 1)
    return [
        ArticleRow(key, named[key].label, tuple(found[:-1]), found[-1])
        for key in order
        for found in [numbers.get(key, nothing)]
    ]


def _numbers(consultation) -> dict[str, tuple[int, ...]]:
    names = [f"opinion_{number}" for number, _opinion in enumerate(Opinion)]
    counted = {
        name: Count("pk", filter=Q(data__opinion=opinion.value))
        for name, opinion in zip(names, Opinion, strict=True)
    }
    rows = (
        Participation.objects.filter(consultation=consultation)
        .counted()
        .exclude(article="")
        .order_by()
        .values("article")
        .annotate(total=Count("pk"), **counted)
    )
    return {
        row["article"]: (*(row[name] for name in names), row["total"]) for row in rows
    }


def totals(rows: list[ArticleRow]) -> ArticleRow:
    """The sums of all articles, without a label."""
    opinions = zip(*(row.opinions for row in rows), strict=True)
    return ArticleRow("", "", tuple(map(sum, opinions)), sum(row.total for row in rows))
