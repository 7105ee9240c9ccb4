"""One answer as a plain value, between the form and its row."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Answer:
    """One row to be: an option of a question, or words, or both for “other”.

    ``number`` is the value of a number, a day (its ordinal) or the place in a ranking;
    ``private`` what is only ever kept encrypted.
    """

    question_id: str
    option_id: str = ""
    text: str = ""
    number: Decimal | None = None
    private: str = ""

    @property
    def has_words(self) -> bool:
        """Whether somebody wrote it, so that it is read and may be hidden in places."""
        return bool(self.text) and self.number is None
