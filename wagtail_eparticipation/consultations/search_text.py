"""The words by which a topic is found, kept beside its page."""

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.html import strip_tags

from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.normalise import search_key

#: In characters; what is longer is cut, and the names that come first are kept.
_LIMIT = 20_000


def search_words(page) -> str:
    """The words by which people find a topic, in spelling-tolerant form (AC-S2-A2).

    What they read on its page or card is in it: reference and department too.
    """
    texts = [
        page.consultation.reference,
        page.project_reference,
        *_department_names(page),
        page.title,
        page.question,
        page.summary,
        page.place,
        page.decision_open,
        page.already_fixed,
    ]
    for block in page.background:
        if block.block_type == "text":
            texts.append(strip_tags(block.value.source.replace("<", " <")))
    for article in articles.on_page(page):
        texts.append(article.label)
    for block in page.objectives:
        texts.append(block.value)
    return search_key(" \n ".join(text for text in texts if text))[:_LIMIT]


def _department_names(page) -> list[str]:
    """In every language: the hub names it to readers whose language the page lacks."""
    if page.department is None:
        return []
    same = Department.objects.filter(translation_key=page.department.translation_key)
    return list(same.order_by("pk").values_list("name", flat=True))


@receiver(post_save, sender=Department, dispatch_uid="eparticipation_rename_department")
def follow_renaming(sender, instance, raw=False, **kwargs):
    """Let the topics of a department be found by its new name."""
    from wagtail_eparticipation.consultations.pages import ConsultationPage

    if raw:
        return
    pages = ConsultationPage.objects.filter(
        department__translation_key=instance.translation_key
    )
    for page in pages.select_related("consultation", "department"):
        words = search_words(page)
        if words != page.search_text:
            ConsultationPage.objects.filter(pk=page.pk).update(search_text=words)
