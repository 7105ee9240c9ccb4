"""Questions of the library taken over into a survey, with ids of their own."""

import uuid
from typing import Any

from wagtail_eparticipation.surveys.library_block import FROM_LIBRARY

#: Lists whose items are answered by their ids.
_LISTS = ("options", "rows")


def with_copies(questions, locale=None):
    """A survey's questions with a copy in place of each question of the library.

    In the words of ``locale`` where the library has them. Returns ``questions`` as it
    is where nothing of the library is in it. A block in which nothing was chosen yet
    stays.
    """
    if not any(child.block_type == FROM_LIBRARY for child in questions or ()):
        return questions
    raw = []
    for child, prepared in zip(questions, questions.get_prep_value(), strict=True):
        chosen = child.value if child.block_type == FROM_LIBRARY else None
        copied = chosen and copy_of(in_language(chosen, locale), prepared["id"])
        raw.append(copied or prepared)
    return questions.stream_block.to_python(raw)


def in_language(chosen, locale):
    """The library's question in the words of a language, else as it was chosen."""
    if locale is None or chosen.locale_id == locale.pk:
        return chosen
    return chosen.get_translation_or_none(locale) or chosen


def copy_of(chosen, key: str | None) -> dict[str, Any] | None:
    """The raw block of a survey that asks the library's question under the id ``key``.

    Ids of options and rows follow from ``key``: saving the same draft again gives the
    same ones. Conditions are left out, they speak of another form's questions. ``None``
    for an entry of the library without a question.
    """
    kept = next(iter(chosen.question.get_prep_value()), None)
    if kept is None:
        return None
    key = str(key or uuid.uuid4())
    value = dict(kept["value"])
    value.pop("show_if", None)
    new: dict[str, str] = {}
    for name in _LISTS:
        if name in value:
            value[name] = [_anew(item, key, new) for item in value[name]]
    if value.get("quotas"):
        value["quotas"] = [_anew(item, key, {}) for item in value["quotas"]]
        for item in value["quotas"]:
            limited = item["value"]["option"]
            item["value"] = {**item["value"], "option": new.get(limited, limited)}
    return {"type": kept["type"], "value": value, "id": key}


def _anew(item: dict[str, Any], key: str, new: dict[str, str]) -> dict[str, Any]:
    old = str(item["id"])
    new[old] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{key}/{old}"))
    return {**item, "id": new[old]}
