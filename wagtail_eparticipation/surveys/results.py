"""What people answered: one table over all languages (S4-E)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from wagtail_eparticipation.participations.models import COUNTED
from wagtail_eparticipation.surveys.models import SurveyAnswer, SurveyResponse
from wagtail_eparticipation.surveys.questions import Option, Question


@dataclass(frozen=True)
class OptionResult:
    """How many chose an option; ``languages`` is the same by language, if asked."""

    option: Option
    count: int
    share: float
    languages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionResult:
    """``n`` is the number of people who answered the question in any language.

    Shares are percentages of ``n``; with several choices they may add up to more than
    100. Text questions have no options: their words are read, not counted.
    """

    question: Question
    n: int
    options: list[OptionResult]
    languages: dict[str, int] = field(default_factory=dict)


def results(
    survey_key: UUID | Iterable[UUID],
    questions: list[Question],
    *,
    by_language: bool = False,
) -> list[QuestionResult]:
    """Count the answers to ``questions`` in all languages, in two queries.

    Only participations that are counted in the topic's totals count here (S4-E1).
    With ``by_language`` each figure is also given per language; still two queries.
    Several keys are counted together, such as those of a topic's polls, whose
    questions have ids of their own. An answer whose option is not among the given
    ones is listed at the end, so that no total is ever larger than its parts.
    """
    keys_of = [survey_key] if isinstance(survey_key, UUID) else list(survey_key)
    answers = SurveyAnswer.objects.order_by().filter(
        response__survey_key__in=keys_of,
        response__participation__state__in=COUNTED,
    )
    keys = ["question_id"]
    if by_language:
        keys.append("response__participation__language")
    people = _tally(
        answers.values_list(*keys).annotate(Count("response", distinct=True)), 1
    )
    chosen = _tally(
        answers.exclude(option_id="")
        .values_list("question_id", "option_id", *keys[1:])
        .annotate(Count("id")),
        2,
    )
    return [_result(question, people, chosen) for question in questions]


def _tally(rows, width: int) -> dict[tuple, dict[str, int]]:
    """``{key: {language: count}}``; the language is "" when it was not asked for."""
    counts: dict[tuple, dict[str, int]] = {}
    for row in rows:
        language = row[width] if len(row) == width + 2 else ""
        counts.setdefault(row[:width], {})[language] = row[-1]
    return counts


def _result(question: Question, people, chosen) -> QuestionResult:
    answered = people.get((question.id,), {})
    n = sum(answered.values())
    known = {option.id for option in question.options}
    strays = [
        Option(option_id, _("An option that this version does not have"))
        for question_id, option_id in chosen
        if question_id == question.id and option_id not in known
    ]
    options = []
    for option in (*question.options, *strays):
        counts = chosen.get((question.id, option.id), {})
        count = sum(counts.values())
        share = 100 * count / n if n else 0.0
        options.append(OptionResult(option, count, share, _named(counts)))
    return QuestionResult(question, n, options, _named(answered))


def _named(counts: dict[str, int]) -> dict[str, int]:
    return {language: count for language, count in counts.items() if language}


def responses_by_language(survey_key: UUID) -> dict[str, int]:
    """How many counted responses there are in each language; one query."""
    rows = (
        SurveyResponse.objects.counted()
        .filter(survey_key=survey_key)
        .order_by()
        .values_list("participation__language")
        .annotate(Count("id"))
    )
    return dict(rows)


def bars(result: QuestionResult) -> list[dict[str, object]]:
    """The rows of ``components/bars_table.html``."""
    return [
        {
            "label": each.option.label,
            "count": each.count,
            "share": round(each.share, 2),
            "share_text": _("%(number)s%%") % {"number": f"{each.share:.0f}"},
        }
        for each in result.options
    ]
