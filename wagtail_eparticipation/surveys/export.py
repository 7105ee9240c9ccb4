"""What is exported of a survey: which responses, in what shape, worded how."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import override

from wagtail_eparticipation.surveys.codebook import Codebook
from wagtail_eparticipation.surveys.export_rows import (
    AnswerRows,
    ResponseRows,
    Row,
    Rows,
    responses_in,
)
from wagtail_eparticipation.surveys.variables import Variable

#: The two shapes: one row per response, one row per answer.
RESPONSES, ANSWERS = "responses", "answers"


@dataclass(frozen=True)
class Export:
    """One export; without a ``language`` cells hold codes.

    ``since`` and ``until`` cut by the instant received, the latter is outside.
    ``chosen`` says in words how it was cut, as labels and values.
    """

    codebook: Codebook
    shape: str = RESPONSES
    language: str = ""
    counted: bool = True
    since: datetime | None = None
    until: datetime | None = None
    chosen: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def _rows(self) -> Rows:
        if self.shape == ANSWERS:
            return AnswerRows(self.codebook, self.language)
        return ResponseRows(self.codebook)

    @property
    def variables(self) -> list[Variable]:
        """Its columns, in order."""
        return self._rows.variables

    @property
    def headings(self) -> list[str]:
        """The first line: names of columns, with their texts where there are some."""
        if not self.language:
            return [each.name for each in self.variables]
        with override(self.language):
            return [
                each.heading(self.language) if each.labels else each.name
                for each in self.variables
            ]

    def coded(self) -> Iterator[Row]:
        """The rows with codes; read from the database as they are asked for."""
        return self._rows.of(
            responses_in(
                self.codebook,
                counted=self.counted,
                since=self.since,
                until=self.until,
            )
        )

    def rows(self) -> Iterator[Row]:
        """The rows, worded in the language if there is one."""
        if not self.language:
            return self.coded()
        return worded(self.coded(), self.variables, self.language)


class Wording:
    """Turns the codes of a row into texts."""

    def __init__(self, variables: Iterable[Variable], language: str):
        self._places = [
            (place, {code: texts.get(language) for code, texts in each.codes.items()})
            for place, each in enumerate(variables)
            if each.codes
        ]

    def __call__(self, row: Row) -> Row:
        row = list(row)
        for place, texts in self._places:
            value: Any = row[place]
            if value is not None:
                row[place] = texts.get(value) or value
        return row


def worded(
    rows: Iterable[Row], variables: Iterable[Variable], language: str
) -> Iterator[Row]:
    """Rows with the texts of a language in place of codes."""
    return map(Wording(variables, language), rows)
