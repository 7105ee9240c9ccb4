"""What a consultation's desk shows about its analysis."""

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_eparticipation.analysis import snapshot
from wagtail_eparticipation.analysis.article_opinions import may_see_opinions
from wagtail_eparticipation.analysis.coverage import coverage_of
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.articles import published
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.stages import Stage

_SHOWN_IN = frozenset(
    {Stage.COLLECTING, Stage.ANALYSING, Stage.DECIDED, Stage.ANNOUNCED}
)
_BEFORE = frozenset({Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING})


def articles_card(consultation, user, now) -> Card | None:
    """How many participations are about an article; nothing without a draft."""
    if consultation.stage(now) in _BEFORE or not may_see_opinions(user, consultation):
        return None
    if not published(consultation, ""):
        return None
    voices = consultation.participations.counted().exclude(article="")
    return Card(
        title=_("Opinions on the articles"),
        value=str(voices.count()),
        text=_("Counted participations on articles of the draft."),
        url=reverse("eparticipation_admin:analysis_articles", args=[consultation.pk]),
    )


def coverage_card(consultation, user, now) -> Card | None:
    """The share of participations that are dealt with; freezes what is due."""
    if consultation.stage(now) not in _SHOWN_IN:
        return None
    if not any(access.may(user, duty, consultation) for duty in ("analyse", "decide")):
        return None
    snapshot.catch_up(consultation)
    coverage = coverage_of(consultation)
    return Card(
        title=_("Analysis"),
        value=f"{coverage.share}%" if coverage.total else "–",
        text=_("%(done)d of %(total)d participations have a theme or a ground.")
        % {"done": coverage.total - coverage.open, "total": coverage.total}
        if coverage.total
        else _("There are no participations yet."),
        url=reverse("eparticipation_admin:analysis", args=[consultation.pk]),
        tone="success" if not coverage.open else "warning",
    )
