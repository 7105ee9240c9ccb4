"""What a survey asks, as plain values read out of its page."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from wagtail_eparticipation.surveys.conditions import Condition

#: Kinds with options of which one, or several, are chosen.
ONE_OF = frozenset({"single", "dropdown", "yes_no", "scale"})
CHOICES = ONE_OF | {"multiple"}
#: Kinds answered in somebody's own words, which are read and moderated.
WORDS = frozenset({"text", "place"})
#: Kinds with an answer that can be put in order.
MEASURED = frozenset({"number", "date"})
#: The option behind which somebody says what else; the same in every survey.
OTHER = "other"


@dataclass(frozen=True)
class Option:
    """One option; ``id`` is the same in every language.

    ``limit`` is how many people may choose it, ``hint`` what an end of a scale means.
    """

    id: str
    label: str
    limit: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class Picture:
    """An image with its alternative text, empty for what only decorates."""

    id: int
    alt: str
    image: Any = field(compare=False, repr=False)


@dataclass(frozen=True)
class Question:
    """One question; ``id`` is the same in every language and revision.

    ``rows`` are the lines of a matrix, each of which is answered by one of the options
    under its own id. ``other`` says whether something else than the options may be
    said; that option is among ``options``. ``limited`` are the ids for which places
    are limited, also those of options that are gone.
    """

    id: str
    kind: str
    label: str
    help_text: str = ""
    required: bool = False
    long: bool = False
    at_least: int | None = None
    at_most: int | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    whole: bool = False
    earliest: date | None = None
    latest: date | None = None
    at_random: bool = False
    picture: Picture | None = None
    show_if: Condition | None = None
    limited: tuple[str, ...] = ()

    @property
    def field_name(self) -> str:
        """Name of its form field; those of a matrix have one a row."""
        return f"q_{self.id}"

    @property
    def clean_name(self) -> str:
        """What Wagtail's submissions listing calls a column."""
        return self.id

    @property
    def other(self) -> bool:
        """Whether something else than its options may be said."""
        return any(option.id == OTHER for option in self.options)

    @property
    def keys(self) -> tuple[str, ...]:
        """Under which ids it is answered: its own, or those of its rows."""
        return tuple(row.id for row in self.rows) or (self.id,)

    @property
    def bones(self) -> tuple:
        """What must be the same in every language, for counts to add up (S4-E)."""
        return (
            self.id,
            self.kind,
            self.required,
            self.at_least,
            self.at_most,
            tuple((option.id, option.limit) for option in self.options),
            tuple(row.id for row in self.rows),
            (self.minimum, self.maximum, self.whole, self.earliest, self.latest),
            self.show_if,
        )

    def counted_as(self) -> "list[Question]":
        """What is counted apart: itself, or one question for each row of a matrix."""
        if not self.rows:
            return [self]
        return [
            replace(
                self,
                id=row.id,
                kind="single",
                label=f"{self.label} – {row.label}",
                rows=(),
                picture=None,
                show_if=None,
            )
            for row in self.rows
        ]


@dataclass(frozen=True)
class Information:
    """What is told between questions; ``text`` is the page's rich text."""

    id: str
    text: Any = field(compare=False)
    show_if: Condition | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """What is asked on one page of the form; the first has neither title nor id."""

    id: str
    title: str = ""
    items: tuple[Question | Information, ...] = ()
    show_if: Condition | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions, in order."""
        return tuple(item for item in self.items if isinstance(item, Question))


def is_files(item) -> bool:
    """Whether something in a part asks for files."""
    return getattr(item, "kind", "") == "file"


def in_parts(parts) -> list[Question]:
    """The questions of all parts, in order."""
    return [question for part in parts for question in part.questions]


def counted_in(questions) -> list[Question]:
    """Everything that is counted apart (see :meth:`Question.counted_as`)."""
    return [each for question in questions for each in question.counted_as()]


def option_labels(questions) -> dict[str, dict[str, str]]:
    """The text of every option, by the id under which it is answered and its own."""
    return {
        key: {option.id: option.label for option in question.options}
        for question in questions
        for key in question.keys
    }


def in_words_of(question: Question, other: Question | None) -> Question:
    """The same question in the words of another language's version of it.

    Stays as it is where that one lacks it, or one of its options.
    """
    if other is None or not other.label:
        return question
    options = _worded(question.options, other.options)
    rows = _worded(question.rows, other.rows)
    if options is None or rows is None:
        return question
    return replace(
        question,
        label=other.label,
        help_text=other.help_text,
        unit=other.unit,
        options=options,
        rows=rows,
    )


def _worded(options, others) -> tuple[Option, ...] | None:
    found = {option.id: option for option in others}
    if any(not getattr(found.get(each.id), "label", "") for each in options):
        return None
    return tuple(
        replace(each, label=found[each.id].label, hint=found[each.id].hint)
        for each in options
    )


#: Kinds whose options have ids of their own making, equal in every question.
_NUMBERED = frozenset({"scale", "yes_no"})


def repeated_ids(questions: list[Question]) -> bool:
    """Whether two questions, or two options, share an id: they could not be counted."""
    ids = [key for question in questions for key in question.keys]
    ids += [question.id for question in questions if question.rows]
    ids += [
        option.id
        for question in questions
        if question.kind not in _NUMBERED
        for option in question.options
        if option.id != OTHER
    ]
    return len(ids) != len(set(ids))
