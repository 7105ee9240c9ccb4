"""What people send: through the door, then before moderators and the reply desk."""

from datetime import datetime, timedelta

from home.loading.content import LANGUAGES, both
from home.loading.days import Diary
from home.loading.people import People
from home.loading.requests import article_id, category_id
from wagtail_eparticipation import clock
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.official import reply_officially
from wagtail_eparticipation.discussion.supports import support
from wagtail_eparticipation.moderation import objecting
from wagtail_eparticipation.moderation.decide import confirm, decide, take_down
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.moderation.places import Place
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.participations.persons import Standing
from wagtail_eparticipation.participations.suggestion_status import set_status

#: Between sending and the moderator's look, and from there to the official reply.
REVIEW = timedelta(hours=5)
REPLY = timedelta(hours=20)
#: From the closing until it is said what becomes of a suggestion.
CONSIDERED = timedelta(days=4)


class Voices:
    """The voices of one topic, by their place in its file and by their id."""

    def __init__(self, name: str, voices: list[dict], consultation, people: People):
        self.name = name
        self.voices = voices
        self.consultation = consultation
        self.people = people
        self.sent: list[Participation | None] = [None] * len(voices)
        self.by_id: dict[str, Participation] = {}

    def write_into(self, diary: Diary, opens_at: datetime, closes_at: datetime) -> None:
        """Note when each voice is sent, looked at and answered."""
        for number, voice in enumerate(self.voices):
            instant = self._instant(number, voice, opens_at, closes_at)
            diary.write(instant, self.send, number)
            if voice.get("late"):
                continue
            if voice.get("outcome") != "waiting":
                diary.write(instant + REVIEW, self.review, number)
            if "supports" in voice:
                diary.write(instant + 2 * REVIEW, self.support, number)
            if "status" in voice:
                diary.write(closes_at + CONSIDERED, self.set_status, number)
            if "answer" in voice:
                diary.write(instant + REPLY, self.answer, number)
            if "objection" in voice:
                diary.write(instant + REPLY, self.object, number)
            if voice.get("taken_down"):
                diary.write(instant + timedelta(days=1), self.take_down, number)

    def _instant(self, number, voice, opens_at, closes_at) -> datetime:
        if voice.get("late"):
            return closes_at + timedelta(hours=9, minutes=number)
        # Spread over the waking hours, later ones after earlier ones.
        spread = timedelta(minutes=20 + 11 * number % 700)
        return opens_at + timedelta(days=voice["day"]) + spread

    def send(self, number: int) -> None:
        """Take the voice in through the one door."""
        voice = self.voices[number]
        language = next(code for code in LANGUAGES if code in voice)
        channel = voice.get("channel", Channel.PORTAL)
        by_staff = channel != Channel.PORTAL
        submission = door.Submission(
            tool=voice.get("kind", "comment"),
            language=language,
            title=voice.get("title", ""),
            text=voice[language],
            channel=channel,
            publication=self._publication(voice),
            capacity=voice.get("capacity", ""),
            person=self._person(number, voice),
            consent=Consent.ORAL if by_staff else Consent.EXPLICIT,
            consent_version=str(self.consultation.policy_version),
            consent_language=language,
            idempotency_key=f"example-{self.name}-{number}",
            made_at=clock.now() if by_staff else None,
            parent=self.by_id.get(voice.get("reply_to", "")),
            article=article_id(self.name, voice["article"])
            if "article" in voice
            else "",
            data=self._data(voice),
            request_version=1,
        )
        actor = self.people["desk"] if by_staff else None
        outcome = door.submit(self.consultation, submission, actor=actor)
        self.sent[number] = outcome.participation
        if "id" in voice:
            self.by_id[voice["id"]] = outcome.participation

    def _data(self, voice: dict) -> dict:
        data = {"opinion": voice["opinion"]} if "opinion" in voice else {}
        if "category" in voice:
            data["category"] = category_id(self.name, voice["category"])
        return data

    def _publication(self, voice: dict) -> str:
        named = Publication.WITH_NAME if "name" in voice else Publication.WITHOUT_NAME
        return voice.get("publication", named)

    def _person(self, number: int, voice: dict) -> Person:
        if "name" not in voice:
            return Person()
        mail = f"{self.name}-{number}@residents.example"
        return Person(name=voice["name"], email=mail)

    def review(self, number: int) -> None:
        """Decide as the voice's file says; a sensitive refusal by two people."""
        voice = self.voices[number]
        outcome = voice.get("outcome", "publish")
        if voice.get("publication") == Publication.NOT_PUBLISHED:
            outcome = "keep_unpublished"
        decision = decide(
            self.sent[number],
            outcome,
            actor=self.people["moderator"],
            expected_state=State.RECEIVED,
            reason_code=voice.get("reason", ""),
            ground=voice.get("ground", ""),
            places=self._places(number, voice),
        )
        if decision.state == ModerationDecision.State.PROPOSED:
            confirm(decision, actor=self.people["admin"])

    def _places(self, number: int, voice: dict) -> list[Place]:
        text = self.sent[number].text
        return [
            Place("text", text.index(words), text.index(words) + len(words), category)
            for category, words in voice.get("hide", {}).items()
        ]

    def object(self, number: int) -> None:
        """The author does not agree with the decision."""
        voice = self.voices[number]
        language = next(code for code in LANGUAGES if code in voice)
        objecting.make(self.sent[number], voice["objection"], language)

    def answer(self, number: int) -> None:
        """Reply in the municipality's name."""
        voice = self.voices[number]
        reply_officially(
            self.consultation,
            text=voice["answer"],
            language=next(code for code in LANGUAGES if code in voice),
            actor=self.people["desk"],
            to=PublishedComment.objects.get(participation=self.sent[number]),
        )

    def support(self, number: int) -> None:
        """Others agree with a suggestion, each once."""
        suggestion = self.sent[number].public_suggestion
        for person in range(self.voices[number]["supports"]):
            support(suggestion, Standing(f"example-{self.name}-{number}-{person}"))

    def set_status(self, number: int) -> None:
        """Say what becomes of a suggestion, and why."""
        voice = self.voices[number]
        set_status(
            self.sent[number],
            voice["status"],
            reason=both(voice["status_reason"]),
            actor=self.people["analyst"],
        )

    def take_down(self, number: int) -> None:
        """Take it down as its author asked."""
        take_down(
            self.sent[number],
            actor=self.people["moderator"],
            reason_code="take_down.request_of_author",
        )

    def on_theme(self, key: str) -> list[int]:
        """Ids of what was sent on a theme."""
        return [
            participation.pk
            for voice, participation in zip(self.voices, self.sent, strict=True)
            if participation is not None and key in _themes(voice)
        ]

    def repeating(self) -> list[tuple[Participation, list[int]]]:
        """Each text that was sent more than once, with the ids of its repetitions."""
        found: dict[str, list[int]] = {}
        for voice, participation in zip(self.voices, self.sent, strict=True):
            if "same_as" in voice and participation is not None:
                found.setdefault(voice["same_as"], []).append(participation.pk)
        return [(self.by_id[key], ids) for key, ids in found.items()]


def _themes(voice: dict) -> list[str]:
    theme = voice.get("theme", [])
    return [theme] if isinstance(theme, str) else theme
