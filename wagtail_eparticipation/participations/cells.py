"""Cells of spreadsheets that hold citizens' words."""

from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> str:
    """The value as a text that no spreadsheet takes for a formula."""
    text = str(value if value is not None else "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
