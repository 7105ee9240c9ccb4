"""What a survey asked, over all its languages and public versions: its codebook.

Names and codes go by position: the questions of the first version come first, what a
later version added comes after them. So a correction gives nothing another name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import override

from wagtail_eparticipation.surveys import asked_before, condition_words
from wagtail_eparticipation.surveys.models import SurveyVersion
from wagtail_eparticipation.surveys.questions import (
    Option,
    Part,
    Question,
)

#: The codes of an answer that is said rather than numbered.
_YES_NO = {"yes": 1, "no": 0}


@dataclass
class AskedOption:
    """An option, or a row of a matrix; ``labels`` and ``hints`` are by language.

    ``code`` is the number by which it stands in files for statistics: its place, the
    step of a scale, 1 for yes and 0 for no.
    """

    id: str
    code: int
    limit: int | None = None
    labels: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    versions: list[int] = field(default_factory=list)


@dataclass
class AskedQuestion:
    """A question; ``asked`` is it as it was asked last, in the leading language.

    ``name`` is that of its variables, such as ``q01``; ``parts`` and ``conditions``
    say by language on which page and when it was shown.
    """

    name: str
    asked: Question
    labels: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    options: dict[str, AskedOption] = field(default_factory=dict)
    rows: dict[str, AskedOption] = field(default_factory=dict)
    versions: list[int] = field(default_factory=list)


@dataclass
class Version:
    """A public version: its number, when it was made (ISO), what it corrects."""

    number: int
    made_at: str = ""
    notes: dict[str, str] = field(default_factory=dict)


@dataclass
class Codebook:
    """All that a reader of the answers needs; the leading language is the first."""

    survey_key: UUID
    reference: str
    visibility: str
    titles: dict[str, str]
    languages: list[str]
    versions: list[Version]
    questions: list[AskedQuestion]

    def text(self, labels: dict[str, str], language: str) -> str:
        """A text in ``language``, else in the first language that has it."""
        for code in (language, *self.languages):
            if labels.get(code):
                return labels[code]
        return next((text for text in labels.values() if text), "")


def codebook_of(pages: Sequence) -> Codebook:
    """The codebook of the survey of which ``pages`` are the languages; one query.

    The first one leads that is shown to the public, else the first one.
    """
    leader = next((page for page in pages if page.live and not page.withheld), pages[0])
    ordered = [leader, *(page for page in pages if page.pk != leader.pk)]
    kept = list(SurveyVersion.objects.filter(survey_key=leader.translation_key))
    asked: dict[str, AskedQuestion] = {}
    for version in kept:
        for place, (language, questions) in enumerate(_leading_first(version, leader)):
            part = Part("", items=tuple(questions))
            with override(language):
                _add(asked, version.number, language, [part], leads=not place)
    current = kept[-1].number if kept else 1
    for page in ordered:
        language = _language(page)
        with override(language):
            parts = page.parts_list()
            _add(asked, current, language, parts, leads=page is leader)
    return Codebook(
        survey_key=leader.translation_key,
        reference=getattr(leader.consultation, "reference", ""),
        visibility=leader.results_visibility,
        titles={_language(page): page.title for page in ordered},
        languages=[_language(page) for page in ordered],
        versions=[
            Version(each.number, each.made_at.isoformat(), dict(each.notes or {}))
            for each in kept
        ]
        or [Version(1)],
        questions=list(asked.values()),
    )


def _language(page) -> str:
    return page.locale.language_code


def _leading_first(version, leader) -> list[tuple[str, list[Question]]]:
    found = asked_before.questions_of(version.questions)
    return sorted(found.items(), key=lambda pair: pair[0] != _language(leader))


def _add(
    asked: dict[str, AskedQuestion],
    version: int,
    language: str,
    parts: Iterable[Part],
    *,
    leads: bool,
) -> None:
    """Add what a version asked; a language that does not lead only words it."""
    for part, question, condition in _worded(list(parts)):
        entry = asked.get(question.id)
        if entry is None:
            if not leads:
                continue
            entry = AskedQuestion(f"q{len(asked) + 1:02}", question)
            asked[question.id] = entry
        if leads:
            entry.asked = question
            _note(entry.versions, version)
        entry.labels[language] = question.label
        entry.units[language] = question.unit
        entry.parts[language] = part.title or entry.parts.get(language, "")
        entry.conditions[language] = condition
        _merge(entry.options, question.options, question.kind, version, language, leads)
        _merge(entry.rows, question.rows, question.kind, version, language, leads)


def _worded(parts: list[Part]):
    """Each question with its part and, in words, when it is shown."""
    questions = [each for part in parts for each in part.questions]
    for part in parts:
        for question in part.questions:
            conditions = (
                condition_words.sentence(each, questions)
                for each in (part.show_if, question.show_if)
                if each is not None and each.rules
            )
            yield part, question, "; ".join(conditions)


def _merge(known, given: tuple[Option, ...], kind, version, language, leads) -> None:
    for option in given:
        entry = known.get(option.id)
        if entry is None:
            if not leads:
                continue
            entry = AskedOption(option.id, _code(option.id, kind, len(known) + 1))
            known[option.id] = entry
        if leads:
            entry.limit = option.limit
            _note(entry.versions, version)
        entry.labels[language] = option.label
        if option.hint:
            entry.hints[language] = option.hint


def _code(option_id: str, kind: str, place: int) -> int:
    if kind == "yes_no":
        return _YES_NO.get(option_id, place)
    if kind == "scale" and option_id.lstrip("-").isdigit():
        return int(option_id)
    return place


def _note(versions: list[int], version: int) -> None:
    if version not in versions:
        versions.append(version)
