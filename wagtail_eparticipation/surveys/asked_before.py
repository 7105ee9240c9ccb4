"""What earlier versions of a survey asked, read out of what was kept of them.

A version keeps its questions by language. They are read as they come: as the plain
values of :mod:`questions`, alone or in parts, or as the blocks of a page. What cannot
be read is left out: an export of today does not fail by a record of long ago.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from wagtail_eparticipation.surveys.blocks import QuestionStreamBlock
from wagtail_eparticipation.surveys.conditions import OPERATORS, Condition, Rule
from wagtail_eparticipation.surveys.questions import Option, Part, Question, in_parts
from wagtail_eparticipation.surveys.reading_blocks import parts_in

#: What a broken record raises, wherever it is broken.
_BROKEN = (
    AttributeError,
    InvalidOperation,
    LookupError,
    TypeError,
    ValidationError,
    ValueError,
)
_PLAIN = {field.name for field in fields(Question)} - {"picture", "show_if"}
_DECIMALS, _DAYS = ("minimum", "maximum"), ("earliest", "latest")


def questions_of(kept: Any) -> dict[str, list[Question]]:
    """The questions of one version by language, from ``SurveyVersion.questions``."""
    if not isinstance(kept, Mapping):
        return {}
    return {str(language): _read(asked) for language, asked in kept.items()}


def _read(asked) -> list[Question]:
    found = list(_dicts(asked))
    try:
        if found and all("type" in each and "value" in each for each in found):
            return _blocks(found)
    except _BROKEN:
        return []
    return [question for each in found for question in _plain(each)]


def _dicts(asked) -> Iterator[Mapping]:
    """What may be a question, in order: parts are gone through."""
    if isinstance(asked, Mapping):
        for name in ("items", "questions", "parts"):
            if isinstance(asked.get(name), list):
                yield from _dicts(asked[name])
                return
        if "id" in asked:
            yield asked
    elif isinstance(asked, list | tuple):
        for each in asked:
            yield from _dicts(each)


def _blocks(raw: list) -> list[Question]:
    parts: list[Part] = parts_in(QuestionStreamBlock().to_python(raw))
    return [question for question in in_parts(parts) if question.label]


def _plain(asked: Mapping) -> Iterator[Question]:
    if "kind" not in asked or not asked.get("label"):
        return
    try:
        values = {name: asked[name] for name in _PLAIN & asked.keys()}
        values["id"] = str(values["id"])
        for name in ("options", "rows"):
            values[name] = tuple(_option(each) for each in asked.get(name) or ())
        for name in _DECIMALS:
            known = asked.get(name)
            values[name] = None if known in (None, "") else Decimal(str(known))
        for name in _DAYS:
            known = asked.get(name)
            values[name] = date.fromisoformat(str(known)) if known else None
        yield Question(**values, show_if=_condition(asked.get("show_if")))
    except _BROKEN:
        return


def _option(asked) -> Option:
    if isinstance(asked, Mapping):
        label, hint = str(asked.get("label") or ""), str(asked.get("hint") or "")
        return Option(str(asked["id"]), label, asked.get("limit"), hint)
    return Option(str(asked[0]), str(asked[1]))


def _condition(asked) -> Condition | None:
    if not isinstance(asked, Mapping) or not asked.get("rules"):
        return None
    rules = tuple(
        rule for rule in map(_rule, asked["rules"]) if rule.operator in OPERATORS
    )
    return Condition(rules, bool(asked.get("any_of"))) if rules else None


def _rule(asked) -> Rule:
    if isinstance(asked, Mapping):
        asked = [asked.get(name) or "" for name in ("question", "operator", "value")]
    return Rule(*map(str, asked))
