"""What a survey asks as plain JSON, to be kept and read again in later years."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from wagtail_eparticipation.surveys.conditions import Condition
from wagtail_eparticipation.surveys.questions import Option, Part, Question

Frozen = list[dict[str, Any]]


def frozen(page) -> Frozen:
    """What a survey asks in the language of ``page``: its parts as plain JSON.

    With the ids, kinds, texts, options, limits and conditions of everything that is
    asked; information between questions by its id alone. Equal for two pages if and
    only if people are asked the same in the same words.
    """
    with override(page.locale.language_code):
        return [_part(part) for part in page.parts_list()]


def _part(part: Part) -> dict[str, Any]:
    items = [
        _question(item)
        if isinstance(item, Question)
        else {"id": item.id, "kind": "", "show_if": _condition(item.show_if)}
        for item in part.items
    ]
    return {
        "id": part.id,
        "title": part.title,
        "show_if": _condition(part.show_if),
        "items": items,
    }


def _question(question: Question) -> dict[str, Any]:
    picture = question.picture
    limits = {
        "at_least": question.at_least,
        "at_most": question.at_most,
        "minimum": _text(question.minimum),
        "maximum": _text(question.maximum),
        "whole": question.whole,
        "earliest": _text(question.earliest),
        "latest": _text(question.latest),
    }
    return {
        "id": question.id,
        "kind": question.kind,
        "label": question.label,
        "help_text": question.help_text,
        "unit": question.unit,
        "required": question.required,
        "long": question.long,
        "at_random": question.at_random,
        "picture": [picture.id, picture.alt] if picture else None,
        "show_if": _condition(question.show_if),
        "options": [_option(option) for option in question.options],
        "rows": [_option(row) for row in question.rows],
        **limits,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "id": option.id,
        "label": option.label,
        "limit": option.limit,
        "hint": option.hint,
    }


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    return {
        "any_of": condition.any_of,
        "rules": [[r.question, r.operator, r.value] for r in condition.rules],
    }


def _text(value) -> str | None:
    if isinstance(value, Decimal):
        return format(value, "f")
    return None if value is None else str(value)


def thawed(kept: Frozen) -> list[Question]:
    """The questions of :func:`frozen`, to be read and counted; without conditions."""
    return [
        Question(
            item["id"],
            item["kind"],
            item["label"],
            item["help_text"],
            required=item["required"],
            at_most=item["at_most"],
            unit=item["unit"],
            options=_options(item["options"]),
            rows=_options(item["rows"]),
        )
        for part in kept
        for item in part["items"]
        if item["kind"]
    ]


def _options(kept: Iterable[dict[str, Any]]) -> tuple[Option, ...]:
    return tuple(
        Option(each["id"], each["label"], each["limit"], each["hint"]) for each in kept
    )


def changed_in(before: Frozen, after: Frozen) -> str | None:
    """The text of the first thing that is not asked as it was; ``None`` if all is."""
    if before == after:
        return None
    old, new = _named(before), _named(after)
    for key, (name, what) in old.items():
        if key not in new or new[key][1] != what:
            return name
    added = [name for key, (name, _what) in new.items() if key not in old]
    moved = [
        new[key][0]
        for key, was in zip(new, old, strict=False)
        if key != was and key in new
    ]
    return next(iter([*added, *moved]), "")


def _named(kept: Frozen) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for part in kept:
        own = {name: value for name, value in part.items() if name != "items"}
        found[part["id"]] = (part["title"], own)
        for item in part["items"]:
            found[item["id"]] = (item.get("label", ""), item)
    return found


def kinds_in(kept: Frozen) -> dict[str, str]:
    """The kind of each question, and of each row of a matrix, by its id."""
    kinds = {}
    for question in thawed(kept):
        kinds |= dict.fromkeys((question.id, *question.keys), question.kind)
    return kinds
