"""What the closing report says about the articles of a draft."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.analysis.article_opinions import (
    opinions_by_article,
    totals,
)
from wagtail_eparticipation.archive.report_blocks import Block, table
from wagtail_eparticipation.participations.on_articles import Opinion


def opinions_on_articles(consultation, language: str) -> Iterable[Block]:
    """The desk's table of articles and opinions (R-4.1a); nothing without a draft."""
    rows = opinions_by_article(consultation, language)
    if not rows:
        return
    sums = totals(rows)
    yield table(
        _("Opinions on the articles of the draft"),
        [
            _("Article"),
            *(opinion.label for opinion in Opinion),
            _("No opinion stated"),
            _("Total"),
        ],
        [
            *([row.label, *row.opinions, row.unstated, row.total] for row in rows),
            [_("All articles"), *sums.opinions, sums.unstated, sums.total],
        ],
        numeric=range(1, len(Opinion) + 3),
    )
