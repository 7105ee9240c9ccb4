"""How many comments on each article are published, kept with every change (R-4.1a)."""

from django.db.models import F

from wagtail_eparticipation.discussion.models import ArticleCount


def counts_by_article(consultation) -> dict[str, int]:
    """Articles of a topic that have published comments; one query."""
    rows = ArticleCount.objects.filter(consultation=consultation, count__gt=0)
    return dict(rows.values_list("article", "count"))


def count_of(consultation, article: str) -> int:
    """Published comments on one article."""
    rows = ArticleCount.objects.filter(consultation=consultation, article=article)
    return rows.values_list("count", flat=True).first() or 0


def change(consultation_id: int, article: str, by: int) -> None:
    """Add to an article's count, in the transaction that publishes or takes down.

    Call it with the consultation's row updated: who counts there waits, so two of
    these cannot wait for each other.
    """
    rows = ArticleCount.objects.filter(consultation_id=consultation_id, article=article)
    if rows.update(count=F("count") + by) or by < 0:
        return
    # Ignoring the conflict, not catching it: who made the row first has it counted.
    ArticleCount.objects.bulk_create(
        [ArticleCount(consultation_id=consultation_id, article=article)],
        ignore_conflicts=True,
    )
    rows.update(count=F("count") + by)
