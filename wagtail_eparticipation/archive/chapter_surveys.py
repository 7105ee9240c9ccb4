"""The surveys of a topic, with what was answered, for part 4 and for the package.

A response's public form is its share in the counts, without figures of few people.
Words in answers were not put before a moderator for publication, so neither shows them.
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
    isolate,
    note,
    share,
    table,
    text,
)
from wagtail_eparticipation.archive.request_blocks import plain
from wagtail_eparticipation.surveys import outcomes
from wagtail_eparticipation.surveys.following import giving_away
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.presentation import not_representative
from wagtail_eparticipation.surveys.questions import counted_in
from wagtail_eparticipation.surveys.results import (
    QuestionResult,
    responses_by_language,
    results,
)
from wagtail_eparticipation.surveys.suppression import WITHHELD_BELOW, split
from wagtail_eparticipation.surveys.versions import asked_ever


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
    yield note(not_representative())
    found = results(page.translation_key, asked_ever(page))
    gone = giving_away(found, page.parts_list())
    for each in found:
        withheld = each.question.id in gone
        shown = outcomes.table(each, public=True, withheld=withheld)
        yield from outcome_blocks(shown)


def outcome_blocks(shown: dict[str, Any]) -> Iterable[Block]:
    """One question as ``surveys.outcomes.table`` has it for the public."""
    caption = f"{shown['caption']} ({shown['n_text']})"
    if shown["kind"] in ("words", "few"):
        yield text(f"{shown['caption']}\n{shown['n_text']}")
    elif shown["kind"] == "matrix":
        yield table(
            caption,
            [_("What is rated"), *shown["columns"]],
            [
                [
                    line["label"],
                    *(isolate(cell["share_text"]) for cell in line["cells"]),
                ]
                for line in shown["lines"]
            ],
            numeric=list(range(1, len(shown["columns"]) + 1)),
        )
    elif shown["kind"] == "ranking":
        yield table(
            caption,
            [_("Option"), _("Mean place"), *shown["columns"]],
            [
                [
                    line["label"],
                    line["mean"],
                    *(cell["count"] for cell in line["cells"]),
                ]
                for line in shown["lines"]
            ],
            numeric=list(range(1, len(shown["columns"]) + 2)),
        )
    else:
        yield table(
            caption,
            [_("Answer"), pgettext("count", "Number"), _("Share")],
            [
                [row["label"], row["count"], isolate(row["share_text"])]
                for row in shown["rows"]
            ],
            numeric=[1, 2],
            empty=_("Nothing to count."),
        )
    if shown.get("summary"):
        pairs = (f"{each['label']}: {each['value']}" for each in shown["summary"])
        yield text("\n".join(pairs))
    if shown["note"]:
        yield note(shown["note"])


def question_block(found: QuestionResult) -> Block:
    """One poll with its counts, as a table."""
    n = ngettext(
        "Answered by %(count)d person", "Answered by %(count)d people", found.n
    ) % {"count": found.n}
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
        language: {each.id: each for each in counted_in(asked_ever(page))}
        for language, page in pages.items()
    }
    found = results(first.translation_key, asked_ever(first), by_language=True)
    gone = giving_away(found, first.parts_list())
    return {
        "titles": {language: page.title for language, page in pages.items()},
        "introductions": {
            language: plain(page.introduction) for language, page in pages.items()
        },
        "responses": responses_by_language(first.translation_key),
        "questions": [
            asked(part, worded, protected=True, withheld=each.question.id in gone)
            for each in found
            for part in each.parts
        ],
    }


def asked(
    found: QuestionResult,
    worded: dict[str, dict],
    *,
    protected: bool = False,
    withheld: bool = False,
) -> dict[str, Any]:
    """One question in every language with its counts, as the package keeps it.

    What is withheld of the split by language is ``null`` (AC-S3-L5); ``protected``, so
    are the figures of few people over all languages, and then the whole split. So is
    all of a question that is ``withheld``.
    """
    question = found.question
    small = outcomes.small_options(found) if protected else set()
    few = withheld or (protected and 0 < found.n < WITHHELD_BELOW)
    if withheld:
        small = set(range(len(found.options)))
    hidden = split(
        {each.option.id: each.groups for each in found.options},
        found.groups,
        one_each=question.kind != "multiple",
    )
    whole = hidden.whole or bool(small) or few
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
        "answered": None if few else found.n,
        "answered_by_language": {
            language: None if whole or language in hidden.groups else number
            for language, number in found.languages.items()
        },
        "options": [
            {
                "id": each.option.id,
                "labels": labels.get(each.option.id, {}),
                "number": None if place in small else each.count,
                "by_language": {
                    language: None
                    if whole or (each.option.id, language) in hidden.cells
                    else each.languages.get(language, 0)
                    for language in found.languages
                },
            }
            for place, each in enumerate(found.options)
        ],
    }
