"""Words of a response in the register's text, where every rule on words holds.

What people write into a survey is read, flagged, hidden in places, sealed, analysed
and destroyed as the text of its participation (P-5.3.1d): the rows of its answers hold
no words, only which of the texts is theirs. Lines with numbers part several texts.
"""

import re
from collections.abc import Iterable

from wagtail_eparticipation.surveys.answer import Answer

_HEAD = re.compile(r"^— (\d+) —$", re.MULTILINE)


def joined(texts: Iterable[str]) -> str:
    """The texts as one, in order; a single one stays as it is."""
    texts = list(texts)
    if len(texts) == 1:
        return texts[0]
    return "\n\n".join(
        f"— {number} —\n{text}" for number, text in enumerate(texts, start=1)
    )


def parted(text: str, number: int) -> list[str] | None:
    """The ``number`` texts that were joined; ``None`` where they cannot be told apart.

    Somebody may have written, or a moderator hidden, such a line.
    """
    if number == 1:
        return [text] if text else None
    heads = [int(found[1]) for found in _HEAD.finditer(text)]
    if heads != list(range(1, number + 1)):
        return None
    # The pattern keeps the numbers between the texts.
    return [piece.strip() for piece in _HEAD.split(text)[2::2]]


def words_in(answers: Iterable[Answer]) -> list[str]:
    """The words that answers hold, in order."""
    return [answer.text for answer in answers if answer.has_words]


def text_of(answers: Iterable[Answer]) -> str:
    """What stands for answers as the text of their participation."""
    return joined(words_in(answers))
