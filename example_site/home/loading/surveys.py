"""A survey under a topic's page, and the answers of those who filled it in."""

from datetime import datetime, timedelta
from decimal import Decimal

from home.loading.content import LANGUAGES, block, items, said, stable_id, stream
from home.loading.days import Diary
from home.loading.site import locales
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.models import Consent, Publication, State
from wagtail_eparticipation.surveys.answers import take_in
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.pages import SurveyPage

#: What a question of the content says in the words of its block.
_AS_THEY_ARE = (
    "question",
    "title",
    "required",
    "unit",
    "minimum",
    "maximum",
    "whole",
    "low_label",
    "high_label",
)


def _unless(question: str, option: str) -> dict:
    """The condition that a question was not answered by an option."""
    rule = {"question": question, "operator": "is_not", "value": option}
    return {"join": "all", "rules": items([rule], question, option)}


class Survey:
    """One survey with its rows of answers: language, day, then a cell a question."""

    def __init__(self, name: str, survey: dict, rows: list[list], people):
        self.name, self.survey, self.rows, self.people = name, survey, rows, people

    def publish(self, topic_page) -> None:
        """Draft it in both languages and hand it through the workflow."""
        found = locales()
        page = SurveyPage(
            slug=self.survey["slug"],
            locale=found["ar"],
            live=False,
            **self._words("ar"),
        )
        topic_page.add_child(instance=page)
        page.save_revision(user=self.people["editor"])
        english = page.copy_for_translation(found["en"])
        for name, value in self._words("en").items():
            setattr(english, name, value)
        english.save_revision(user=self.people["editor"])
        for each in (page, english):
            self.people.hand_through_workflow(each)
        self.pages = {
            language: page.get_translation(found[language]) for language in LANGUAGES
        }

    def _words(self, language: str) -> dict:
        words = said(self.survey, language)
        return {
            "title": words["title"],
            "introduction": words["introduction"],
            "questions": stream([self._question(each) for each in words["questions"]]),
        }

    def _question(self, question: dict) -> dict:
        place = (self.name, "question", question["key"])
        value = {name: question[name] for name in _AS_THEY_ARE if name in question}
        value["help_text"] = question.get("help", "")
        if "unless" in question:
            asked, option = question["unless"]
            asked = (self.name, "question", asked)
            value["show_if"] = _unless(stable_id(*asked), stable_id(*asked, option))
        if "options" in question:
            # Options carry a key, so that they are told apart in the answers.
            labels = [option["label"] for option in question["options"]]
            value["options"] = items(labels, *place)
            for entry, option in zip(
                value["options"], question["options"], strict=True
            ):
                entry["id"] = stable_id(*place, option["key"])
        return block(question["kind"], value, *place)

    def write_into(self, diary: Diary, opens_at: datetime) -> None:
        """Note when each answer is given and looked through."""
        for number, row in enumerate(self.rows):
            instant = opens_at + timedelta(days=row[1], minutes=35 + 17 * number % 600)
            diary.write(instant, self.answer, number, row)

    def answer(self, number: int, row: list) -> None:
        """One person's answers, in one submission."""
        language, _day, *cells = row
        submission = door.Submission(
            tool="survey",
            language=language,
            publication=Publication.NOT_PUBLISHED,
            consent=Consent.EXPLICIT,
            consent_language=language,
            idempotency_key=f"example-{self.name}-answer-{number}",
            request_version=1,
        )
        asked = [each for each in self.survey["questions"] if each["kind"] != "part"]
        answers = [
            answer
            for question, cell in zip(asked, cells, strict=True)
            for answer in self._answers(question, cell)
        ]
        outcome = take_in(self.pages[language], submission, answers)
        if outcome.participation.state == State.RECEIVED:
            decide(
                outcome.participation,
                "keep_unpublished",
                actor=self.people["moderator"],
                expected_state=State.RECEIVED,
            )

    def _answers(self, question: dict, cell: str) -> list[Answer]:
        place = (self.name, "question", question["key"])
        key, kind = stable_id(*place), question["kind"]
        if kind == "scale":
            return [Answer(key, option_id=cell)] if cell else []
        if kind == "number":
            return [Answer(key, text=cell, number=Decimal(cell))] if cell else []
        if "options" not in question:
            return [Answer(key, text=cell)] if cell else []
        chosen = [stable_id(*place, option) for option in cell.split()]
        if kind == "ranking":
            return [
                Answer(key, option_id=option, number=Decimal(number))
                for number, option in enumerate(chosen, start=1)
            ]
        return [Answer(key, option_id=option) for option in chosen]
