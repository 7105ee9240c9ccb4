"""The surveys of a topic, with what was answered, for part 4 and for the package.

A response's public form is its share in the counts. Words in answers were not put
before a moderator for publication, so neither shows them.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from wagtail_eparticipation.archive.bags import BagWriter
from wagtail_eparticipation.archive.chapter_files import as_json, as_page
from wagtail_eparticipation.archive.report_blocks import (
    Block,
    heading,
    note,
    share,
    table,
    text,
)
from wagtail_eparticipation.archive.request_blocks import plain
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.results import (
    QuestionResult,
    responses_by_language,
    results,
)


def by_language(consultation) -> list[dict[str, Any]]:
    """The published surveys of a topic, each as ``{language: page}``."""
    found = sorted(
        (page for page in surveys_of(consultation) if page.live and not page.withheld),
        key=lambda page: (str(page.translation_key), page.path),
    )
    groups = [
        {page.locale.language_code: page for page in pages}
        for _key, pages in groupby(found, key=lambda page: page.translation_key)
    ]
    return sorted(groups, key=lambda pages: min(page.path for page in pages.values()))


def survey_in(pages: dict[str, Any], language: str):
    """A survey in a language, else in one that it has."""
    return pages.get(language) or next(iter(pages.values()))


def survey_blocks(page) -> Iterable[Block]:
    """Questions and results, counted over all languages, in the page's words."""
    total = sum(responses_by_language(page.translation_key).values())
    yield note(
        ngettext("%(count)d response", "%(count)d responses", total) % {"count": total}
    )
    for found in results(page.translation_key, page.questions_list()):
        yield question_block(found)


def question_block(found: QuestionResult) -> Block:
    """One question with its counts, as a table; words are only counted."""
    n = ngettext(
        "Answered by %(count)d person", "Answered by %(count)d people", found.n
    ) % {"count": found.n}
    if found.question.kind == "text":
        return text(f"{found.question.label}\n{n}")
    return table(
        f"{found.question.label} ({n})",
        [_("Option"), pgettext("count", "Number"), _("Share")],
        [
            [each.option.label, each.count, share(each.count, found.n)]
            for each in found.options
        ],
        numeric=[1, 2],
        empty=_("Nothing to count."),
    )


def report_surveys(consultation, language: str) -> Iterable[Block]:
    """Every survey under a heading of its own, for part 4 (R-5.6.2d)."""
    for pages in by_language(consultation):
        page = survey_in(pages, language)
        yield heading(_("Survey: %(title)s") % {"title": page.title})
        yield from survey_blocks(page)


def surveys(consultation, bag: BagWriter) -> None:
    """Questions in each language and the counts by option and language."""
    for number, pages in enumerate(by_language(consultation), 1):
        name = f"03-participations/survey-{number}"
        bag.add_text(f"{name}.json", as_json(_record(pages)))
        for language, page in pages.items():
            with override(language):
                blocks = [text(plain(page.introduction)), *survey_blocks(page)]
            content = as_page(
                language, "package_survey.html", title=page.title, blocks=blocks
            )
            bag.add_text(f"{name}.{language}.html", content)


def _record(pages: dict[str, Any]) -> dict[str, Any]:
    first = next(iter(pages.values()))
    worded = {
        language: {question.id: question for question in page.questions_list()}
        for language, page in pages.items()
    }
    found = results(first.translation_key, first.questions_list(), by_language=True)
    return {
        "titles": {language: page.title for language, page in pages.items()},
        "introductions": {
            language: plain(page.introduction) for language, page in pages.items()
        },
        "responses": responses_by_language(first.translation_key),
        "questions": [asked(each, worded) for each in found],
    }


def asked(found: QuestionResult, worded: dict[str, dict]) -> dict[str, Any]:
    """One question in every language with its counts, as the package keeps it."""
    question = found.question
    same = {
        language: questions[question.id]
        for language, questions in worded.items()
        if question.id in questions
    }
    labels: dict[str, dict[str, str]] = {}
    for language, each in same.items():
        for option in each.options:
            labels.setdefault(option.id, {})[language] = option.label
    return {
        "id": question.id,
        "kind": question.kind,
        "required": question.required,
        "at_most": question.at_most,
        "labels": {language: each.label for language, each in same.items()},
        "help": {language: each.help_text for language, each in same.items()},
        "answered": found.n,
        "answered_by_language": found.languages,
        "options": [
            {
                "id": each.option.id,
                "labels": labels.get(each.option.id, {}),
                "number": each.count,
                "by_language": each.languages,
            }
            for each in found.options
        ],
    }
