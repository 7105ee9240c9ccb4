"""What makes a survey's data labelled for programs of statistics, as texts.

A Frictionless data package describes ``data.csv`` with types and categories; the
syntax file does so for SPSS, which knows no labels in CSV.
"""

import json
from collections.abc import Mapping
from typing import Any

from wagtail_eparticipation.surveys.codebook import Codebook
from wagtail_eparticipation.surveys.variables import WHOLE, Holds, Variable

#: Bytes that SPSS takes for the label of a variable, and for that of a value.
_LABEL, _VALUE = 255, 120
#: Bytes of the longest text that SPSS takes.
_TEXT = 32_767
#: Bytes of the columns about the response whose length is known.
_KNOWN = {"number": 8, "received_at": 25}
_LEVELS = {
    "NOMINAL": {Holds.CODE, Holds.CHOSEN, Holds.APART},
    "ORDINAL": {Holds.PLACE},
    "SCALE": {Holds.NUMBER, Holds.DAY, Holds.FILES},
}


def datapackage(
    codebook: Codebook, variables: list[Variable], language: str, digests: Mapping
) -> str:
    """``datapackage.json``: both tables with types, labels and categories.

    ``digests`` are the SHA-256 of the files by their names.
    """
    coded = [_field(each, language, coded=True) for each in variables]
    worded = [_field(each, language, coded=False) for each in variables]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"survey-{codebook.survey_key}",
        "title": codebook.text(codebook.titles, language),
        "resources": [
            {
                "name": name,
                "path": path,
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "hash": f"sha256:{digests[path]}",
                "schema": {"fields": found, "missingValues": [""]},
            }
            for name, path, found in (
                ("data", "data.csv", coded),
                ("data-labels", "data-labels.csv", worded),
            )
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=1)


def _field(variable: Variable, language: str, *, coded: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": variable.name,
        "title": variable.labels.get(language, variable.name),
        "type": _type(variable, coded),
    }
    if variable.codes and coded:
        found["categories"] = [
            {"value": code, "label": texts.get(language) or str(code)}
            for code, texts in variable.codes.items()
        ]
    return found


def _type(variable: Variable, coded: bool) -> str:
    if variable.codes:
        return "integer" if coded and variable.is_number else "string"
    if variable.holds in WHOLE:
        return "integer"
    kinds = {Holds.NUMBER: "number", Holds.DAY: "date", Holds.INSTANT: "datetime"}
    return kinds.get(variable.holds, "string")


def spss_syntax(
    variables: list[Variable], language: str, widths: Mapping[str, int]
) -> str:
    """``import.sps``: reads ``data.csv``; ``widths`` are bytes of the longest texts."""
    columns = [f"    {each.name} {_format(each, widths)}" for each in variables]
    labels = [
        f"  {each.name} {_quoted(each.labels.get(language, ''), _LABEL)}"
        for each in variables
    ]
    lines = [
        "* Open this file in SPSS or PSPP, in the folder of data.csv; run all of it.",
        "GET DATA",
        "  /TYPE=TXT",
        "  /FILE='data.csv'",
        "  /ENCODING='UTF8'",
        "  /ARRANGEMENT=DELIMITED",
        "  /FIRSTCASE=2",
        "  /DELIMITERS=','",
        "  /QUALIFIER='\"'",
        "  /VARIABLES=",
        *columns,
        "  .",
        "VARIABLE LABELS",
        *labels,
        "  .",
    ]
    for each in variables:
        if each.codes:
            lines += ["VALUE LABELS", f"  {each.name}", *_values(each, language), "  ."]
    for level, holds in _LEVELS.items():
        names = [each.name for each in variables if each.holds in holds]
        if names:
            lines += ["VARIABLE LEVEL", *(f"  {name}" for name in names)]
            lines.append(f"  ({level}).")
    return "\n".join([*lines, "EXECUTE.", ""])


def _format(variable: Variable, widths: Mapping[str, int]) -> str:
    if variable.holds == Holds.NUMBER:
        return "F15.4"
    if variable.is_number:
        return "F8.0"
    if variable.holds == Holds.DAY:
        return "SDATE10"
    longest = max((len(str(code)) for code in variable.codes), default=1)
    width = _KNOWN.get(variable.name) or widths.get(variable.name, 0)
    return f"A{min(max(width, longest), _TEXT)}"


def _values(variable: Variable, language: str) -> list[str]:
    found = []
    for code, texts in variable.codes.items():
        shown = code if isinstance(code, int) else _quoted(code, _VALUE)
        found.append(f"    {shown} {_quoted(texts.get(language) or str(code), _VALUE)}")
    return found


def _quoted(text: str, limit: int) -> str:
    """A text between quotation marks, cut to bytes, never in half a character."""
    line = " ".join(text.split())
    cut = line.encode()[:limit].decode(errors="ignore")
    return "'{}'".format(cut.replace("'", "''"))
