"""One response in words: for its author's receipt and for staff."""

from wagtail_eparticipation.surveys.listing import find
from wagtail_eparticipation.surveys.models import SurveyAnswer
from wagtail_eparticipation.surveys.questions import counted_in, option_labels
from wagtail_eparticipation.surveys.versions import asked_ever


def describe(
    participation, language: str, *, words: bool = True
) -> list[tuple[str, str]]:
    """Each question that was answered, with the answer, worded in ``language``.

    Falls back to the language that was answered. Empty for what is not a response.
    Without ``words`` it says which of the texts stands there.
    """
    answers = list(
        SurveyAnswer.objects.filter(response__participation=participation)
        .select_related("response")
        .order_by("id")
    )
    if not answers:
        return []
    survey = version_in(answers[0].response, language)
    if survey is None:
        return []
    questions = asked_ever(survey)
    labels = option_labels(questions)
    response = answers[0].response
    response.participation = participation
    given: dict[str, list[str]] = {}
    for answer in answers:
        own = response.own_words(answer) if words else _pointer(answer)
        text = answer.in_words(labels.get(answer.question_id, {}), own)
        given.setdefault(answer.question_id, []).append(text)
    return [
        (question.label, "; ".join(given[question.id]))
        for question in counted_in(questions)
        if question.id in given
    ]


def _pointer(answer: SurveyAnswer) -> str:
    return f"— {answer.words_at} —" if answer.words_at else answer.text


def version_in(response, language: str):
    """The survey in ``language``, else as it was answered."""
    version = find(
        translation_key=response.survey_key,
        locale__language_code=language,
        alias_of__isnull=True,
        live=True,
    )
    return version or find(pk=response.page_id)
