"""The rows of a survey's export, read piece by piece along the key of the responses.

Two queries a piece, whatever it holds, so that memory and queries do not depend on how
many answered. Words are those that the register holds now, after places in them were
hidden, and only of what staff may read (see ``READABLE``). Nothing but the state is
left of what was taken back. No name, address, key or receipt of anybody is ever read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.participations.models import TAKEN_BACK, number_of
from wagtail_eparticipation.surveys import open_answers
from wagtail_eparticipation.surveys.codebook import AskedQuestion, Codebook
from wagtail_eparticipation.surveys.forms import in_drawn_order
from wagtail_eparticipation.surveys.models import (
    HIDDEN,
    READABLE,
    SurveyAnswer,
    SurveyResponse,
)
from wagtail_eparticipation.surveys.questions import OTHER
from wagtail_eparticipation.surveys.variables import (
    Holds,
    Variable,
    Wording,
    about_response,
    of_answers,
)

#: Responses that are in memory at a time. MariaDB makes a table of its own out of a
#: list of a thousand keys.
PAGE = 900
_RESPONSE = (
    "pk",
    "order_seed",
    "participation__public_id",
    "submit_time",
    "participation__language",
    "participation__capacity",
    "participation__channel",
    "participation__segment_id",
    "participation__state",
    "version",
    "participation__text",
    "texts",
)
_ANSWER = ("response_id", "question_id", "option_id", "text", "number", "words_at")

Row = list[Any]


def responses_in(
    codebook: Codebook,
    *,
    counted: bool = True,
    since: datetime | None = None,
    until: datetime | None = None,
):
    """The responses of a survey received in ``[since, until)``, as a queryset.

    ``counted`` leaves out those that are not in the topic's totals.
    """
    found = SurveyResponse.objects.filter(survey_key=codebook.survey_key)
    if counted:
        found = found.counted()
    if since is not None:
        found = found.filter(submit_time__gte=since)
    if until is not None:
        found = found.filter(submit_time__lt=until)
    return found


def _pieces(responses) -> Iterator[tuple[list[tuple], dict[int, list]]]:
    """Responses in the order of the register, and their answers by response."""
    found, last = responses.order_by("pk").values_list(*_RESPONSE), 0
    while page := list(found.filter(pk__gt=last)[:PAGE]):
        last = page[-1][0]
        answers: dict[int, list[tuple]] = {row[0]: [] for row in page}
        # The range says what the list does, in a way whose cost databases can judge
        # where their statistics are old; so is the order that of the index.
        given = SurveyAnswer.objects.filter(
            response__in=list(answers), response__gte=page[0][0], response__lte=last
        ).order_by("response_id", "pk")
        for row in given.values_list(*_ANSWER):
            answers[row[0]].append(row)
        yield page, answers


def _with_words(answers: list[tuple], text: str, texts: int, readable: bool):
    """Answers as ids, figure and words; “—” for words that are not released."""
    parts = open_answers.parted(text, texts) if readable and texts else None
    for _response, question_id, option_id, own, number, words_at in answers:
        words = ""
        if words_at:
            words = parts[words_at - 1] if parts else HIDDEN
        elif own and number is None:
            words = own if readable else HIDDEN
        yield question_id, option_id, own, number, words


class Rows:
    """Rows of one shape; ``variables`` are their columns, in order."""

    variables: list[Variable]

    def __init__(self, codebook: Codebook):
        self.codebook = codebook
        self.about = about_response(codebook)
        self._zone = municipal_zone()

    def of(self, responses) -> Iterator[Row]:
        """The rows of a queryset of responses; cells without a value are ``None``."""
        for page, answers in _pieces(responses):
            for pk, seed, public_id, received_at, *codes, text, texts in page:
                *codes, state, version = codes
                about = [
                    number_of(public_id),
                    received_at.astimezone(self._zone).isoformat(timespec="seconds"),
                    *(code or None for code in codes),
                    state,
                    version,
                ]
                if state in TAKEN_BACK:
                    yield from self._rows(about, [], "")
                    continue
                readable = state in READABLE
                given = list(_with_words(answers[pk], text, texts, readable))
                yield from self._rows(about, given, seed)

    def _rows(self, about: Row, answers: list[tuple], seed: str) -> Iterable[Row]:
        raise NotImplementedError


class ResponseRows(Rows):
    """One row per response."""

    def __init__(self, codebook: Codebook):
        super().__init__(codebook)
        self.variables = [*self.about, *of_answers(codebook)]
        places = {each.name: place for place, each in enumerate(self.variables)}
        self._width, self._unlisted = len(self.variables), places["unlisted"]
        #: By ids of question and option: place, what it holds, code, place of words.
        self._cells: dict[tuple[str, str], tuple] = {}
        self._zeros: dict[str, list[int]] = {}
        self._apart: list[int] = []
        self._drawn: list[tuple[int, AskedQuestion]] = []
        for question in codebook.questions:
            self._learn(question, places)

    def _learn(self, question: AskedQuestion, places: dict[str, int]) -> None:
        name, key, kind = question.name, question.asked.id, question.asked.kind
        words = places.get(f"{name}_other")
        if question.asked.at_random:
            self._drawn.append((places[f"{name}_order"], question))
        if kind in ("multiple", "ranking"):
            holds = Holds.PLACE if kind == "ranking" else Holds.CHOSEN
            for option in question.options.values():
                place = places[f"{name}_{option.code}"]
                self._cells[key, option.id] = (place, holds, 1, words)
                if holds == Holds.CHOSEN:
                    self._zeros.setdefault(key, []).append(place)
        elif question.options:
            rows = [(row.id, f"{name}_{row.code}") for row in question.rows.values()]
            for row_id, row_name in rows or [(key, name)]:
                for option in question.options.values():
                    place = places[row_name]
                    cell = (place, Holds.CODE, option.code, words)
                    self._cells[row_id, option.id] = cell
        else:
            holds = self.variables[places[name]].holds
            self._cells[key, ""] = (places[name], holds, 1, None)
            if holds == Holds.APART:
                self._apart.append(places[name])

    def _rows(self, about, answers, seed):
        row: Row = [*about, *[None] * (self._width - len(about))]
        if answers:
            for place in self._apart:
                row[place] = 0
        for question_id, option_id, text, number, said in answers:
            cell = self._cells.get((question_id, option_id))
            if cell is None:
                here = f"{question_id}={option_id}".removesuffix("=")
                before = row[self._unlisted]
                row[self._unlisted] = f"{before} {here}" if before else here
                continue
            place, holds, code, words = cell
            if holds == Holds.CODE or holds == Holds.APART:
                row[place] = code
            elif holds == Holds.CHOSEN:
                for each in self._zeros[question_id]:
                    if row[each] is None:
                        row[each] = 0
                row[place] = 1
            elif holds == Holds.WORDS:
                row[place] = said or text or None
            elif holds == Holds.DAY:
                row[place] = text or None
            else:
                row[place] = plain(number)
            if said and words is not None and option_id == OTHER:
                row[words] = said
        if seed:
            for place, question in self._drawn:
                row[place] = _drawn(question, seed, about[-1])
        return [row]


class AnswerRows(Rows):
    """One row per answer; who answered nothing has none.

    With a ``language`` the texts of question and option stand beside their ids.
    """

    def __init__(self, codebook: Codebook, language: str = ""):
        super().__init__(codebook)
        self.language = language
        # Once a response: its answers are many.
        self._word = Wording(self.about, language) if language else list
        names = {
            "variable": Holds.TEXT,
            "question_id": Holds.TEXT,
            "row_id": Holds.TEXT,
            "option_id": Holds.TEXT,
            "code": Holds.NUMBER,
            "value": Holds.TEXT,
            "words": Holds.WORDS,
        }
        self.variables = [
            *self.about,
            *(Variable(name, holds, {}) for name, holds in names.items()),
        ]
        if language:
            texts = ("question", "option")
            self.variables += [Variable(name, Holds.TEXT, {}) for name in texts]
        #: By ids of question and option: name of the variable, code, both texts.
        self._known: dict[tuple[str, str], tuple[str | None, ...]] = {}
        self._matrix: dict[str, str] = {}
        self._days = {
            each.asked.id for each in codebook.questions if each.asked.kind == "date"
        }
        for question in codebook.questions:
            self._learn(question)

    def _learn(self, question: AskedQuestion) -> None:
        name, key = question.name, question.asked.id
        by_option = question.asked.kind in ("multiple", "ranking")

        def words(asked) -> str:
            return self.codebook.text(asked.labels, self.language)

        self._known[key, ""] = (name, None, words(question), None)
        for option in question.options.values():
            own = f"{name}_{option.code}" if by_option else name
            texts = (words(question), words(option))
            self._known[key, option.id] = (own, option.code, *texts)
            for row in question.rows.values():
                own = f"{name}_{row.code}"
                texts = (f"{words(question)} – {words(row)}", words(option))
                self._known[row.id, option.id] = (own, option.code, *texts)
        for row in question.rows.values():
            self._matrix[row.id] = key

    def _rows(self, about, answers, seed):
        unknown = (None, None, None, None)
        about = self._word(about)
        for question_id, option_id, text, number, words in answers:
            matrix = self._matrix.get(question_id)
            known = self._known.get((question_id, option_id), unknown)
            name, code, *texts = known
            value = plain(number)
            if number is not None and question_id in self._days:
                value = text
            yield [
                *about,
                name,
                matrix or question_id,
                question_id if matrix else None,
                option_id or None,
                code,
                value,
                words or None,
                *(texts if self.language else ()),
            ]


def plain(number: Decimal | None) -> Decimal | int | None:
    """A number without the zeros that its column adds."""
    if number is None:
        return None
    whole = int(number)
    return whole if whole == number else number.normalize()


def _drawn(question: AskedQuestion, seed: str, version: int) -> str:
    """The codes of the options in the order that somebody saw."""
    shown = [
        (option.id, option.code)
        for option in question.options.values()
        if version in option.versions
    ] or [(option.id, option.code) for option in question.options.values()]
    drawn = in_drawn_order(shown, f"{seed}{question.asked.id}")
    return " ".join(str(code) for _id, code in drawn)
