"""The quick polls of one topic, and the votes of those who took part in them."""

from datetime import datetime, timedelta

from home.loading.content import stable_id
from home.loading.days import Diary
from home.loading.site import locales
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.models import Consent, Publication
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.polls import find
from wagtail_eparticipation.surveys.voting import vote


def poll_block(name: str, poll: dict) -> dict:
    """One poll as its page keeps it; question and options are named by their keys."""
    place = (name, "poll", poll["key"])
    value = {
        "question": poll["question"],
        "help_text": poll.get("help", ""),
        "options": [
            {
                "type": "item",
                "value": option["label"],
                "id": stable_id(*place, option["key"]),
            }
            for option in poll["options"]
        ],
        "at_most": 1,
        "results": poll["results"],
    }
    return {"type": "poll", "value": value, "id": stable_id(*place)}


class Ballots:
    """The votes of one topic's polls: for each poll, how many chose which option."""

    def __init__(self, name: str, ballots: list[dict], page):
        self.name, self.ballots, self.page = name, ballots, page

    def write_into(self, diary: Diary, opens_at: datetime) -> None:
        """Note when each vote is cast: over some days, all options in turn."""
        for ballot in self.ballots:
            options = [key for key, n in ballot["votes"].items() for _vote in range(n)]
            for number, option in enumerate(options):
                day = timedelta(days=1 + number % ballot["days"])
                instant = opens_at + day + timedelta(minutes=25 + 13 * number % 660)
                diary.write(instant, self.cast, ballot["poll"], option, number)

    def cast(self, poll_key: str, option: str, number: int) -> None:
        """One person's vote; every fifth on the English page."""
        language = "ar" if number % 5 else "en"
        page = self.page.get_translation(locales()[language])
        place = (self.name, "poll", poll_key)
        submission = door.Submission(
            tool="poll",
            language=language,
            publication=Publication.NOT_PUBLISHED,
            consent=Consent.EXPLICIT,
            consent_language=language,
            idempotency_key=f"example-{self.name}-{poll_key}-{number}",
            request_version=1,
        )
        answer = Answer(stable_id(*place), option_id=stable_id(*place, option))
        vote(page, find(page, stable_id(*place)), submission, [answer])
