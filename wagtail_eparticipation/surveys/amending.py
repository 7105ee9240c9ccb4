"""Changing one's answers until closing: the latest count, all are kept (R-7.5a)."""

from collections.abc import Iterable
from dataclasses import asdict

from wagtail_eparticipation.participations.amending import Changes
from wagtail_eparticipation.surveys import versions
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.answers import forget_private, keep_answers
from wagtail_eparticipation.surveys.listing import find
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.questions import OTHER

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
    return form_class(participation, survey, response, typed)


def _given(response) -> list[Answer]:
    rows = response.answers.select_related("key").order_by("id")
    return [row.as_answer() for row in rows]


class _Amending:
    """A survey's form turned into one that changes what was answered."""

    def __init__(self, participation, survey, response: SurveyResponse, typed=None):
        self.participation, self.survey = participation, survey
        self.given_before, self.order_before = _given(response), response.order_seed
        super().__init__(
            typed, consultation=participation.consultation, initial=self._initial()
        )
        for name in _SETTLED:
            del self.fields[name]

    def _initial(self) -> dict[str, str | list[str]]:
        kinds = {key: each.kind for each in self.questions for key in each.keys}
        initial: dict[str, str | list[str]] = {"order": self.order_before}
        for answer in self.given_before:
            name = f"q_{answer.question_id}"
            if kinds.get(answer.question_id) in ("multiple", "ranking"):
                initial.setdefault(name, []).append(answer.option_id)
            else:
                initial[name] = answer.option_id or answer.text or answer.private
            if answer.option_id == OTHER:
                initial[f"{name}_{OTHER}"] = answer.text
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
        forget_private(response.answers.all())
        response.answers.all().delete()
        response.revision = self.survey.live_revision_id
        response.version = versions.current_number(response.survey_key)
        response.save(update_fields=["revision", "version"])
        keep_answers(response, after)
        return {"answers": [_kept(answer) for answer in before]}


def _kept(answer: Answer) -> dict[str, str]:
    """An earlier answer as the revision keeps it; what is private goes."""
    kept = asdict(answer)
    del kept["private"]
    number = kept.pop("number")
    return kept if number is None else {**kept, "number": str(number)}
