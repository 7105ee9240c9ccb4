"""Public versions of a survey's questions: what was corrected when, and why (R-4.1c).

Before the first response everything may change and there are no versions. The first
correction makes version 1, what was asked until then, and version 2. A language that
follows later joins the version that it agrees with. Drafts make none.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from wagtail_eparticipation import clock
from wagtail_eparticipation.languages import direction
from wagtail_eparticipation.surveys import agreement
from wagtail_eparticipation.surveys.frozen import frozen, kinds_in, thawed
from wagtail_eparticipation.surveys.models import SurveyVersion
from wagtail_eparticipation.surveys.questions import Question

__all__ = ["current_number", "earlier", "frozen", "with_earlier"]


def versions_of(survey_key: UUID) -> list[SurveyVersion]:
    """All versions, the first one first; none before the first correction."""
    return list(SurveyVersion.objects.filter(survey_key=survey_key).order_by("number"))


def current_number(survey_key: UUID) -> int:
    """The version that is answered now; one query."""
    numbers = SurveyVersion.objects.filter(survey_key=survey_key).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 1


def in_force(page) -> list:
    """The languages of a survey that people may answer, as they are stored."""
    return [
        each for each in agreement.versions_of(page) if each.live and not each.withheld
    ]


def keep_first(page) -> None:
    """Before an answered survey is saved otherwise: freeze what was asked so far.

    Does nothing when it asks the same, was never answered, or has versions already.
    """
    stored = in_force(page)
    own = next((each for each in stored if each.pk == page.pk), None)
    if own is None or frozen(own) == frozen(page):
        return
    key = page.translation_key
    if not agreement.is_answered(key) or versions_of(key):
        return
    published = [each.first_published_at for each in stored if each.first_published_at]
    _make(key, 1, stored, notes={}, at=min(published, default=clock.now()))


def record(page, user=None) -> None:
    """After ``page`` was published: make the next version if it asks otherwise.

    Reads what is stored now, holding the survey's first version: of two editors who
    publish at once, the later one continues where the earlier one ended.
    """
    key = page.translation_key
    with transaction.atomic():
        first = SurveyVersion.objects.select_for_update().filter(survey_key=key)
        if not list(first.filter(number=1)):
            return
        latest = first.order_by("-number")[:1].get()
        pages = in_force(page)
        now = {each.locale.language_code: frozen(each) for each in pages}
        changed = {
            code
            for code, asked in now.items()
            if latest.questions.get(code, asked) != asked
        }
        if changed:
            notes = _notes(pages, changed)
            _make(key, latest.number + 1, pages, notes=notes, at=clock.now(), by=user)
        elif joined := now.keys() - latest.questions.keys():
            latest.questions |= {code: now[code] for code in joined}
            if latest.number > 1:
                said = {code: last_note(key, code) for code in joined}
                notes = _notes(pages, joined)
                new = {code: note for code, note in notes.items() if note != said[code]}
                latest.notes = new | latest.notes
            latest.save(update_fields=["questions", "notes"])


def _notes(pages, codes: Iterable[str]) -> dict[str, str]:
    notes = {each.locale.language_code: each.correction.strip() for each in pages}
    return {code: notes[code] for code in sorted(codes) if notes[code]}


def _make(key: UUID, number: int, pages, *, notes, at: datetime, by=None) -> None:
    questions = {each.locale.language_code: frozen(each) for each in pages}
    try:
        with transaction.atomic():
            SurveyVersion.objects.create(
                survey_key=key,
                number=number,
                notes=notes,
                questions=questions,
                made_at=at,
                made_by=by,
            )
    except IntegrityError:
        # Somebody else has just made the same one.
        return


def last_note(survey_key: UUID, language: str) -> str:
    """What was last said to be corrected in a language; empty before a correction."""
    notes = [each.notes.get(language) for each in versions_of(survey_key)]
    return next((note for note in reversed(notes) if note), "")


def kinds_asked(survey_key: UUID) -> dict[str, str]:
    """The kind of everything that any version asked, by its id."""
    return {
        key: kind
        for version in versions_of(survey_key)
        for asked in version.questions.values()
        for key, kind in kinds_in(asked).items()
    }


def earlier(survey_key: UUID, language: str = "") -> list[Question]:
    """Every question that any version asked, with all options and rows it ever had.

    In the words of ``language`` where it was worded, else of any; the latest words
    count. Empty before the first correction. One query.
    """
    made = versions_of(survey_key)[::-1]
    own = [version.questions.get(language, []) for version in made]
    any_language = [asked for each in made for asked in each.questions.values()]
    found: dict[str, Question] = {}
    for asked in [*own, *any_language]:
        for question in thawed(asked):
            known = found.get(question.id)
            found[question.id] = _joined(known, question) if known else question
    return list(found.values())


def with_earlier(
    questions: Iterable[Question], before: Iterable[Question]
) -> list[Question]:
    """Today's questions with what only an earlier version had: for results and lists.

    Options and rows that were taken out follow the others of their question, questions
    that were taken out follow the others. ``before`` is what :func:`earlier` gives.
    """
    old = {question.id: question for question in before}
    found = [_joined(each, old.pop(each.id, each)) for each in questions]
    return [*found, *old.values()]


def _joined(question: Question, other: Question) -> Question:
    def join(own, further):
        known = {each.id for each in own}
        return (*own, *(each for each in further if each.id not in known))

    return replace(
        question,
        options=join(question.options, other.options),
        rows=join(question.rows, other.rows),
    )


def asked_ever(page) -> list[Question]:
    """The questions of a survey, and those that only an earlier version had.

    No query before the first correction, which leaves its note on the page.
    """
    if not page.correction:
        return page.questions_list()
    before = earlier(page.translation_key, page.locale.language_code)
    return with_earlier(page.questions_list(), before)


def told(page) -> dict[str, Any] | None:
    """For the public page: the version in force with its note, and the earlier ones.

    ``None`` before the first correction. One query.
    """
    made = versions_of(page.translation_key)
    if len(made) < 2:
        return None
    *before, latest = (_told(each, page.locale.language_code) for each in made)
    return {**latest, "earlier": before[::-1]}


def _of(texts: dict[str, Any], language: str) -> str:
    """A language that ``texts`` has, ``language`` if it can be."""
    return language if language in texts else next(iter(texts), language)


def _told(version: SurveyVersion, language: str) -> dict[str, Any]:
    """One version in words, in ``language`` or else in one that it has."""
    worded = (
        language if language in version.questions else next(iter(version.questions))
    )
    note = (
        language if language in version.notes else next(iter(version.notes), language)
    )
    return {
        "number": version.number,
        "since": version.made_at,
        "note": version.notes.get(note, ""),
        "note_language": note,
        "note_direction": direction(note),
        "language": worded,
        "direction": direction(worded),
        "questions": thawed(version.questions[worded]),
    }
