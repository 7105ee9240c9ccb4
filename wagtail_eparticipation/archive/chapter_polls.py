"""The quick polls of a topic with their results, for part 4 and for the package."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_files import as_json, as_page
from wagtail_eparticipation.archive.chapter_surveys import asked, question_block
from wagtail_eparticipation.archive.report_blocks import Block, heading, note
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.surveys.poll_results import (
    not_representative,
    results_of,
)
from wagtail_eparticipation.surveys.polls import Poll, leader_of, polls_in, worded


def _polls(consultation, language: str) -> list[Poll]:
    page = consultation.page_in(language)
    return worded(polls_in(leader_of(page)), page) if page else []


def has_polls(consultation) -> bool:
    """Whether the topic has any quick poll."""
    return bool(_polls(consultation, content_languages()[0][0]))


def poll_blocks(consultation, language: str) -> Iterable[Block]:
    """Every poll with its results over all languages, and what they stand for."""
    found = _polls(consultation, language)
    if not found:
        return
    yield note(not_representative())
    for result in results_of(consultation, found):
        yield question_block(result)


def report_polls(consultation, language: str) -> Iterable[Block]:
    """The polls under a heading of their own, for part 4 (R-5.6.2d)."""
    blocks = list(poll_blocks(consultation, language))
    if blocks:
        yield heading(_("Polls"))
        yield from blocks


def polls(consultation, bag: BagWriter) -> None:
    """Each poll in each language, with the counts by option and language."""
    codes = [code for code, _name in content_languages()]
    found = _polls(consultation, codes[0])
    if not found:
        return
    labels = {
        code: {poll.id: poll.question for poll in _polls(consultation, code)}
        for code in codes
    }
    counted = results_of(consultation, found, by_language=True)
    records = [
        {"results_shown": poll.results, **asked(result, labels)}
        for poll, result in zip(found, counted, strict=True)
    ]
    bag.add_text("03-participations/polls.json", as_json(records))
    for code in codes:
        with override(code):
            blocks = list(poll_blocks(consultation, code))
            content = as_page(
                code, "package_survey.html", title=_("Polls"), blocks=blocks
            )
        bag.add_text(f"03-participations/polls.{code}.html", content)
