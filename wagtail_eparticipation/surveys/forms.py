"""The form of a survey: fields keyed by question id, choices by option id."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_eparticipation.participations.attachment_fields import NAMES as FILES
from wagtail_eparticipation.participations.attachment_fields import add_fields
from wagtail_eparticipation.participations.attachment_settings import taken_on
from wagtail_eparticipation.participations.attachment_store import drop, words_of
from wagtail_eparticipation.participations.attachments import Attachment
from wagtail_eparticipation.participations.forms import (
    CarriedField,
    ParticipantForm,
    WordsField,
)
from wagtail_eparticipation.surveys import conditions
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.fields import (
    in_western_digits,
)
from wagtail_eparticipation.surveys.questions import (
    MEASURED,
    OTHER,
    Part,
    Question,
    is_files,
)

#: Characters of an answer in one line.
SHORT_ANSWER = 300
_NOTHING = (None, "", [])
#: What a place in a ranking may be, as text.
_PLACES = frozenset(str(place) for place in range(1, 100))


class SurveyForm(ParticipantForm):
    """Questions first, then what every tool asks of a participant.

    Answers are counted and never shown as a contribution, so nobody is asked how to
    publish them. ``shape`` says which wording the person has read, ``order`` from what
    the order of options was drawn. What a condition hides is neither asked nor kept.
    """

    shape = CarriedField()
    order = CarriedField(pattern=r"[0-9a-f]{8}")

    not_carried = ("shape",)
    shown_in_public = False
    #: Files of a question that turned out not to be asked.
    left_out = None
    questions: tuple[Question, ...] = ()
    parts: tuple[Part, ...] = ()
    participant_fields = ("capacity", "organisation", "name", "email")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.takes_files:
            self._ask_for_files()
        del self.fields["publication"]
        self.fields["name"].help_text = _("Never shown with your answers.")
        self.fields["organisation"].help_text = _(
            "Only if you answer for a business, organisation or authority."
        )
        self.fields["shape"].initial = self.shape_now
        self.fields["order"].initial = secrets.token_hex(4)
        #: What the pages before have sent, which travels on in hidden fields.
        self.typed = self.data if self.is_bound else QueryDict()
        #: Ids of what is shown, once the form was judged.
        self.shown: set[str] = set()
        self.draw_order()
        self.order_fields(self.names)

    def _ask_for_files(self) -> None:
        """Give the question for files its fields, where the topic takes any."""
        if not taken_on(self.consultation):
            self.questions = tuple(q for q in self.questions if q.kind != "file")
            self.parts = tuple(
                replace(part, items=tuple(i for i in part.items if not is_files(i)))
                for part in self.parts
            )
            return
        add_fields(self)
        asked = next(filter(is_files, self.questions))
        field = self.fields["files"]
        field.label = asked.label
        field.help_text = with_hint(asked.help_text, field.help_text)

    @property
    def file_names(self) -> list[str]:
        """Names of the files on their way with it, or attached already."""
        rows = self.tray.kept if self.tray else []
        return [words_of(row).get("name") or _("file") for row in rows]

    @property
    def names(self) -> list[str]:
        """Names of the fields of all questions, in order."""
        return [name for question in self.questions for name in names_of(question)]

    def draw_order(self) -> None:
        """Give each person the options in an order of their own, always the same."""
        # Asked of no bound field, which would remember what it was before.
        first = self.get_initial_for_field(self.fields["order"], "order")
        seed = self.data.get(self.add_prefix("order")) or first
        for question in self.questions:
            if question.at_random:
                field = self.fields[question.field_name]
                field.choices = in_drawn_order(field.choices, f"{seed}{question.id}")
                field.widget.choices = field.choices

    @property
    def shape_now(self) -> str:
        """A short digest of the questions as they are asked now."""
        asked = [
            (q.bones, q.label, q.help_text, [o.label for o in (*q.options, *q.rows)])
            for q in self.questions
        ]
        return hashlib.sha256(json.dumps(asked, default=str).encode()).hexdigest()[:16]

    def clean(self):
        cleaned = super().clean()
        self._leave_out_hidden(cleaned)
        self._ask_what_else(cleaned)
        self._judge_files()
        if cleaned.get("shape") != self.shape_now:
            # What is rendered again carries the wording that is read then.
            self.data = self.data.copy()
            self.data[self.add_prefix("shape")] = self.shape_now
            raise ValidationError(
                _(
                    "The questions were changed while you were answering. Your answers "
                    "are kept: look at them once more and send them again."
                ),
                code="changed",
            )
        names = self.names
        files = self.file_names
        untouched = not files and not any(name in self.errors for name in names)
        if untouched and not any(cleaned.get(n) not in _NOTHING for n in names):
            raise ValidationError(
                _("Answer at least one question first."), code="empty"
            )
        return cleaned

    def _leave_out_hidden(self, cleaned) -> None:
        self.shown = conditions.shown(self.parts, self.given(cleaned))
        for question in self.questions:
            if question.id not in self.shown:
                for name in names_of(question):
                    self._errors.pop(name, None)
                    cleaned.pop(name, None)

    def _judge_files(self) -> None:
        """A hidden question keeps no files; a needed one wants at least one."""
        for question in filter(is_files, self.questions):
            if question.id not in self.shown:
                self.left_out, self.tray = self.tray, None
            elif question.required and not self.file_names:
                self.add_error("files", _("Answer this question."))

    def drop_hidden_files(self) -> None:
        """Delete what was sent for a question that is not asked; before it is sent."""
        if self.left_out is not None:
            drop(Attachment.objects.filter(pk__in=[r.pk for r in self.left_out.held]))

    def _ask_what_else(self, cleaned) -> None:
        """Whoever chooses “other” says what; what is said without it is not kept."""
        for question in self.questions:
            name = f"{question.field_name}_{OTHER}"
            if name not in self.fields or question.id not in self.shown:
                continue
            chosen = cleaned.get(question.field_name) or []
            if OTHER not in ([chosen] if isinstance(chosen, str) else chosen):
                self._errors.pop(name, None)
                cleaned.pop(name, None)
            elif not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say what else."))

    def given(self, cleaned) -> dict[str, tuple[str, ...]]:
        """What was answered, as :mod:`conditions` takes it."""
        found = {}
        for question in self.questions:
            if is_files(question) and self.file_names:
                found[question.id] = tuple(self.file_names)
            for key in question.keys:
                value = cleaned.get(f"q_{key}")
                if value not in _NOTHING:
                    texts = value if isinstance(value, list) else [str(value)]
                    found[key] = tuple(texts)
        return found

    def keys_of(self, name: str) -> list[str]:
        """Under which names a field's value is sent."""
        widget = self.fields[name].widget
        if not getattr(widget, "is_spread", False):
            return [name]
        return [f"{name}_{key}" for key, _label in widget.choices]

    def value_of(self, name: str):
        """What stands in a field now, judged or not; nothing where there is none."""
        return self[name].value() if name in self.fields else None

    def given_now(self) -> dict[str, tuple[str, ...]]:
        """What stands in the form now, as :mod:`conditions` takes it, unjudged."""
        found: dict[str, tuple[str, ...]] = {}
        for question in self.questions:
            found |= self._given_to(question)
        return found

    def _given_to(self, question: Question) -> dict[str, tuple[str, ...]]:
        if is_files(question):
            return {question.id: tuple(self.file_names)} if self.file_names else {}
        texts = {
            key: _texts(question, self.value_of(f"q_{key}")) for key in question.keys
        }
        return {key: found for key, found in texts.items() if found}

    def shown_now(self) -> set[str]:
        """Ids of what is shown with what stands in the form now."""
        return conditions.shown(self.parts, self.given_now())

    def show_full(self, full: Mapping[str, set[str]]) -> None:
        """Say of options that have no place left, and let nobody choose them."""
        for question in self.questions:
            gone = full.get(question.id, set())
            if not gone:
                continue
            field = self.fields[question.field_name]
            field.choices = [
                (key, _("%(option)s (no place left)") % {"option": label})
                if key in gone
                else (key, label)
                for key, label in field.choices
            ]
            field.widget.gone = gone

    def lines_of(self, question: Question) -> list[str]:
        """What stands in the form as the answer to a question, in words, unjudged."""
        given = self._given_to(question)
        lines = [
            line for key in question.keys for line in self._lines(question, key, given)
        ]
        if not question.rows or not lines:
            return lines
        # A line of a matrix that was passed over is told, too.
        nothing = _("No answer")
        return [
            line
            for row in question.rows
            for line in self._lines(question, row.id, given)
            or [f"{row.label}: {nothing}"]
        ]

    def _lines(self, question: Question, key: str, given) -> list[str]:
        labels = {option.id: option.label for option in question.options}
        rows = {row.id: row.label for row in question.rows}
        what = self.value_of(f"{question.field_name}_{OTHER}")
        lines = [
            f"{labels[text]}: {what}"
            if text == OTHER and what
            else labels.get(text, text)
            for text in given.get(key, ())
            # One that was taken out meanwhile is no answer to be sent.
            if not labels or text in labels
        ]
        if question.kind == "ranking":
            return [f"{place}. {line}" for place, line in enumerate(lines, start=1)]
        return [f"{rows[key]}: {line}" for line in lines] if rows else lines

    def in_words(self) -> list[tuple[str, str]]:
        """All that stands in the form, by question, for whoever wants to copy it."""
        found = ((each.label, self.lines_of(each)) for each in self.questions)
        return [(label, "\n".join(lines)) for label, lines in found if lines]

    @property
    def order_drawn(self) -> str:
        """What the order of options was drawn from, where any had one of its own."""
        drawn = any(question.at_random for question in self.questions)
        return self.cleaned_data.get("order", "") if drawn else ""

    def question_fields(self) -> list[forms.BoundField]:
        """The fields of all questions, in order."""
        return [self[name] for name in self.names]

    def words(self):
        return {
            name: self.cleaned_data.get(name) or ""
            for name in self.names
            if isinstance(self.fields[name], WordsField)
        }

    def person_fields(self) -> list[forms.BoundField]:
        """What is asked about the participant, for the template."""
        return [self[name] for name in self.participant_fields]

    def answers(self) -> list[Answer]:
        """The rows that the valid form stands for, in the order of the questions."""
        rows: list[Answer] = []
        for question in self.questions:
            if question.id not in self.shown:
                continue
            if is_files(question) and self.file_names:
                number = len(self.file_names)
                rows.append(Answer(question.id, "", str(number), Decimal(number)))
            other = self.cleaned_data.get(f"{question.field_name}_{OTHER}") or ""
            for key in question.keys:
                value = self.cleaned_data.get(f"q_{key}")
                if value not in _NOTHING:
                    rows += rows_of(question, key, value, other)
        return rows


def rows_of(question: Question, key: str, value, other: str = "") -> Iterable[Answer]:
    """The rows of one answer, as its field cleans it; ``other`` says what else."""
    if question.kind == "ranking":
        return [
            Answer(key, option, number=Decimal(place))
            for place, option in enumerate(value, start=1)
        ]
    if question.options:
        chosen = value if isinstance(value, list) else [value]
        return [Answer(key, each, other if each == OTHER else "") for each in chosen]
    if question.kind == "email":
        return [Answer(key, private=value)]
    if isinstance(value, Decimal):
        return [Answer(key, text=str(value), number=value)]
    if isinstance(value, date):
        ordinal = Decimal(value.toordinal())
        return [Answer(key, text=value.isoformat(), number=ordinal)]
    return [Answer(key, text=value)]


def _texts(question: Question, value) -> tuple[str, ...]:
    if isinstance(value, dict):
        placed = [(place, key) for key, place in value.items() if place in _PLACES]
        return tuple(key for _place, key in sorted(placed, key=lambda p: int(p[0])))
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    text = "" if value is None else str(value).strip()
    if question.kind in MEASURED:
        text = in_western_digits(text)
    return (text,) if text else ()


def names_of(question: Question) -> list[str]:
    """Names of the form fields of one question."""
    if is_files(question):
        return list(FILES)
    names = [f"q_{key}" for key in question.keys]
    return [*names, f"{question.field_name}_{OTHER}"] if question.other else names


def in_drawn_order(choices: Iterable[tuple], seed: str) -> list[tuple]:
    """Choices in the order that ``seed`` draws; no answer and “other” stay last."""
    choices = list(choices)
    loose = [each for each in choices if each[0] not in ("", OTHER)]
    fixed = [each for each in choices if each[0] in ("", OTHER)]

    def lot(choice) -> str:
        return hashlib.sha256(f"{seed}{choice[0]}".encode()).hexdigest()

    first = [each for each in fixed if choices and each == choices[0]]
    last = [each for each in fixed if each not in first]
    return [*first, *sorted(loose, key=lot), *last]


def with_hint(text: str, hint: str) -> str:
    """An explanation with what the form itself adds to it."""
    return f"{text} {hint}" if text else hint
