"""Scripts that read a survey's ``data.csv`` with its labels: for R and for pandas."""

import json
from collections.abc import Iterable

from wagtail_eparticipation.surveys.variables import Holds, Variable

PANDAS = '''"""Reads data.csv with the labels of codebook.json into a pandas DataFrame.

    from import_pandas import read
    data = read("en")

What was chosen becomes a Categorical with the texts of that language as categories, in
the order of their codes. data.attrs["labels"] says what each column is.
"""

import json
from pathlib import Path

import pandas

HERE = Path(__file__).resolve().parent


def told_apart(texts, codes):
    """Texts of categories; two that are equal get their codes beside them."""
    return [
        text if texts.count(text) == 1 else f"{text} ({code})"
        for text, code in zip(texts, codes)
    ]


def read(language="@@LANGUAGE@@", folder=HERE):
    """The responses, one row each, worded in a language of the codebook."""
    folder = Path(folder)
    book = json.loads((folder / "codebook.json").read_text(encoding="utf-8"))
    data = pandas.read_csv(
        folder / "data.csv",
        encoding="utf-8-sig",
        dtype=str,
        keep_default_na=False,
        na_values=[""],
    )
    labels = {}
    for variable in book["variables"]:
        name, holds = variable["name"], variable["holds"]
        labels[name] = variable["labels"].get(language, name)
        if variable["codes"]:
            codes = [str(each["code"]) for each in variable["codes"]]
            texts = [
                each["labels"].get(language) or str(each["code"])
                for each in variable["codes"]
            ]
            found = pandas.Categorical(data[name], categories=codes)
            data[name] = found.rename_categories(told_apart(texts, codes))
        elif holds in ("chosen", "place", "apart", "files"):
            data[name] = pandas.to_numeric(data[name]).astype("Int64")
        elif holds == "number":
            data[name] = pandas.to_numeric(data[name])
        elif holds == "day":
            data[name] = pandas.to_datetime(data[name], format="%Y-%m-%d")
        elif holds == "instant":
            data[name] = pandas.to_datetime(data[name], utc=True)
    data.attrs["labels"] = labels
    return data


if __name__ == "__main__":
    print(read().describe(include="all"))
'''


def pandas_script(language: str) -> str:
    """``import_pandas.py``; it reads in ``language`` when none is asked for."""
    return PANDAS.replace("@@LANGUAGE@@", language)


def r_script(variables: list[Variable], language: str) -> str:
    """``import.R``: makes ``data``, a data frame with factors and labels; base R."""
    kinds = ", ".join(f"{each.name} = {_kind(each)}" for each in variables)
    lines = [
        '# source("import.R", encoding = "UTF-8") in the folder of data.csv',
        "data <- read.csv(",
        '  "data.csv",',
        '  fileEncoding = "UTF-8-BOM",',
        '  na.strings = "",',
        "  stringsAsFactors = FALSE,",
        f"  colClasses = c({kinds})",
        ")",
    ]
    for each in variables:
        column = f"data${each.name}"
        if each.codes:
            codes = list(each.codes)
            texts = _told_apart(
                [each.codes[code].get(language) or str(code) for code in codes], codes
            )
            lines += [
                f"{column} <- factor(",
                f"  {column},",
                f"  levels = c({_list(codes)}),",
                f"  labels = c({_list(texts)})",
                ")",
            ]
        elif each.holds == Holds.DAY:
            lines.append(f'{column} <- as.Date({column}, format = "%Y-%m-%d")')
        label = each.labels.get(language, each.name)
        lines.append(f'attr({column}, "label") <- {_text(label)}')
    return "\n".join([*lines, ""])


def _kind(variable: Variable) -> str:
    return '"numeric"' if variable.is_number else '"character"'


def _list(values: Iterable[int | str]) -> str:
    return ", ".join(
        str(value) if isinstance(value, int) else _text(value) for value in values
    )


def _text(text: str) -> str:
    # R reads the same escapes in a text as JSON writes.
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _told_apart(texts: list[str], codes: list) -> list[str]:
    return [
        text if texts.count(text) == 1 else f"{text} ({code})"
        for text, code in zip(texts, codes, strict=True)
    ]
