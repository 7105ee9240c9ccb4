"""The only place that knows wagtail-localize; everything works without it.

Nothing is imported before it is needed, and nothing at all when the app is not
installed.
"""

from collections.abc import Iterable

from django.apps import apps


def is_installed() -> bool:
    """Whether the site translates with wagtail-localize."""
    return apps.is_installed("wagtail_localize")


class TranslatableFields:
    """Descriptor for a page type's ``translatable_fields``.

    ``texts`` are worded per language; ``facts`` follow the original page and cannot
    be changed in a translation, so that all languages have one schedule (P-5.1.2 c).
    """

    def __init__(self, texts: Iterable[str], facts: Iterable[str]):
        self.texts = tuple(texts)
        self.facts = tuple(facts)

    def __get__(self, instance, owner):
        if not is_installed():
            raise AttributeError("translatable_fields")
        from wagtail_localize.fields import SynchronizedField, TranslatableField

        return [
            *(TranslatableField(name) for name in self.texts),
            *(SynchronizedField(name, overridable=False) for name in self.facts),
        ]


def translation_of(page):
    """The running wagtail-localize translation that fills ``page``, or ``None``."""
    if not is_installed() or not page.pk:
        return None
    from wagtail_localize.models import Translation

    return Translation.objects.filter(
        source__object_id=page.translation_key,
        target_locale_id=page.locale_id,
        enabled=True,
    ).first()


def progress_of(page) -> tuple[int, int] | None:
    """How many texts there are and how many are translated; ``None`` if not synced."""
    translation = translation_of(page)
    return translation.get_progress() if translation else None


def save_draft(page, user):
    """Write the translated texts into ``page`` as a draft revision; returns the page.

    A page without a running translation is returned as its editors last saved it.
    """
    translation = translation_of(page)
    if translation is not None:
        translation.save_target(user=user, publish=False)
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
