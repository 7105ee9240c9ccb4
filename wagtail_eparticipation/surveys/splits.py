"""One question's result by groups of people, small figures withheld (AC-S3-L5)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.consultations.vocabulary_names import names_of
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.participations.models import Capacity, Channel
from wagtail_eparticipation.surveys.figures import figure
from wagtail_eparticipation.surveys.results import QuestionResult
from wagtail_eparticipation.surveys.suppression import (
    split,
    tells_few,
    withheld_in_line,
)

#: What results can be split by, in the words of the desk.
SPLITS = {
    "language": gettext_lazy("By language"),
    "segment": gettext_lazy("By segment of the public"),
    "channel": gettext_lazy("By channel"),
    "capacity": gettext_lazy("By capacity"),
}


def names_for(dimension: str) -> dict[str, str]:
    """What each group is called; one query for segments, none for the others."""
    if dimension == "segment":
        names = {str(pk): name for pk, name in names_of(Segment).items()}
        return {**names, "": _("No segment")}
    if dimension == "language":
        return dict(content_languages())
    choices = Channel.choices if dimension == "channel" else Capacity.choices
    return {value: str(label) for value, label in choices}


def split_table(
    found: QuestionResult, dimension: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """What ``desk_split.html`` shows of a result that is split by ``dimension``.

    ``groups`` and ``lines`` of cells, ``None`` where a figure is withheld; ``people``
    is how many of each group answered. ``is_withheld`` where there are too few people
    to split; then nothing tells which groups there are. Groups in which nobody answered
    are left out.
    """
    order = list(names)
    groups = sorted(
        found.groups,
        key=lambda each: (order.index(each) if each in names else len(order), each),
    )
    people = {group: found.groups[group] for group in groups}
    lines, small, is_withheld = _lines(found, people)
    shown = {"name": dimension, "by": SPLITS[dimension], "is_withheld": is_withheld}
    if is_withheld:
        return {**shown, "groups": [], "lines": [], "people": []}
    return {
        **shown,
        "groups": [names.get(group, group) for group in groups],
        "lines": lines,
        "people": [None if group in small else people[group] for group in groups],
    }


def _lines(found: QuestionResult, people):
    if _gives_away(found, people):
        return [], set(), True
    if found.question.kind == "ranking":
        return _means(
            people,
            {
                each.option.label: lambda group, each=each: _plain(
                    "number", each.group_places.get(group)
                )
                for each in found.options
            },
        )
    if found.options:
        return _counts(found, people)
    kind = found.question.kind
    if not found.group_measures:
        return _means(people, {})
    return _means(
        people,
        {
            _("Mean"): lambda group: _measure(found, kind, group, "mean"),
            _("Median"): lambda group: _measure(found, kind, group, "median"),
        },
    )


def _gives_away(found: QuestionResult, people) -> bool:
    """Whether a mean of one group tells what few of it answered; then none is told.

    With the mean of all and those of the others it could be worked out.
    """
    if found.question.kind == "ranking":
        return any(
            tells_few(n, each.group_places.get(group), 1, len(found.options))
            for each in found.options
            for group, n in people.items()
        )
    measured = {**found.group_measures}
    return bool(found.measures) and any(
        tells_few(each.n, each.mean, found.measures.smallest, found.measures.largest)
        for each in measured.values()
        if each is not None
    )


def _counts(found: QuestionResult, people):
    hidden = split(
        {each.option.id: each.groups for each in found.options},
        people,
        one_each=found.question.kind != "multiple",
    )
    lines = [
        {
            "label": each.option.label,
            "count": each.count,
            "cells": [
                None
                if (each.option.id, group) in hidden.cells
                else each.groups.get(group, 0)
                for group in people
            ],
        }
        for each in found.options
    ]
    return lines, hidden.groups, hidden.whole


def _means(people, lines: Mapping[str, Callable[[str], str]]):
    """Lines that say one thing of a group: nothing of a small one."""
    small = withheld_in_line(people)
    shown = [
        {
            "label": label,
            "count": "",
            "cells": [None if group in small else of(group) for group in people],
        }
        for label, of in lines.items()
    ]
    return shown, small, bool(people) and len(small) == len(people)


def _measure(found: QuestionResult, kind: str, group: str, name: str) -> str:
    measures = found.group_measures.get(group)
    return _plain(kind, measures and getattr(measures, name))


def _plain(kind: str, number) -> str:
    return "" if number is None else figure(kind, number)
