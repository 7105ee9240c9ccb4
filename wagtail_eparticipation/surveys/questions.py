"""Reading questions out of a survey page as plain values."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Option:
    """One option; ``id`` is the same in every language."""

    id: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question; ``id`` is the same in every language and revision."""

    id: str
    kind: str
    label: str
    help_text: str = ""
    required: bool = False
    long: bool = False
    at_most: int | None = None
    options: tuple[Option, ...] = field(default=())

    @property
    def field_name(self) -> str:
        """Name of its form field."""
        return f"q_{self.id}"

    @property
    def clean_name(self) -> str:
        """What Wagtail's submissions listing calls a column."""
        return self.id

    @property
    def bones(self) -> tuple:
        """What must be the same in every language, for counts to add up (S4-E)."""
        ids = tuple(option.id for option in self.options)
        return (self.id, self.kind, self.required, self.at_most, ids)


def questions_in(stream) -> list[Question]:
    """The questions of a ``StreamValue``, in order."""
    return [_read(child, place) for place, child in enumerate(stream or (), start=1)]


def _read(child, place: int) -> Question:
    value = child.value
    options = ()
    if "options" in value:
        options = tuple(
            Option(str(bound.id), bound.value or "")
            for bound in value["options"].bound_blocks
        )
    return Question(
        # Before the first save a block has no id yet: a preview still needs names.
        id=str(child.id or f"new-{place}"),
        kind=child.block_type,
        label=value["question"] or "",
        help_text=value.get("help_text") or "",
        required=bool(value.get("required")),
        long=bool(value.get("long")),
        at_most=value.get("at_most"),
        options=options,
    )


def option_labels(questions: list[Question]) -> dict[str, str]:
    """The text of every option by its id."""
    return {
        option.id: option.label for question in questions for option in question.options
    }


def in_words_of(question: Question, other: Question | None) -> Question:
    """The same question in the words of another language's version of it.

    Stays as it is where that one lacks it, or one of its options.
    """
    labels = option_labels([other]) if other else {}
    if any(not labels.get(option.id) for option in question.options):
        return question
    if other is None or not other.label:
        return question
    return replace(
        question,
        label=other.label,
        help_text=other.help_text,
        options=tuple(Option(each.id, labels[each.id]) for each in question.options),
    )


def differences(one: list[Question], other: list[Question]) -> list[str]:
    """How ``other`` asks something else than ``one``, one sentence each (AC-S4-E4).

    Texts may differ, they are translations; questions, kinds, options and their ids
    may not. Empty when both ask the same.
    """
    expected = {question.id: question for question in one}
    found = {question.id: question for question in other}
    sentences = [
        _("The question “%(question)s” is missing.") % {"question": question.label}
        for question in one
        if question.id not in found
    ]
    for question in other:
        if question.id not in expected:
            sentences.append(
                _("The question “%(question)s” is asked in this language alone.")
                % {"question": question.label}
            )
        elif question.bones != expected[question.id].bones:
            sentences.append(_difference(expected[question.id], question))
    if not sentences and [q.id for q in one] != [q.id for q in other]:
        sentences.append(_("The questions stand in another order."))
    return sentences


def _difference(expected: Question, found: Question) -> str:
    if len(expected.options) != len(found.options):
        return _(
            "The question “%(question)s” has %(here)s options instead of %(there)s."
        ) % {
            "question": found.label,
            "here": len(found.options),
            "there": len(expected.options),
        }
    if [o.id for o in expected.options] != [o.id for o in found.options]:
        return _(
            "The options of “%(question)s” are not those of the other language, or "
            "stand in another order."
        ) % {"question": found.label}
    return _(
        "The question “%(question)s” differs in its kind, in whether an answer is "
        "needed or in how many options may be chosen."
    ) % {"question": found.label}


def first_change(before: list[Question], after: list[Question]) -> str | None:
    """The text of the first question that is not as it was; ``None`` if all are."""
    for old, new in zip(before, after, strict=False):
        if old != new:
            return old.label
    if len(before) > len(after):
        return before[len(after)].label
    if len(after) > len(before):
        return after[len(before)].label
    return None


def repeated_ids(questions: list[Question]) -> bool:
    """Whether two questions, or two options, share an id: they could not be counted."""
    ids = [question.id for question in questions]
    ids += [option.id for question in questions for option in question.options]
    return len(ids) != len(set(ids))
