"""The quick polls on a topic's page: one question each, answered as a survey's are.

A vote is a participation with a response and answers, as :mod:`answers` keeps them. The
page in which the topic was first written leads: which polls there are, their options,
how many may be chosen and when results are shown. The other languages word them.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.addresses import other_languages
from wagtail_eparticipation.consultations.tool_blocks import PollResults
from wagtail_eparticipation.surveys.differing import of_questions
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.questions import (
    Option,
    Question,
    in_words_of,
    repeated_ids,
)
from wagtail_eparticipation.surveys.settled import NOT_OPEN_YET

#: The code of the tool in the register.
TOOL = "poll"


@dataclass(frozen=True)
class Poll:
    """One poll, worded in ``language``; ``results`` says when they are shown."""

    question: Question
    results: str
    language: str

    @property
    def id(self) -> str:
        """The same in every language."""
        return self.question.id

    def key(self, consultation) -> uuid.UUID:
        """Under which votes are counted: a copied topic starts from nought."""
        return uuid.uuid5(consultation.public_id, self.id)


def polls_in(page) -> list[Poll]:
    """The polls exactly as one page has them."""
    language = page.locale.language_code
    return [
        _read(child, place, language) for place, child in enumerate(page.polls, start=1)
    ]


def _read(child, place: int, language: str) -> Poll:
    value = child.value
    at_most = value.get("at_most") or 1
    question = Question(
        # Before the first save a block has no id yet: a preview still needs names.
        id=str(child.id or f"new-{place}"),
        kind="single" if at_most == 1 else "multiple",
        label=value["question"] or "",
        help_text=value.get("help_text") or "",
        required=True,
        at_most=None if at_most == 1 else at_most,
        options=tuple(
            Option(str(bound.id), bound.value or "")
            for bound in value["options"].bound_blocks
        ),
    )
    return Poll(question, value.get("results") or PollResults.AFTER_CLOSING, language)


def polls_of(page) -> list[Poll]:
    """The polls that a public page offers, worded in its language as far as it has.

    No query where the languages of the page are at hand.
    """
    return worded(polls_in(leader_of(page)), page)


def leader_of(page):
    """The live page in which the topic was first written."""
    return min([page, *other_languages(page)], key=lambda each: each.pk)


def worded(polls: Iterable[Poll], page) -> list[Poll]:
    """The same polls in the words of ``page``; one that it lacks stays as it is."""
    own = {poll.id: poll for poll in polls_in(page)}
    return [_in_words(poll, own.get(poll.id)) for poll in polls]


def _in_words(poll: Poll, own: Poll | None) -> Poll:
    question = in_words_of(poll.question, own and own.question)
    if question is poll.question:
        return poll
    return replace(poll, question=question, language=own.language)


def find(page, poll_id: str) -> Poll | None:
    """The poll with this id, as a public page offers it."""
    return next((poll for poll in polls_of(page) if poll.id == poll_id), None)


def voted(consultation, polls: Iterable[Poll]) -> set[str]:
    """Ids of those in which somebody has voted; one query."""
    keys = {poll.key(consultation): poll.id for poll in polls}
    if not keys:
        return set()
    found = SurveyResponse.objects.order_by().filter(survey_key__in=keys)
    return {keys[key] for key in found.values_list("survey_key", flat=True).distinct()}


def settled_errors(page) -> dict[str, str]:
    """What may not be changed any more in a page's polls (R-4.1c)."""
    stored = type(page).objects.select_related("locale").filter(pk=page.pk).first()
    if stored is None or not (stored.live and stored.polls):
        return {}
    before, after = polls_in(stored), {poll.id: poll for poll in polls_in(page)}
    locked = voted(page.consultation, before)
    for poll in before:
        now = after.get(poll.id)
        if poll.id in locked and (now is None or now.question != poll.question):
            return {
                "polls": _(
                    "People have voted in “%(question)s”, so its question and options "
                    "stay as they are. Put them back; to ask something new, add "
                    "another poll."
                )
                % {"question": poll.question.label}
            }
        if now is not None and now.results != poll.results and _is_fixed(page):
            return {
                "polls": _(
                    "“%(question)s”: the period has begun, so when the results are "
                    "shown is fixed."
                )
                % {"question": poll.question.label}
            }
    return {}


def _is_fixed(page) -> bool:
    return page.is_original and page.consultation.stage() not in NOT_OPEN_YET


def lacking(page) -> Iterator[tuple[str, str]]:
    """What keeps a page's polls from being counted over all languages (AC-S4-E4)."""
    own = [poll.question for poll in polls_in(page)]
    if repeated_ids(own):
        yield (
            "polls",
            _(
                "Two polls or options share an id, so their votes could not be told "
                "apart. Delete one of them and add it anew."
            ),
        )
    original = page.original()
    if original is None or original.pk == page.pk:
        return
    for difference in of_questions([p.question for p in polls_in(original)], own):
        yield "polls", difference
