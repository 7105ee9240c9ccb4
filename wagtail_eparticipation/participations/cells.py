"""Cells of spreadsheets that hold citizens' words."""

from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: With what a text begins that may be a formula; others need not be looked at.
SUSPECT = frozenset({" ", *_FORMULA})


def safe_cell(value: Any) -> str:
    """The value as a text that no spreadsheet takes for a formula."""
    text = str(value if value is not None else "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
