"""Going through a survey page by page (R-4.1d); nothing is kept between the pages.

What was typed on other pages travels in hidden fields of the form, so that going back,
a second window, a page sent half or in another order lose nothing, and everything is
judged again when it is sent.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from wagtail_eparticipation.participations.forms import carry_over
from wagtail_eparticipation.surveys import condition_words
from wagtail_eparticipation.surveys.conditions import Condition
from wagtail_eparticipation.surveys.forms import SurveyForm, names_of
from wagtail_eparticipation.surveys.questions import Part, Question

#: The page on which all answers are looked at before they are sent.
REVIEW = "review"
#: What the buttons of a page say in the field ``go``.
NEXT, BACK, SEND, TO = "next", "back", "send", "to:"
#: Fields that each page has itself, and what is never carried.
_PAGE_OWN = frozenset({"token", "shape", "order", "draft", "hinted", "accept"})


@dataclass(frozen=True)
class Item:
    """A question or a piece of information as a page shows it.

    ``fields`` are the question's, ``other`` the one that asks what else. ``rules`` is
    the condition for the page's script, ``only_if`` the same in words: both only where
    it depends on an answer of the same page.
    """

    question: Question | None = None
    text: Any = None
    fields: tuple[forms.BoundField, ...] = ()
    other: forms.BoundField | None = None
    rules: str = ""
    only_if: str = ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines of a matrix, with their fields."""
        rows = self.question.rows if self.question else ()
        return [
            {"label": row.label, "field": field}
            for row, field in zip(rows, self.fields, strict=True)
        ]


class Course:
    """Where somebody stands in a form: which page, which came before, what follows.

    ``form`` is a :class:`SurveyForm`, ``step`` the id of a part or :data:`REVIEW`.
    """

    def __init__(self, form: SurveyForm, step: str = ""):
        self.form = form
        self.shown = form.shown_now()
        self.parts = [part for part in form.parts if self._is_walked(part)]
        steps = [part.id for part in self.parts]
        self.several = len(form.parts) > 1
        if self.several:
            steps.append(REVIEW)
        self.steps = steps
        self.step = step if step in steps else self._nearest(step)

    def _is_walked(self, part: Part) -> bool:
        here = {question.id for question in part.questions}
        seen = [item for item in part.items if self._may_show(item, here)]
        return part.id in self.shown and bool(seen)

    def _may_show(self, item, here: set[str]) -> bool:
        """Shown now, or as soon as something else is answered on the same page."""
        depends = item.show_if is not None and item.show_if.questions & here
        return item.id in self.shown or bool(depends)

    def _nearest(self, step: str) -> str:
        """The page before one that is not there any more; else the first."""
        known = [part.id for part in self.form.parts]
        before = known[: known.index(step)] if step in known else []
        walked = [each for each in before if each in self.steps]
        return walked[-1] if walked else (self.steps or [REVIEW])[0]

    @property
    def is_review(self) -> bool:
        """Whether this is the page before sending; the only one sends as well."""
        return self.step == REVIEW or not self.several

    @property
    def number(self) -> int:
        """Which page it is, from 1."""
        return self.steps.index(self.step) + 1 if self.step in self.steps else 1

    @property
    def total(self) -> int:
        """How many pages there are, the last look included."""
        return len(self.steps)

    @property
    def has_back(self) -> bool:
        """Whether a page comes before this one."""
        return self.number > 1

    @property
    def part(self) -> Part | None:
        """The part on this page; none on the last look."""
        return next((part for part in self.parts if part.id == self.step), None)

    @cached_property
    def items(self) -> list[Item]:
        """What this page shows, in order."""
        parts = [self.part] if self.several else self.parts
        return [item for part in parts if part for item in self.items_of(part)]

    def items_of(self, part: Part) -> list[Item]:
        """What the page of a part shows."""
        here = {key for question in part.questions for key in question.keys}
        return self._items(part, here)

    def _items(self, part: Part, here: set[str]) -> list[Item]:
        return [
            self._item(item, here) for item in part.items if self._may_show(item, here)
        ]

    def _item(self, item, here: set[str]) -> Item:
        rules = only_if = ""
        if item.show_if is not None and item.show_if.questions & here:
            rules = condition_words.for_script(item.show_if)
            only_if = condition_words.sentence(item.show_if, self.form.questions)
        if not isinstance(item, Question):
            return Item(text=item.text, rules=rules, only_if=only_if)
        names = names_of(item)
        other = self.form[names.pop()] if item.other else None
        fields = tuple(self.form[name] for name in names)
        return Item(item, None, fields, other, rules, only_if)

    @property
    def names(self) -> set[str]:
        """Names of the fields that stand on this page."""
        if not self.several:
            return set(self.form.fields)
        if self.is_review:
            asked = set(self.form.names)
            return set(self.form.fields) - asked
        found = {bound.name for item in self.items for bound in item.fields}
        return found | {item.other.name for item in self.items if item.other}

    def carried(self) -> list[tuple[str, str]]:
        """Names and values of what was typed on the other pages."""
        typed, form = self.form.typed, self.form
        elsewhere = [name for name in form.fields if name not in self.names]
        return [
            (key, value)
            for name in elsewhere
            if name not in _PAGE_OWN
            for key in form.keys_of(name)
            for value in typed.getlist(key)
        ]

    def after(self, go: str) -> str:
        """The step to which a button leads."""
        if go.startswith(TO):
            return go.removeprefix(TO)
        place = self.number - 1 + (1 if go == NEXT else -1)
        return self.steps[min(max(place, 0), len(self.steps) - 1)]

    def first_wrong(self) -> str:
        """The step of the first field that has an error, else the last look."""
        for part in self.parts:
            names = {name for q in part.questions for name in names_of(q)}
            if names & set(self.form.errors):
                return part.id
        return REVIEW

    def errors_here(self) -> bool:
        """Leave the form the errors of this page alone; whether there are any."""
        kept = {
            name: errors
            for name, errors in self.form.errors.items()
            if name in self.names
            or (name == NON_FIELD_ERRORS and self.form.has_error(name, "changed"))
        }
        self.form._errors = type(self.form.errors)(kept)
        return bool(kept)

    def summary(self) -> list[dict[str, Any]]:
        """The answers as they would be sent, part by part, for the last look."""
        return [
            {"part": part, "rows": rows}
            for part in self.parts
            if (rows := [self._row(q) for q in part.questions if q.id in self.shown])
        ]

    def _row(self, question: Question) -> dict[str, Any]:
        return {"question": question, "lines": self.form.lines_of(question)}


def items_of_all(form: SurveyForm) -> list[Item]:
    """All questions on one page, each with its condition and that of its part."""
    course = Course(form)
    here = {key for question in form.questions for key in question.keys}
    return [item for part in form.parts for item in course._items(_joined(part), here)]


def _joined(part: Part) -> Part:
    """The part with its own condition put to each item, as far as one holds both."""
    if part.show_if is None:
        return part
    return replace(part, items=tuple(_under(item, part.show_if) for item in part.items))


def _under(item, condition: Condition):
    own = item.show_if
    if own is None:
        return replace(item, show_if=condition)
    if own.any_of or condition.any_of:
        # Two kinds of joining make no single condition; the page says its own.
        return item
    return replace(item, show_if=Condition((*condition.rules, *own.rules)))


def filled(form: SurveyForm, typed) -> SurveyForm:
    """An empty form filled with what was typed, unjudged."""
    form.typed = typed
    carry_over(form, typed)
    form.draw_order()
    return form
