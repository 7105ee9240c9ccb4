"""The codebook of a survey as JSON and as a table."""

from collections.abc import Iterator
from typing import Any

from wagtail_eparticipation.surveys.codebook import (
    AskedOption,
    AskedQuestion,
    Codebook,
)
from wagtail_eparticipation.surveys.variables import Variable


def as_json(codebook: Codebook, variables: list[Variable]) -> dict[str, Any]:
    """The codebook as values that JSON holds; texts are by language."""
    return {
        "survey": str(codebook.survey_key),
        "consultation": codebook.reference,
        "titles": codebook.titles,
        "languages": codebook.languages,
        "results_visibility": codebook.visibility,
        "versions": [
            {"number": each.number, "made_at": each.made_at, "notes": each.notes}
            for each in codebook.versions
        ],
        "questions": [_question(each) for each in codebook.questions],
        "variables": [_variable(each) for each in variables],
    }


def _question(question: AskedQuestion) -> dict[str, Any]:
    asked = question.asked
    return {
        "id": asked.id,
        "name": question.name,
        "kind": asked.kind,
        "texts": question.labels,
        "parts": _said(question.parts),
        "unit": _said(question.units),
        "required": asked.required,
        "limits": limits_of(question),
        "at_random": asked.at_random,
        "shown_if": _said(question.conditions),
        "versions": question.versions,
        "options": [_option(each) for each in question.options.values()],
        "rows": [_option(each) for each in question.rows.values()],
    }


def _said(texts: dict[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def limits_of(question: AskedQuestion) -> dict[str, Any]:
    """What an answer must keep within; only what is limited at all."""
    asked = question.asked
    found = {
        "at_least": asked.at_least,
        "at_most": asked.at_most,
        "minimum": asked.minimum,
        "maximum": asked.maximum,
        "earliest": asked.earliest,
        "latest": asked.latest,
        "whole": asked.whole or None,
    }
    plain = (int, bool)
    return {
        name: value if isinstance(value, plain) else f"{value}"
        for name, value in found.items()
        if value is not None and (name != "whole" or asked.kind == "number")
    }


def _option(option: AskedOption) -> dict[str, Any]:
    found = {
        "id": option.id,
        "code": option.code,
        "texts": option.labels,
        "versions": option.versions,
    }
    if option.hints:
        found["meanings"] = option.hints
    if option.limit is not None:
        found["places"] = option.limit
    return found


def _variable(variable: Variable) -> dict[str, Any]:
    ids = {
        "question": variable.question_id,
        "row": variable.row_id,
        "option": variable.option_id,
    }
    return {
        "name": variable.name,
        "holds": str(variable.holds),
        "labels": variable.labels,
        **{name: value for name, value in ids.items() if value},
        "codes": [
            {"code": code, "labels": labels} for code, labels in variable.codes.items()
        ],
    }


_FIXED = (
    "level",
    "name",
    "question_id",
    "row_id",
    "option_id",
    "code",
    "kind",
    "required",
    "limits",
    "at_random",
    "versions",
)
#: What has a column for each language.
_WORDED = ("text", "meaning", "unit", "shown_if", "part")


def table_of(
    codebook: Codebook, variables: list[Variable]
) -> tuple[list[str], list[list[Any]]]:
    """The codebook as headings and rows of one table, by ``level``.

    ``survey``, ``version``, ``question``, ``row`` and ``option`` say what was asked;
    ``variable`` and ``code`` what the columns of the data are.
    """
    headings = [
        *_FIXED,
        *(f"{name}_{code}" for code in codebook.languages for name in _WORDED),
    ]
    rows = []
    for level, fixed, worded in _levels(codebook, variables):
        cells = [level, *(fixed.get(name) for name in _FIXED[1:])]
        for code in codebook.languages:
            cells += [worded.get(name, {}).get(code) or None for name in _WORDED]
        rows.append(cells)
    return headings, rows


def _levels(codebook: Codebook, variables) -> Iterator[tuple[str, dict, dict]]:
    survey = {"name": str(codebook.survey_key), "kind": codebook.visibility}
    yield "survey", survey, {"text": codebook.titles}
    for version in codebook.versions:
        at = {"name": version.made_at, "code": version.number}
        yield "version", at, {"text": version.notes}
    for question in codebook.questions:
        yield from _asked(question)
    for each in variables:
        ids = {
            "name": each.name,
            "question_id": each.question_id or None,
            "row_id": each.row_id or None,
            "option_id": each.option_id or None,
        }
        yield "variable", {**ids, "kind": str(each.holds)}, {"text": each.labels}
        for code, labels in each.codes.items():
            yield "code", {"name": each.name, "code": code}, {"text": labels}


def _asked(question: AskedQuestion) -> Iterator[tuple[str, dict, dict]]:
    asked = question.asked
    yield (
        "question",
        {
            "name": question.name,
            "question_id": asked.id,
            "kind": asked.kind,
            "required": int(asked.required),
            "limits": "; ".join(f"{k}={v}" for k, v in limits_of(question).items()),
            "at_random": int(asked.at_random),
            "versions": _numbers(question.versions),
        },
        {
            "text": question.labels,
            "unit": question.units,
            "shown_if": question.conditions,
            "part": question.parts,
        },
    )
    for level, name, found in (
        ("row", "row_id", question.rows),
        ("option", "option_id", question.options),
    ):
        for each in found.values():
            fixed = {
                "name": question.name,
                "question_id": asked.id,
                name: each.id,
                "code": each.code,
                "limits": f"places={each.limit}" if each.limit is not None else None,
                "versions": _numbers(each.versions),
            }
            yield level, fixed, {"text": each.labels, "meaning": each.hints}


def _numbers(versions: list[int]) -> str:
    return " ".join(str(number) for number in versions)
