"""Whether the articles of a draft can stand as they are typed (R-4.1a)."""

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.consultations.stages import Stored

#: Nobody can have taken part yet.
_SILENT = frozenset({Stored.DRAFT, Stored.APPROVED})


def lost_articles(page) -> str:
    """What is wrong when articles with participations are gone; else nothing."""
    consultation = page.consultation
    if consultation is None or consultation.stored_stage in _SILENT:
        return ""
    kept = {article.key for article in articles.on_page(page)}
    language = page.locale.language_code
    # What went before, while nobody had taken part on it, is not this change's doing.
    going = set(articles.published(consultation, language)) - kept
    lost = going and going & articles.used_in(consultation)
    if not lost:
        return ""
    labels = [articles.label_of(consultation, key, language) for key in sorted(lost)]
    return _(
        "People have already taken part on these articles; they can be reworded, not"
        " removed: %(articles)s"
    ) % {"articles": " – ".join(labels)}


def other_articles(page, original, drafted=None) -> str:
    """What is wrong when a translation has other articles than the original.

    Voices in all languages meet on an article by its id. A translation may follow a
    correction of the original that is about to be approved, ``drafted``, or not yet.
    """
    ours = {each.key: each for each in articles.on_page(page)}
    if drafted is not None and list(ours) == [
        each.key for each in articles.on_page(drafted)
    ]:
        return ""
    theirs = {each.key: each for each in articles.on_page(original)}
    if list(theirs) == list(ours):
        return ""
    differing = [
        each.label
        for key, each in {**theirs, **ours}.items()
        if key not in theirs or key not in ours
    ]
    if not differing:
        return _(
            "The articles of the draft stand in another order than in the original."
        )
    return _(
        "The articles of the draft are not those of the original: %(articles)s"
    ) % {"articles": " – ".join(differing)}
