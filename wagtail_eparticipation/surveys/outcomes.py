"""One question's result as tables: for staff as it is, for the public protected.

A public figure of fewer than five people is withheld, with what would give it away
(AC-S3-L5); an option that nobody chose is shown as such.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wagtail_eparticipation.surveys.figures import figure, step_words, summary
from wagtail_eparticipation.surveys.histogram import histogram, without_small
from wagtail_eparticipation.surveys.questions import MEASURED
from wagtail_eparticipation.surveys.results import QuestionResult, bar
from wagtail_eparticipation.surveys.suppression import (
    WITHHELD_BELOW,
    Cell,
    tells_few,
    withheld,
    withheld_in_line,
)


def table(
    found: QuestionResult, *, public: bool = False, withheld: bool = False
) -> dict[str, Any]:
    """What a template shows of one question; nothing where all of it is ``withheld``.

    ``kind`` says which: ``bars`` has ``rows`` for ``components/bars_table.html``,
    ``numbers`` beside them a ``summary``, ``matrix`` and ``ranking`` have ``columns``
    and ``lines`` of cells, ``words`` and ``few`` nothing but ``n_text``.
    """
    shown = {
        "caption": found.question.label,
        "rows": [],
        "n": found.n,
        "n_text": ngettext(
            "Answered by %(count)d person", "Answered by %(count)d people", found.n
        )
        % {"count": found.n},
        "note": "",
    }
    if withheld:
        words = _("Withheld: it would tell what few people answered before")
        return {**shown, "kind": "few", "n": None, "n_text": words}
    if public and 0 < found.n < WITHHELD_BELOW:
        few = _("Answered by fewer than %(count)d people") % {"count": WITHHELD_BELOW}
        return {**shown, "kind": "few", "n": None, "n_text": few}
    return {**shown, **_part(found, public)}


def _part(found: QuestionResult, public: bool) -> dict[str, Any]:
    if found.rows:
        return _matrix(found, public)
    if found.question.kind == "ranking":
        return _ranking(found, public)
    if found.options:
        return _bars(found, public)
    if found.question.kind in MEASURED:
        return _numbers(found, public)
    return {"kind": "words"}


def small_options(found: QuestionResult) -> set[int]:
    """Places of the options whose figures are withheld from the public.

    All of them where fewer people than that answered at all.
    """
    counts = [each.count for each in found.options]
    if 0 < found.n < WITHHELD_BELOW:
        return set(range(len(counts)))
    if found.question.kind == "multiple":
        # The people who chose something add up to nothing that is shown.
        return withheld([Cell(each) for each in counts], nought=False)
    return withheld_in_line(counts, nought=False)


def _bars(found: QuestionResult, public: bool) -> dict[str, Any]:
    small = small_options(found) if public else set()
    shown: dict[str, Any] = {
        "kind": "bars",
        "rows": [
            bar(each.option.label, None if place in small else each.count, each.share)
            for place, each in enumerate(found.options)
        ],
    }
    if found.question.kind == "multiple":
        shown["note"] = _(
            "Several options could be chosen, so the shares may add up to more than the"
            " whole."
        )
    # With a mean beside them, two withheld steps of a scale could be worked out.
    if found.measures and not small:
        shown["kind"] = "numbers"
        shown["summary"] = summary("number", found.measures, ends=False)
    return shown


def _numbers(found: QuestionResult, public: bool) -> dict[str, Any]:
    if found.measures is None:
        return {"kind": "numbers", "summary": []}
    question, n = found.question, found.measures.n
    whole = question.whole or question.kind == "date"
    steps = histogram(found.values, whole=whole)
    ends = True
    measured = found.measures
    if public and tells_few(n, measured.mean, measured.smallest, measured.largest):
        # The same figures would follow from the mean.
        return {"kind": "numbers", "summary": [], "rows": []}
    if public:
        steps = without_small(steps, WITHHELD_BELOW)
        given = list(found.values.values())
        ends = min(given[0], given[-1]) >= WITHHELD_BELOW
    return {
        "kind": "numbers",
        "summary": summary(
            question.kind, found.measures, unit=question.unit, ends=ends
        ),
        "rows": [
            bar(
                step_words(question.kind, each, whole=whole),
                each.count,
                100 * each.count / n,
            )
            for each in steps
        ],
    }


def _matrix(found: QuestionResult, public: bool) -> dict[str, Any]:
    # A row may have an answer that this version of the question lacks.
    columns = {
        each.option.id: each.option for row in found.rows for each in row.options
    }
    lines = []
    for named, row in zip(found.question.rows, found.rows, strict=True):
        few = public and 0 < row.n < WITHHELD_BELOW
        small = small_options(row) if public else set()
        cells = {
            each.option.id: bar(
                each.option.label, None if place in small else each.count, each.share
            )
            for place, each in enumerate(row.options)
        }
        lines.append(
            {
                "label": named.label,
                "n": None if few else row.n,
                "cells": [
                    cells.get(key) or bar(option.label, 0, 0)
                    for key, option in columns.items()
                ],
            }
        )
    labels = [option.label for option in columns.values()]
    return {"kind": "matrix", "columns": labels, "lines": lines}


def _ranking(found: QuestionResult, public: bool) -> dict[str, Any]:
    """Options by their mean place, the first one first.

    The public sees how often each was given each place only where no figure is small:
    with the mean beside them withheld ones could be worked out.
    """
    places = range(1, len(found.options) + 1)
    counts = [each.places.get(place, 0) for each in found.options for place in places]
    small = public and any(0 < number < WITHHELD_BELOW for number in counts)
    hides_means = small and any(
        tells_few(found.n, each.mean_place, 1, len(found.options))
        for each in found.options
    )
    ranked = sorted(
        found.options, key=lambda each: (each.mean_place is None, each.mean_place or 0)
    )
    return {
        "kind": "ranking",
        "columns": [] if small else [_place(place) for place in places],
        "lines": [
            {
                "label": each.option.label,
                "mean": ""
                if each.mean_place is None or hides_means
                else figure("number", each.mean_place),
                "cells": []
                if small
                else [
                    {"label": _place(place), "count": each.places.get(place, 0)}
                    for place in places
                ],
            }
            for each in ranked
        ],
        "note": _("How often each was given each place is withheld: few people did.")
        if small
        else "",
    }


def _place(place: int) -> str:
    return pgettext("ranking", "Place %(number)d") % {"number": place}
