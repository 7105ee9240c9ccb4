"""What the advisers find in words that are to be published for everybody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wagtail_eparticipation.languages import own_name
from wagtail_eparticipation.moderation.advisers.findings import Finding
from wagtail_eparticipation.moderation.advisers.registry import advise
from wagtail_eparticipation.moderation.categories import CATEGORIES
from wagtail_eparticipation.policy.reading import policy_of

#: The rule on personal data: an office's own telephone may stand in its answer, so
#: there it is asked about and not refused.
RULE = "personal_data"


@dataclass(frozen=True)
class Found:
    """One place, for the desk to look at: where it stands and what it may be.

    ``blocks`` marks what a question must not be published with.
    """

    language: str
    is_question: bool
    excerpt: str
    category: str
    blocks: bool

    @property
    def language_name(self) -> str:
        """What the language of the text calls itself."""
        return own_name(self.language)

    @property
    def label(self) -> str:
        """The kind of content in words; empty where the adviser names none."""
        return str(CATEGORIES.get(self.category, ""))


def look_through(consultation, words: Mapping) -> list[Found]:
    """Places in questions and answers that the desk must confirm or reword.

    ``words`` are ``clarifying.Words`` by language.
    """
    version = consultation.policy_version
    policy = policy_of(version) if version else None
    return [
        found for language in words for found in _in(language, words[language], policy)
    ]


def _in(language: str, said, policy) -> Iterator[Found]:
    # The advisers know a text by this name, whichever it is.
    for text, is_question in ((said.question, True), (said.answer, False)):
        for each in advise({"text": text}, language=language, policy=policy):
            if is_question or each.rule == RULE:
                yield _found(language, text, each, is_question)


def _found(language: str, text: str, each: Finding, is_question: bool) -> Found:
    return Found(
        language,
        is_question,
        text[each.start : each.end],
        each.category,
        blocks=is_question and each.hide,
    )
