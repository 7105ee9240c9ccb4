"""A survey under a topic's page, and the answers of those who filled it in."""

from datetime import datetime, timedelta

from home.loading.content import LANGUAGES, block, items, said, stable_id, stream
from home.loading.days import Diary
from home.loading.site import locales
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.models import Consent, Publication, State
from wagtail_eparticipation.surveys.answers import take_in
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.pages import SurveyPage


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
        value = {
            "question": question["question"],
            "help_text": question.get("help", ""),
            "required": question.get("required", False),
        }
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
        answers = [
            answer
            for question, cell in zip(self.survey["questions"], cells, strict=True)
            for answer in self._answers(question, cell)
        ]
        outcome = take_in(self.pages[language], submission, answers)
        decide(
            outcome.participation,
            "keep_unpublished",
            actor=self.people["moderator"],
            expected_state=State.RECEIVED,
        )

    def _answers(self, question: dict, cell: str) -> list[Answer]:
        place = (self.name, "question", question["key"])
        if "options" not in question:
            return [Answer(stable_id(*place), text=cell)] if cell else []
        return [
            Answer(stable_id(*place), option_id=stable_id(*place, key))
            for key in cell.split()
        ]
