"""Telephone numbers among words of either direction, and as links."""

import re
import unicodedata

#: An area code, groups of digits, and a short extension in brackets.
_NUMBER = re.compile(
    r"(?:\+?\(?\d{1,4}\)?[\s/-]?)?\d[\d\s/-]{3,}\d(?:\s?\(\d{1,5}\))?", re.ASCII
)
_EXTENSION = re.compile(r"\((\d{1,5})\)\s*$")


def set_apart(text: str) -> str:
    """With each number isolated, left to right: its groups change places otherwise."""
    return _NUMBER.sub("\u2066\\g<0>\u2069", text)


def address(number: str) -> str:
    """The ``tel:`` address of a number as people write it (RFC 3966)."""
    extension = _EXTENSION.search(number)
    main = number[: extension.start()] if extension else number
    digits = "".join(
        str(unicodedata.decimal(character))
        for character in main
        if character.isdecimal()
    )
    plus = "+" if number.lstrip("\u2066\u200e ").startswith("+") else ""
    suffix = f";ext={extension[1]}" if extension else ""
    return f"tel:{plus}{digits}{suffix}"
