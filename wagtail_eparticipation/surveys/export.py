"""What is exported of a survey: which responses, in what shape, worded how."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

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
from wagtail_eparticipation.surveys.variables import Variable, Wording

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
        """The rows with codes; read from the database as they are asked for.

        With one row per answer there are texts beside them, if there is a language.
        """
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
        if not self.language or self.shape == ANSWERS:
            return self.coded()
        return map(Wording(self.variables, self.language), self.coded())
