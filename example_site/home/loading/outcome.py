"""What becomes of the voices: themes, the decision, the report, the sealed package."""

from datetime import timedelta

from home.loading.content import both, said
from home.loading.days import Days
from home.loading.people import People
from home.loading.site import locales
from home.loading.voices import Voices
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis import assign, themes
from wagtail_eparticipation.analysis.models import SetAside, Theme
from wagtail_eparticipation.archive import approval, sealing
from wagtail_eparticipation.archive.models import Report
from wagtail_eparticipation.consultations.tick import tick
from wagtail_eparticipation.decisions.pages import DecisionPage
from wagtail_eparticipation.decisions.record import announce, decide

WORDS = ("title", "body", "said", "decision", "next_steps", "implementer")
REPORT = (
    "closing_view",
    "communication_remarks",
    "interpretation",
    "mechanism",
    "achievements",
    "obstacles",
    "recommendations",
)


class Outcome:
    """The later stages of one topic, each an act of the account that has the duty."""

    def __init__(self, topic: dict, page, voices: Voices, people: People, days: Days):
        self.topic, self.page, self.voices = topic, page, voices
        self.people, self.days = people, days

    @property
    def consultation(self):
        return self.voices.consultation

    def analyse(self) -> None:
        """Name the themes, and put to each what was said on it."""
        analyst = self.people["analyst"]
        for entry in self.topic["themes"]:
            theme = themes.save_theme(
                Theme(
                    consultation=self.consultation,
                    titles=both(entry["title"]),
                    description=both(entry["said"]) if "said" in entry else {},
                    disposition=entry.get("disposition", ""),
                    reason=both(entry["reason"]) if "reason" in entry else {},
                ),
                actor=analyst,
            )
            assign.assign(theme, self.voices.on_theme(entry["key"]), actor=analyst)
        for read, repeated in self.voices.repeating():
            assign.set_aside(
                self.consultation,
                repeated,
                ground=SetAside.Ground.REPETITION,
                representative=read,
                actor=analyst,
            )

    def decide(self) -> None:
        """Draft the decision in both languages, have it approved, and take it."""
        for page in self._draft_decision():
            self.people.hand_through_workflow(page)
        self.consultation.refresh_from_db()
        decide(self.consultation, actor=self.people["decider"])

    def _draft_decision(self) -> list[DecisionPage]:
        found, decision = locales(), self.topic["decision"]
        today = clock.now().astimezone(self.days.zone).date()
        facts = {
            "number": decision["number"],
            "decided_on": today,
            "effective_on": today + timedelta(days=decision["effective_in"]),
            "review_on": today + timedelta(days=decision["review_in"]),
        }
        page = DecisionPage(
            slug="decision",
            locale=found["ar"],
            live=False,
            **facts,
            **self._words("ar"),
        )
        self.page.add_child(instance=page)
        page.save_revision(user=self.people["editor"])
        english = page.copy_for_translation(found["en"])
        for name, value in self._words("en").items():
            setattr(english, name, value)
        english.save_revision(user=self.people["editor"])
        return [page, english]

    def _words(self, language: str) -> dict:
        words = said(self.topic["decision"], language)
        asked = said(self.topic["question"], language)
        return {"asked": asked, **{name: words[name] for name in WORDS}}

    def announce(self) -> None:
        """Make it public in both languages at once."""
        announce(self.consultation, actor=self.people["decider"])

    def close(self) -> None:
        """Write and approve the closing report, and close formally."""
        words = {name: both(self.topic["report"][name]) for name in REPORT}
        report = Report(consultation=self.consultation, **words)
        report.save()
        records = self.people["records"]
        approval.approve(report, actor=records, now=clock.now())
        sealing.close(self.consultation, actor=records, retention_class="standard")

    def seal(self) -> None:
        """Seal the archive that anyone can check."""
        tick()
        sealing.seal(self.consultation, actor=self.people["records"])
