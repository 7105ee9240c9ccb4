"""Reading questions out of a survey page as plain values."""

from dataclasses import dataclass, field


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


def questions_in(stream) -> list[Question]:
    """The questions of a ``StreamValue``, in order."""
    return [_read(child) for child in stream]


def _read(child) -> Question:
    value = child.value
    options = ()
    if "options" in value:
        options = tuple(
            Option(str(bound.id), bound.value)
            for bound in value["options"].bound_blocks
        )
    return Question(
        id=str(child.id),
        kind=child.block_type,
        label=value["question"],
        help_text=value.get("help_text") or "",
        required=bool(value.get("required")),
        long=bool(value.get("long")),
        at_most=value.get("at_most"),
        options=options,
    )


def shape(questions: list[Question]) -> list[tuple]:
    """What must stay as it is once answers exist: ids, kinds, options, texts."""
    return [
        (q.id, q.kind, q.label, tuple((o.id, o.label) for o in q.options))
        for q in questions
    ]


def same_structure(one: list[Question], other: list[Question]) -> bool:
    """Whether two languages ask the same questions with the same options."""

    def bones(questions):
        return [(q.id, q.kind, [o.id for o in q.options]) for q in questions]

    return bones(one) == bones(other)
