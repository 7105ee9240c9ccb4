"""What a follow-up question would give away of the one that it depends on; pure.

Whoever knows how many were asked further knows how many answered the question before
in that way, which may be the figure that is withheld there (AC-S3-L5).
"""

from collections.abc import Iterable, Iterator

from wagtail_eparticipation.surveys.outcomes import small_options
from wagtail_eparticipation.surveys.questions import MEASURED, Part
from wagtail_eparticipation.surveys.results import QuestionResult
from wagtail_eparticipation.surveys.suppression import WITHHELD_BELOW


def giving_away(found: Iterable[QuestionResult], parts: Iterable[Part]) -> set[str]:
    """Ids of the questions of which the public is not even told how many answered.

    ``parts`` are the pages of the form, whose conditions hold for their questions.
    """
    found = list(found)
    by_key = {key: each for each in found for key in each.question.keys}
    of_part = {q.id: part.show_if for part in parts for q in part.questions}
    gone: set[str] = set()
    for result in found:
        question = result.question
        conditions = filter(None, (question.show_if, of_part.get(question.id)))
        asked = {key for condition in conditions for key in condition.questions}
        before = [by_key[key] for key in sorted(asked) if key in by_key]
        hides = any(each.question.id in gone or _hides(each) for each in before)
        if hides or any(_few_beside(result, each, len(asked)) for each in before):
            gone.add(question.id)
    return gone


def _hides(found: QuestionResult) -> bool:
    """Whether some figure of a question is withheld or told in steps alone."""
    few = 0 < found.n < WITHHELD_BELOW
    measured = found.question.kind in MEASURED
    return few or measured or any(small_options(part) for part in found.parts)


def _few_beside(result: QuestionResult, before: QuestionResult, number: int) -> bool:
    """Whether few lie between those asked further and a figure that is shown.

    With one rule on options these are people who passed the question over. With
    several they are people who answered the others in another way.
    """
    if number == 1 and before.question.options:
        return False
    return any(0 < n - result.n < WITHHELD_BELOW for n in _shown(before))


def _shown(found: QuestionResult) -> Iterator[int]:
    for part in found.parts:
        yield part.n
        yield from (option.count for option in part.options)
