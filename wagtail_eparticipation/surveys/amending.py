"""Changing one's answers until closing: the latest count, all are kept (R-7.5a)."""

from collections.abc import Iterable
from dataclasses import asdict

from wagtail_eparticipation import clock
from wagtail_eparticipation.participations.amending import Changes
from wagtail_eparticipation.participations.attaching import replace_files
from wagtail_eparticipation.surveys import places, versions
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.answers import forget_private, keep_answers
from wagtail_eparticipation.surveys.course import items_of_all
from wagtail_eparticipation.surveys.listing import find
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.open_answers import text_of, words_in
from wagtail_eparticipation.surveys.questions import OTHER

#: What stays in the form: who somebody is was settled with the first sending.
_SETTLED = (
    "invitation",
    "capacity",
    "organisation",
    "name",
    "email",
    "accept",
    "website",
    "token",
)


def amend_form(participation, typed=None):
    """The survey's form in the language of the response, holding its answers.

    ``None`` where the survey is not public any more.
    """
    response = SurveyResponse.objects.filter(participation=participation).first()
    survey = response and find(pk=response.page_id, live=True)
    if survey is None or not survey.is_public:
        return None
    if survey.closes_at and clock.now() >= survey.closes_at:
        return None
    form_class = type("AmendForm", (_Amending, survey.get_form_class()), {})
    form = form_class(participation, survey, response, typed)
    form.show_full(places.full_options(survey, but=response))
    return form


def _given(response) -> list[Answer]:
    rows = response.answers.select_related("key").order_by("id")
    return [row.as_answer(response.own_words(row)) for row in rows]


class _Amending:
    """A survey's form turned into one that changes what was answered."""

    def __init__(self, participation, survey, response: SurveyResponse, typed=None):
        self.participation, self.survey = participation, survey
        self.given_before, self.order_before = _given(response), response.order_seed
        super().__init__(
            typed, consultation=participation.consultation, initial=self._initial()
        )
        for name in _SETTLED:
            self.fields.pop(name, None)

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

    #: The template that shows what can be changed.
    changing_template = "wagtail_eparticipation/surveys/amend_items.html"
    changing_scripts = ("wagtail_eparticipation/js/surveys.js",)

    def changing_fields(self):
        return self.question_fields()

    @property
    def items(self):
        """Questions of all pages, as ``items.html`` shows them."""
        return items_of_all(self)

    def changes(self) -> Changes:
        row, answers = self.participation, self.answers()
        return Changes(
            text=text_of(answers),
            data=row.data,
            language=row.language,
            publication=row.publication,
            public_name=row.public_name,
            replace_rows=lambda locked: self._replace(locked, answers),
            until=self.survey.closes_at,
        )

    def _replace(self, participation, answers: Iterable[Answer]) -> dict:
        response = SurveyResponse.objects.get(participation=participation)
        response.participation = participation
        before, after = _given(response), list(answers)
        files = {}
        if self.tray is not None:
            files = replace_files(participation, self.tray, clock.database_now())
        if set(before) == set(after):
            return files
        forget_private(response.answers.all())
        response.answers.all().delete()
        response.revision = self.survey.live_revision_id
        response.texts = len(words_in(after))
        response.version = versions.current_number(response.survey_key)
        response.save(update_fields=["revision", "texts", "version"])
        keep_answers(response, after)
        places.check(self.survey, response, after)
        return {"answers": [_kept(answer) for answer in before], **files}


def _kept(answer: Answer) -> dict[str, str]:
    """An earlier answer as the revision keeps it; its words are in that one's text."""
    kept = asdict(answer)
    del kept["private"]
    if answer.has_words:
        kept["text"] = ""
    number = kept.pop("number")
    return kept if number is None else {**kept, "number": str(number)}
