"""One topic from its first draft to the stage in which it stands today."""

from datetime import timedelta

from home.loading import requests
from home.loading.content import both, read
from home.loading.days import Days, Diary
from home.loading.enquiries import Enquiries
from home.loading.outcome import Outcome
from home.loading.people import People
from home.loading.polls import Ballots
from home.loading.surveys import Survey
from home.loading.voices import Voices
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.tick import tick

MOMENT = timedelta(minutes=1)


class Course:
    """The way of one topic; ``load`` drafts its request and lives its diary."""

    def __init__(self, name: str, vocabulary: dict, people: People, days: Days):
        self.name, self.vocabulary = name, vocabulary
        self.people, self.days = people, days
        self.topic = read(f"topics/{name}")
        self.course = self.topic["course"]

    def load(self, hub, standard: dict):
        """Returns the topic's Arabic page."""
        with clock.rehearse(self.days.at(self.course["created"], 9)):
            self.page = requests.draft(
                self.name, self.topic, hub, standard, self.vocabulary, self.days
            )
        self.consultation = self.page.consultation
        if "approved" in self.course:
            self._diary().live()
        return self.page

    def _diary(self) -> Diary:
        diary = Diary(self.days)
        opens_at, closes_at = self.page.period()
        file = read(f"voices/{self.name}")
        people = self.people
        voices = Voices(self.name, file.get("voice", []), self.consultation, people)
        outcome = Outcome(self.topic, self.page, voices, people, self.days)

        diary.write(self._at("approved"), self.approve, file)
        diary.write(opens_at + MOMENT, tick)
        Ballots(self.name, file.get("ballot", []), self.page).write_into(
            diary, opens_at
        )
        Enquiries(
            self.name, file.get("enquiry", []), self.consultation, people
        ).write_into(diary, opens_at)
        if "survey" in self.topic:
            rows = [row for each in file["answer"] for row in each["rows"]]
            self.survey = Survey(self.name, self.topic["survey"], rows, people)
            diary.write(self._at("approved", 12), self.survey.publish, self.page)
            self.survey.write_into(diary, opens_at)
        for extension in self.topic.get("extensions", ()):
            closes_at = self.days.at(extension["closes"], 14)
            on = self.days.at(extension["on"])
            diary.write(on, self.extend, extension, closes_at)
        voices.write_into(diary, opens_at, closes_at)
        if "withdrawal" in self.topic:
            on = self.days.at(self.topic["withdrawal"]["on"], 12)
            diary.write(on, self.withdraw, self.topic["withdrawal"])
            return diary
        diary.write(closes_at + MOMENT, tick)
        if "themes" in self.topic:
            diary.write(closes_at + timedelta(days=3), outcome.analyse)
        for stage in ("decided", "announced", "closed", "sealed"):
            if stage in self.course:
                act = getattr(outcome, _ACTS[stage])
                diary.write(self._at(stage), act)
        return diary

    def _at(self, stage: str, hour: int = 10):
        return self.days.at(self.course[stage], hour)

    def approve(self, file: dict) -> None:
        """Reviewed and approved by the workflow in both languages, then published."""
        self.people.hand_through_workflow(self.page)
        for translation in self.page.get_translations():
            self.people.hand_through_workflow(translation)
        self.consultation.refresh_from_db()

    def extend(self, extension: dict, closes_at) -> None:
        """More time, with a public reason; two people."""
        reason = acts.Reason(extension["code"], both_of(extension))
        requested = acts.request(
            self.consultation,
            "extend",
            actor=self.people["editor"],
            reason=reason,
            closes_at=closes_at,
        )
        acts.authorise(requested, actor=self.people["decider"])

    def withdraw(self, withdrawal: dict) -> None:
        """Requested by one person, authorised by another."""
        reason = acts.Reason(withdrawal["code"], both_of(withdrawal))
        requested = acts.request(
            self.consultation, "withdraw", actor=self.people["editor"], reason=reason
        )
        acts.authorise(requested, actor=self.people["decider"])


def both_of(entry: dict) -> dict[str, str]:
    """The two languages of an entry that holds other keys too."""
    return both({language: entry[language] for language in ("ar", "en")})


_ACTS = {
    "decided": "decide",
    "announced": "announce",
    "closed": "close",
    "sealed": "seal",
}
