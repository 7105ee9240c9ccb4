"""Reading a survey's blocks into the plain values of :mod:`questions`."""

from decimal import Decimal

from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.conditions import Condition, Rule
from wagtail_eparticipation.surveys.library_block import FROM_LIBRARY
from wagtail_eparticipation.surveys.questions import (
    OTHER,
    Information,
    Option,
    Part,
    Picture,
    Question,
)

#: The id of the part in which a survey begins.
FIRST = "start"


def parts_in(stream) -> list[Part]:
    """The pages of a survey's form, out of its ``StreamValue``; at least one."""
    heads: list[tuple] = [(FIRST, "", None)]
    items: list[list] = [[]]
    for place, child in enumerate(stream or (), start=1):
        # Nothing is asked by what was not taken over from the library yet.
        if child.block_type == FROM_LIBRARY:
            continue
        # Before the first save a block has no id yet: a preview still needs names.
        key = str(child.id or f"new-{place}")
        condition = _condition(child.value.get("show_if"))
        if child.block_type == "part":
            heads.append((key, child.value.get("title") or "", condition))
            items.append([])
        elif child.block_type == "information":
            items[-1].append(Information(key, child.value.get("text"), condition))
        else:
            items[-1].append(_question(key, child.block_type, child.value, condition))
    parts = [
        Part(key, title, tuple(found), condition)
        for (key, title, condition), found in zip(heads, items, strict=True)
    ]
    # A survey that begins with a break has no page before it.
    return parts if parts[0].items or len(parts) == 1 else parts[1:]


def _condition(value) -> Condition | None:
    rules = tuple(
        Rule(rule["question"] or "", rule["operator"] or "is", rule["value"] or "")
        for rule in (value or {}).get("rules") or ()
    )
    return Condition(rules, value["join"] == "any") if rules else None


def _question(key: str, kind: str, value, condition) -> Question:
    return Question(
        id=key,
        kind=kind,
        label=value["question"] or "",
        help_text=value.get("help_text") or "",
        required=bool(value.get("required")),
        long=bool(value.get("long")),
        at_least=value.get("at_least"),
        at_most=value.get("at_most"),
        options=_options(kind, value),
        rows=_items(value.get("rows")),
        unit=value.get("unit") or "",
        minimum=_decimal(value.get("minimum")),
        maximum=_decimal(value.get("maximum")),
        whole=bool(value.get("whole")),
        earliest=value.get("earliest"),
        latest=value.get("latest"),
        at_random=bool(value.get("at_random")),
        picture=_picture(value.get("picture")),
        show_if=condition,
        limited=tuple(_limits(value)),
    )


def _decimal(value) -> Decimal | None:
    return None if value is None else Decimal(value).normalize()


def _items(listed, limits=None) -> tuple[Option, ...]:
    limits = limits or {}
    return tuple(
        Option(str(bound.id), bound.value or "", limits.get(str(bound.id)))
        for bound in (listed.bound_blocks if listed else ())
    )


def _options(kind: str, value) -> tuple[Option, ...]:
    if kind == "yes_no":
        return (Option("yes", _("Yes")), Option("no", _("No")))
    if kind == "scale":
        return _steps(value)
    options = _items(value.get("options"), _limits(value))
    if value.get("other"):
        options += (Option(OTHER, _("Other")),)
    return options


def _limits(value) -> dict[str, int]:
    return {
        quota["option"]: quota["limit"]
        for quota in value.get("quotas") or ()
        if quota["option"]
    }


def _steps(value) -> tuple[Option, ...]:
    first, last = int(value.get("first") or 1), value.get("last") or 5
    ends = {first: value.get("low_label") or "", last: value.get("high_label") or ""}
    return tuple(
        Option(str(step), str(step), hint=ends.get(step, ""))
        for step in range(first, last + 1)
    )


def _picture(image) -> Picture | None:
    if image is None:
        return None
    return Picture(image.pk, getattr(image, "contextual_alt_text", "") or "", image)
