"""The columns of a survey's export: their short names, what they hold, their codes.

Names are valid in SPSS, R and Python: ``q01``, ``q02_3``, ``q02_other``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.participations.models import Capacity, Channel, State
from wagtail_eparticipation.surveys.codebook import (
    AskedOption,
    AskedQuestion,
    Codebook,
)
from wagtail_eparticipation.surveys.questions import ONE_OF, OTHER


class Holds(StrEnum):
    """What stands in the cells of a column."""

    TEXT = "text", gettext_lazy("text")
    INSTANT = "instant", gettext_lazy("day and time with the offset of the zone")
    CODE = "code", gettext_lazy("code of what was chosen")
    CHOSEN = "chosen", gettext_lazy("1 if it was chosen, 0 if not")
    PLACE = "place", gettext_lazy("place in the order, 1 is first")
    NUMBER = "number", gettext_lazy("number")
    DAY = "day", gettext_lazy("day")
    WORDS = "words", gettext_lazy("words")
    APART = "apart", gettext_lazy("1 if there is an address, which is kept apart")
    FILES = "files", gettext_lazy("how many files were sent, which are kept apart")
    ORDER = "order", gettext_lazy("codes in the order in which they were shown")
    UNLISTED = "unlisted", gettext_lazy("ids of answers that no version offers")

    def __new__(cls, value, meaning):
        made = str.__new__(cls, value)
        made._value_ = value
        made.meaning = meaning
        return made


#: What is a whole number in every cell.
WHOLE = frozenset({Holds.CHOSEN, Holds.PLACE, Holds.APART, Holds.FILES})
#: What questions without options hold, by their kind; others hold words.
_HELD = {
    "number": Holds.NUMBER,
    "date": Holds.DAY,
    "email": Holds.APART,
    "file": Holds.FILES,
}


@dataclass(frozen=True)
class Variable:
    """A column; ``labels`` say by language what it is, ``codes`` what a cell means."""

    name: str
    holds: Holds
    labels: dict[str, str]
    codes: dict[int | str, dict[str, str]] = field(default_factory=dict)
    question_id: str = ""
    row_id: str = ""
    option_id: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        codes = self.holds == Holds.CODE and all(type(c) is int for c in self.codes)
        return codes or self.holds in WHOLE or self.holds == Holds.NUMBER

    def heading(self, language: str) -> str:
        """Its name, and what it is in ``language``."""
        return _("%(name)s: %(label)s") % {
            "name": self.name,
            "label": self.labels.get(language) or self.name,
        }


def about_response(codebook: Codebook) -> list[Variable]:
    """The columns before the answers; one query, for the segments of the public."""

    def each(make: Callable[[str], str]) -> dict[str, str]:
        return _each(codebook, make)

    def choices(found) -> dict[int | str, dict[str, str]]:
        return {code: each(lambda _l, n=name: str(n)) for code, name in found if code}

    languages = [*content_languages(), *((c, c) for c in codebook.languages)]
    versions = {version.number: {} for version in codebook.versions}
    return [
        Variable("number", Holds.TEXT, each(lambda _l: _("Number in the register"))),
        Variable("received_at", Holds.INSTANT, each(lambda _l: _("Received"))),
        Variable(
            "language",
            Holds.CODE,
            each(lambda _l: _("Language")),
            choices(reversed(languages)),
        ),
        Variable(
            "capacity",
            Holds.CODE,
            each(lambda _l: _("Takes part as")),
            choices(Capacity.choices),
        ),
        Variable(
            "channel",
            Holds.CODE,
            each(lambda _l: _("Channel")),
            choices(Channel.choices),
        ),
        Variable(
            "segment",
            Holds.CODE,
            each(lambda _l: _("Segment of the public")),
            _segments(codebook),
        ),
        Variable(
            "state", Holds.CODE, each(lambda _l: _("State")), choices(State.choices)
        ),
        Variable(
            "version",
            Holds.CODE,
            each(lambda _l: _("Version of the questions")),
            {number: each(lambda _l, n=number: str(n)) for number in versions},
        ),
    ]


def _each(codebook: Codebook, make: Callable[[str], str]) -> dict[str, str]:
    found = {}
    for language in codebook.languages:
        with override(language):
            found[language] = make(language)
    return found


def _segments(codebook: Codebook) -> dict[int | str, dict[str, str]]:
    rows = list(
        Segment.objects.order_by("pk").values_list(
            "pk", "translation_key", "locale__language_code", "name"
        )
    )
    names: dict = {}
    # A segment has a row in each language; lists of invited people name the first's.
    leading = content_languages()[0][0]
    first: dict = {}
    for pk, key, language, name in rows:
        names.setdefault(key, {})[language] = name
        if language == leading or key not in first:
            first[key] = pk
    return {
        pk: _each(codebook, lambda language, k=key: codebook.text(names[k], language))
        for key, pk in first.items()
    }


def of_answers(codebook: Codebook) -> list[Variable]:
    """The columns of the answers with one row per response, in order."""
    found = [
        variable
        for question in codebook.questions
        for variable in _of_question(codebook, question)
    ]
    unlisted = _each(codebook, lambda _l: _("Answers that no version offers"))
    return [*found, Variable("unlisted", Holds.UNLISTED, unlisted)]


def _of_question(codebook: Codebook, question: AskedQuestion) -> Iterator[Variable]:
    kind, name, key = question.asked.kind, question.name, question.asked.id
    whole = _label(codebook, question)
    codes = codes_of(codebook, question)
    if question.rows:
        for row in question.rows.values():
            label = _label(codebook, question, row)
            yield Variable(
                f"{name}_{row.code}", Holds.CODE, label, codes, key, row_id=row.id
            )
    elif kind in ("multiple", "ranking"):
        holds = Holds.PLACE if kind == "ranking" else Holds.CHOSEN
        for option in question.options.values():
            label = _label(codebook, question, option)
            yield Variable(
                f"{name}_{option.code}", holds, label, {}, key, option_id=option.id
            )
    elif kind in ONE_OF:
        yield Variable(name, Holds.CODE, whole, codes, key)
    else:
        yield Variable(name, _HELD.get(kind, Holds.WORDS), whole, {}, key)
    if OTHER in question.options:
        label = _label(codebook, question, question.options[OTHER])
        yield Variable(f"{name}_other", Holds.WORDS, label, {}, key, option_id=OTHER)
    if question.asked.at_random:
        label = _each(
            codebook,
            lambda language: (
                _("%(question)s – order in which the options were shown")
                % {"question": codebook.text(question.labels, language)}
            ),
        )
        yield Variable(f"{name}_order", Holds.ORDER, label, {}, key)


def _label(
    codebook: Codebook, question: AskedQuestion, part: AskedOption | None = None
) -> dict[str, str]:
    """What a column is: the question, with the option or row that it is about."""
    found = {}
    for language in codebook.languages:
        text = codebook.text(question.labels, language)
        if part is not None:
            text = f"{text} – {codebook.text(part.labels, language)}"
        found[language] = text
    return found


def codes_of(
    codebook: Codebook, question: AskedQuestion
) -> dict[int | str, dict[str, str]]:
    """The texts of a question's options by their codes; ends of a scale with theirs."""
    return {
        option.code: {
            language: _option_text(codebook, option, language)
            for language in codebook.languages
        }
        for option in question.options.values()
    }


def _option_text(codebook: Codebook, option: AskedOption, language: str) -> str:
    label = codebook.text(option.labels, language)
    hint = codebook.text(option.hints, language)
    return f"{label} – {hint}" if hint else label


class Wording:
    """Turns the codes of a row into texts."""

    def __init__(self, variables: Iterable[Variable], language: str):
        self._places = [
            (place, {code: texts.get(language) for code, texts in each.codes.items()})
            for place, each in enumerate(variables)
            if each.codes
        ]

    def __call__(self, row: list[Any]) -> list[Any]:
        row = list(row)
        for place, texts in self._places:
            value: Any = row[place]
            if value is not None:
                row[place] = texts.get(value) or value
        return row
