"""The vocabulary by the names of the reader's language, for desks, filters and files.

What refers to a department or a segment holds the row of one language; its versions in
the others share the ``translation_key``.
"""

import django_filters
from django.utils.functional import cached_property
from django.utils.translation import get_language


def names_of(model) -> dict[int, str]:
    """What each row is called in the active language, else in its own; one query."""
    return _spoken(model.objects.values_list(*_NAMED))


def names_of_used(model, used) -> list[tuple[int, str]]:
    """The same of the rows that ``used``, a condition, is true of; one query."""
    rows = list(model.objects.annotate(is_used=used).values_list(*_NAMED, "is_used"))
    names = _spoken([row[:-1] for row in rows])
    return [(row[0], names[row[0]]) for row in rows if row[-1]]


_NAMED = ("pk", "name", "translation_key", "locale__language_code")


def _spoken(rows) -> dict[int, str]:
    wanted = (get_language() or "").split("-")[0]
    rows = sorted(rows)
    spoken = {
        key: name
        for _pk, name, key, language in rows
        if language.split("-")[0] == wanted
    }
    return {pk: spoken.get(key, name) for pk, name, key, _language in rows}


class VocabularyField(django_filters.fields.ModelChoiceField):
    """A choice among rows of the vocabulary, by :func:`names_of`."""

    @cached_property
    def _names(self) -> dict[int, str]:
        return names_of(self.queryset.model)

    def label_from_instance(self, obj):
        return self._names.get(obj.pk, str(obj))


class VocabularyFilter(django_filters.ModelChoiceFilter):
    """Cuts a listing of the admin by a row of the vocabulary."""

    field_class = VocabularyField
