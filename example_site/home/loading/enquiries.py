"""What people ask the municipality, whom it asks, and what it tells everybody."""

from datetime import datetime, timedelta

from home.loading.content import LANGUAGES
from home.loading.days import Diary
from home.loading.people import People
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.replies import answering, clarifying, deferring, enquiries

#: Between the question and what the reply desk does about it.
ANSWER = timedelta(hours=21)


class Enquiries:
    """The enquiries of one topic, as its file tells them."""

    def __init__(self, name: str, rows: list[dict], consultation, people: People):
        self.name, self.rows = name, rows
        self.consultation, self.people = consultation, people
        self.cases: dict[int, object] = {}

    def write_into(self, diary: Diary, opens_at: datetime) -> None:
        """Note when each is asked, passed on, answered or published."""
        for number, row in enumerate(self.rows):
            asked = opens_at + timedelta(days=row["day"], minutes=40 + 17 * number)
            diary.write(asked, self.ask, number)
            for key, act in (
                ("referral", self.refer),
                ("answer", self.answer),
                ("clarification", self.clarify),
            ):
                if key in row:
                    diary.write(asked + ANSWER, act, number)

    def ask(self, number: int) -> None:
        """Through the contact form, with an address for the answer."""
        row = self.rows[number]
        language = next(code for code in LANGUAGES if code in row)
        mail = f"{self.name}-enquiry-{number}@residents.example"
        enquiry = enquiries.Enquiry(
            subject=row["subject"],
            text=row[language],
            language=language,
            person=Person(email=mail),
            key=f"example-{self.name}-{number}",
        )
        self.cases[number] = enquiries.receive(self.consultation, enquiry).case

    def refer(self, number: int) -> None:
        """Ask an outside body; the clocks stand still until it answers."""
        referral = self.rows[number]["referral"]
        question = deferring.Question(
            text=referral["question"],
            reason=referral["reason"],
            due_days=referral["days"],
            body=referral["body"],
        )
        deferring.defer(self.cases[number], question, actor=self.people["desk"])

    def answer(self, number: int) -> None:
        """In private."""
        text = self.rows[number]["answer"]
        answering.answer(self.cases[number], text, actor=self.people["desk"])

    def clarify(self, number: int) -> None:
        """For everybody, in both languages."""
        row = self.rows[number]
        said = {
            language: clarifying.Words(words["question"], words["answer"])
            for language, words in row["clarification"].items()
        }
        clarifying.publish(
            self.consultation,
            said,
            original=next(code for code in LANGUAGES if code in row),
            actor=self.people["desk"],
            key=f"example-{self.name}-{number}",
            case=self.cases[number],
        )
