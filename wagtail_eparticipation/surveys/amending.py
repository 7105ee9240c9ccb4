"""Changing one's answers until closing: the latest count, all are kept (R-7.5a)."""

from collections.abc import Iterable
from dataclasses import asdict

from wagtail_eparticipation.participations.amending import Changes
from wagtail_eparticipation.surveys.answers import keep_answers
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.listing import find
from wagtail_eparticipation.surveys.models import SurveyResponse

#: What stays in the form: who somebody is was settled with the first sending.
_SETTLED = ("capacity", "organisation", "name", "email", "accept", "website", "token")


def amend_form(participation, typed=None):
    """The survey's form in the language of the response, holding its answers.

    ``None`` where the survey is not public any more.
    """
    response = SurveyResponse.objects.filter(participation=participation).first()
    survey = response and find(pk=response.page_id, live=True)
    if survey is None or not survey.is_public:
        return None
    form_class = type("AmendForm", (_Amending, survey.get_form_class()), {})
    return form_class(participation, survey, _given(response), typed)


def _given(response) -> list[Answer]:
    rows = response.answers.order_by("id")
    return [Answer(row.question_id, row.option_id, row.text) for row in rows]


class _Amending:
    """A survey's form turned into one that changes what was answered."""

    def __init__(self, participation, survey, given: list[Answer], typed=None):
        self.participation, self.survey, self.given = participation, survey, given
        super().__init__(
            typed, consultation=participation.consultation, initial=self._initial()
        )
        for name in _SETTLED:
            del self.fields[name]

    def _initial(self) -> dict[str, str | list[str]]:
        several = {each.id for each in self.questions if each.kind == "multiple"}
        initial: dict[str, str | list[str]] = {}
        for answer in self.given:
            name = f"q_{answer.question_id}"
            if answer.question_id in several:
                initial.setdefault(name, []).append(answer.option_id)
            else:
                initial[name] = answer.option_id or answer.text
        return initial

    def changing_fields(self):
        return self.question_fields()

    def changes(self) -> Changes:
        row = self.participation
        return Changes(
            data=row.data,
            language=row.language,
            publication=row.publication,
            public_name=row.public_name,
            replace_rows=lambda locked: self._replace(locked, self.answers()),
        )

    def _replace(self, participation, answers: Iterable[Answer]) -> dict:
        response = SurveyResponse.objects.get(participation=participation)
        before, after = _given(response), list(answers)
        if set(before) == set(after):
            return {}
        response.answers.all().delete()
        response.revision = self.survey.live_revision_id
        response.save(update_fields=["revision"])
        keep_answers(response, after)
        return {"answers": [asdict(answer) for answer in before]}
