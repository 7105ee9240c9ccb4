"""Ids for what editors typed into conditions, where no script offered a choice."""

from typing import Any

from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.surveys.condition_words import by_key
from wagtail_eparticipation.surveys.fields import in_western_digits
from wagtail_eparticipation.surveys.questions import Question, in_parts
from wagtail_eparticipation.surveys.reading_blocks import parts_in


def resolved(questions):
    """A survey's questions with ids where a number or a text was typed.

    ``3`` is the third question, ``3.2`` the second row of a matrix that is the third;
    the text of a question, and of an option of it, is taken as well. What means nothing
    stays as it was typed, for ``checking`` to say so.
    """
    asked = in_parts(parts_in(questions))
    known = by_key(asked)
    names = _names(asked)
    raw, changed = [], False
    for block in questions.get_prep_value() if questions else ():
        found = _in_block(block, known, names)
        changed = changed or found != block
        raw.append(found)
    return questions.stream_block.to_python(raw) if changed else questions


def _names(asked: list[Question]) -> dict[str, str]:
    """Ids by what an editor may call a question; what is ambiguous is left out."""
    names: dict[str, str | None] = {}
    for number, question in enumerate(asked, start=1):
        _name(names, str(number), question.id)
        _name(names, search_key(question.label), question.id)
        for place, row in enumerate(question.rows, start=1):
            _name(names, f"{number}.{place}", row.id)
            _name(names, search_key(f"{question.label} – {row.label}"), row.id)
    return {name: key for name, key in names.items() if key and name}


def _name(names: dict[str, str | None], name: str, key: str) -> None:
    names[name] = None if name in names else key


def _in_block(block: dict[str, Any], known, names) -> dict[str, Any]:
    value = block["value"]
    if not isinstance(value, dict):
        return block
    found = dict(value)
    if (value.get("show_if") or {}).get("rules"):
        rules = [
            {**item, "value": _in_rule(item["value"], known, names)}
            for item in value["show_if"]["rules"]
        ]
        found["show_if"] = {**value["show_if"], "rules": rules}
    own = known.get(str(block.get("id")))
    if value.get("quotas") and own is not None:
        found["quotas"] = [
            {**item, "value": _in_quota(item["value"], own)} for item in value["quotas"]
        ]
    return {**block, "value": found}


def _in_rule(rule: dict[str, Any], known, names) -> dict[str, Any]:
    key = rule["question"] or ""
    if key not in known:
        typed = in_western_digits(key)
        key = names.get(typed) or names.get(search_key(key)) or key
    value = rule["value"] or ""
    target = known.get(key)
    if target is not None:
        value = _option(value, target) if target.options else _figure(value, target)
    return {**rule, "question": key, "value": value}


def _in_quota(quota: dict[str, Any], own: Question) -> dict[str, Any]:
    return {**quota, "option": _option(quota["option"] or "", own)}


def _option(typed: str, question: Question) -> str:
    """The id of the option with this id or this text, else what was typed."""
    if any(option.id == typed for option in question.options):
        return typed
    wanted = search_key(in_western_digits(typed))
    found = [o.id for o in question.options if search_key(o.label) == wanted]
    return found[0] if len(found) == 1 else typed


def _figure(typed: str, question: Question) -> str:
    return in_western_digits(typed) if question.kind in ("number", "date") else typed
