"""Forms as plain values, for what is judged without a page."""

from wagtail_eparticipation.surveys.conditions import Condition, Rule
from wagtail_eparticipation.surveys.questions import Option, Part, Question


def asked(key, kind="single", *, options=("a", "b"), rules=(), any_of=False, **fields):
    """One question, called by its key; kinds without options leave them out."""
    if kind == "yes_no":
        options = ("yes", "no")
    elif kind == "scale":
        options = ("1", "2", "3", "4", "5")
    elif kind in ("text", "number", "date", "email", "place"):
        options = ()
    return Question(
        key,
        kind,
        key.upper(),
        options=tuple(Option(each, f"Option {each}") for each in options),
        show_if=condition(*rules, any_of=any_of),
        **fields,
    )


def condition(*rules, any_of=False):
    """A condition of rules as tuples, or none."""
    return Condition(tuple(Rule(*rule) for rule in rules), any_of) if rules else None


def form(*items, parts=()):
    """A form whose first page has the items; ``parts`` follow."""
    return [Part("start", items=tuple(items)), *parts]
