"""What people answered: one result per question over all languages (S4-E)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.measures import Measures, measures
from wagtail_eparticipation.surveys.per_person import (
    Earlier,
    count_of,
    earlier_ones,
)
from wagtail_eparticipation.surveys.questions import Option, Question
from wagtail_eparticipation.surveys.tallies import counted
from wagtail_eparticipation.surveys.tally import (
    Groups,
    QuestionTally,
    Tally,
    add_groups,
    together,
)


@dataclass(frozen=True)
class OptionResult:
    """How many chose an option; ``groups`` is the same by group, if asked for.

    In a ranking ``count`` is how many gave it a place, ``places`` how many gave it each
    place, ``mean_place`` what these come to and ``group_places`` the same by group.
    """

    option: Option
    count: int
    share: float
    groups: dict[str, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    mean_place: Decimal | None = None
    group_places: dict[str, Decimal] = field(default_factory=dict)

    @property
    def languages(self) -> dict[str, int]:
        """The groups of a result that is split by language."""
        return self.groups


@dataclass(frozen=True)
class QuestionResult:
    """``n`` is the number of people who answered the question in any language.

    Shares are percentages of ``n``; with several choices they may add up to more than
    100. Words are read, not counted: such questions have no options. Numbers, days and
    scales have ``measures``, numbers and days ``values`` too: how often each was given.
    A matrix has ``rows``, a result each; its own ``n`` is that of its fullest row.
    """

    question: Question
    n: int
    options: list[OptionResult]
    groups: dict[str, int] = field(default_factory=dict)
    values: dict[Decimal, int] = field(default_factory=dict)
    measures: Measures | None = None
    group_measures: dict[str, Measures] = field(default_factory=dict)
    rows: "tuple[QuestionResult, ...]" = ()

    @property
    def languages(self) -> dict[str, int]:
        """The groups of a result that is split by language."""
        return self.groups

    @property
    def parts(self) -> "tuple[QuestionResult, ...]":
        """What is counted apart: itself, or the rows of a matrix."""
        return self.rows or (self,)


def results(
    survey_key: UUID | Iterable[UUID],
    questions: list[Question],
    *,
    split: str = "",
    per_person: bool = False,
    by_language: bool = False,
) -> list[QuestionResult]:
    """Count the answers to ``questions`` in all languages, in two queries.

    Only participations that are counted in the topic's totals count here (S4-E1).
    ``split`` gives each figure by group as well, one of ``tallies.DIMENSIONS``;
    ``by_language`` says the same of languages. With ``per_person`` only the latest of
    several counted responses of one person counts, see :mod:`per_person`.
    Several keys are counted together, such as those of a topic's polls, whose
    questions have ids of their own. An answer whose option is not among the given
    ones is listed at the end, so that no total is ever larger than its parts.
    """
    split = "language" if by_language else split
    keys = _keys(survey_key)
    earlier = earlier_ones(keys) if per_person else ()
    groups = tally_of(keys, split, without=earlier, responses=False)
    return results_in(groups, questions)


def tally_of(
    survey_key: UUID | Iterable[UUID],
    split: str = "",
    *,
    without: Sequence[Earlier] = (),
    responses: bool = True,
) -> Groups:
    """The counts by group, from which :func:`results_in` makes results.

    Two queries, and one where responses are left out, those in ``without``. The number
    of ``responses`` is counted where it is asked for.
    """
    groups = counted(_keys(survey_key), split, responses=responses)
    if without:
        add_groups(groups, count_of(without, split), -1)
    return groups


def _keys(survey_key: UUID | Iterable[UUID]) -> list[UUID]:
    return [survey_key] if isinstance(survey_key, UUID) else list(survey_key)


def results_in(groups: Groups, questions: list[Question]) -> list[QuestionResult]:
    """The results of counts: no query."""
    total = together(groups.values())
    named = {} if set(groups) == {""} else groups
    return [_whole(question, total, named) for question in questions]


def responses_in(groups: Groups) -> dict[str, int]:
    """How many responses there are in each group."""
    return {group: each.responses for group, each in groups.items() if each.responses}


def _whole(question: Question, total: Tally, groups: Groups) -> QuestionResult:
    if not question.rows:
        return _result(question, total, groups)
    rows = tuple(_result(each, total, groups) for each in question.counted_as())
    fullest = max(rows, key=lambda row: row.n)
    return QuestionResult(question, fullest.n, [], fullest.groups, rows=rows)


def _result(question: Question, total: Tally, groups: Groups) -> QuestionResult:
    tally = _asked(total, question.id)
    by_group = {name: _asked(each, question.id) for name, each in groups.items()}
    return QuestionResult(
        question,
        tally.people,
        [_option(each, tally, by_group) for each in _options(question, tally)],
        {name: each.people for name, each in by_group.items() if each.people},
        {value: times for value, times in sorted(tally.values.items()) if times},
        measures(_measured(question, tally)),
        {
            name: found
            for name, each in by_group.items()
            if (found := measures(_measured(question, each)))
        },
    )


def _asked(tally: Tally, question_id: str) -> QuestionTally:
    return tally.questions.get(question_id) or QuestionTally()


def _options(question: Question, tally: QuestionTally) -> list[Option]:
    known = {option.id for option in question.options}
    strays = [
        Option(each, _("An option that this version does not have"))
        for each, number in tally.options.items()
        if number and each not in known
    ]
    return [*question.options, *strays]


def _option(option: Option, tally: QuestionTally, by_group) -> OptionResult:
    number, n = tally.options[option.id], tally.people
    return OptionResult(
        option,
        number,
        100 * number / n if n else 0.0,
        {
            name: each.options[option.id]
            for name, each in by_group.items()
            if each.options[option.id]
        },
        {
            place: times
            for place, times in sorted(tally.places.get(option.id, {}).items())
            if times
        },
        _mean(tally.places.get(option.id, {})),
        {
            name: mean
            for name, each in by_group.items()
            if (mean := _mean(each.places.get(option.id, {}))) is not None
        },
    )


def _mean(places: Mapping[int, int]) -> Decimal | None:
    found = measures({Decimal(place): times for place, times in places.items()})
    return found and found.mean


def _measured(question: Question, tally: QuestionTally) -> Mapping[Decimal, int]:
    if question.kind != "scale":
        return tally.values
    steps = {option.id for option in question.options}
    return {Decimal(step): tally.options[step] for step in steps}


def responses_by_language(survey_key: UUID) -> dict[str, int]:
    """How many counted responses there are in each language."""
    return responses_in(tally_of(survey_key, "language"))


def bars(result: QuestionResult) -> list[dict[str, object]]:
    """The rows of ``components/bars_table.html``."""
    return [bar(each.option.label, each.count, each.share) for each in result.options]


def bar(label: str, count: int | None, share: float) -> dict[str, object]:
    """One row of it; ``None`` for a figure that is withheld."""
    if count is None:
        return {"label": label, "count": "–", "share": 0, "share_text": _("withheld")}
    return {
        "label": label,
        "count": count,
        "share": round(share, 2),
        "share_text": _("%(number)s%%") % {"number": f"{share:.0f}"},
    }
