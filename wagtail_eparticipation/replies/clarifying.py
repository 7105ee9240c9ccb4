"""Publishing an answer for everybody, correcting, translating, withdrawing it.

Each is one transaction: the rows, the ledger with ids alone, the signal; caches are
purged once it is committed (R-5.3.1e, AC-S3-J4).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion.official import SPEAKING
from wagtail_eparticipation.languages import content_languages, missing_languages
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.replies import answering
from wagtail_eparticipation.replies.clarifications import (
    Clarification,
    ClarificationText,
    ClarificationVersion,
    PublicAnswer,
)
from wagtail_eparticipation.replies.models import OPEN, Case
from wagtail_eparticipation.replies.personal_data import Found, look_through
from wagtail_eparticipation.replies.purging import purge_later

TextState = ClarificationText.State

#: A question is one paragraph, not a letter.
QUESTION_LENGTH = 1000


class Refused(ValueError):
    """Nothing was published or changed; the message says why."""


class NeedsConfirming(Refused):
    """The advisers found places at which the desk has not looked yet."""

    def __init__(self, found: list[Found]):
        super().__init__(
            _("Look at the places that are listed; reword them or confirm.")
        )
        self.found = found


class HoldsPersonalData(Refused):
    """A question is not published with personal data of anybody in it."""

    def __init__(self, found: list[Found]):
        super().__init__(
            _("The question holds what must not be public. Reword the places listed.")
        )
        self.found = found


@dataclass(frozen=True)
class Words:
    """Question and answer in one language."""

    question: str
    answer: str


@dataclass(frozen=True)
class Published:
    """The clarification; ``repeated`` when this press had come before."""

    clarification: Clarification
    repeated: bool = False


def publish(
    consultation,
    words: Mapping[str, Words],
    *,
    original: str,
    actor,
    key: str,
    case: Case | None = None,
    confirmed: bool = False,
) -> Published:
    """Publish a question with its answer to all; once for one ``key``.

    ``words`` holds at least the ``original`` language; what is missing is marked as
    pending. ``confirmed`` says that the desk looked at what the advisers found. An
    open ``case`` is answered by it, in private with the same words. Raises
    ``PermissionDenied``, :class:`Refused`, or ``answering.NotPossible``.
    """
    access.require(actor, "reply", consultation)
    name = hashlib.sha256(f"clarified:{consultation.pk}:{key}".encode()).hexdigest()
    before = Clarification.objects.filter(idempotency_key=name).first()
    if before is not None:
        return Published(before, repeated=True)
    said = checked(consultation, words, original, confirmed=confirmed)
    try:
        with transaction.atomic():
            return Published(_publish(consultation, said, original, actor, name, case))
    except (IntegrityError, Refused, answering.NotPossible):
        # The same press came at the same moment, and the other one was first.
        before = Clarification.objects.filter(idempotency_key=name).first()
        if before is None:
            raise
        return Published(before, repeated=True)


def _publish(consultation, said, original, actor, name, case) -> Clarification:
    held = None
    if case is not None:
        held = answering.hold(case, actor)
        _require_source(held, consultation)
    now = _speaking_at(consultation)
    # Counted first: on MariaDB a new row holds its topic's row for reading, and two
    # that both hold it so cannot both go on to count there.
    _count(consultation.pk, +1)
    made = Clarification.objects.create(
        consultation=consultation,
        case=held,
        original_language=original,
        published_at=now,
        idempotency_key=name,
    )
    _write(made, said, actor, now)
    _note(made, "published", actor, now, languages=sorted(said))
    answered = held is not None and held.state in OPEN
    if answered:
        _answer(held, made, said, actor)
    signals.clarification_published.send(
        sender=Clarification, clarification=made, answered=answered, now=now
    )
    purge_later(consultation.pk, made.key)
    return made


def _require_source(case: Case, consultation) -> None:
    if case.consultation_id != consultation.pk:
        raise Refused(_("This enquiry belongs to another topic."))
    if case.clarifications.filter(withdrawn_at=None).exists():
        raise Refused(
            _("This enquiry was published as a clarification before; correct that.")
        )


def _answer(case: Case, made: Clarification, said: Mapping[str, Words], actor) -> None:
    """The sender's private copy, in their language where there is one."""
    short = case.language.split("-")[0]
    language = next(
        (code for code in said if code.split("-")[0] == short), made.original_language
    )
    answer = answering.answer(case, said[language].answer, actor=actor)
    if answer.language != language:
        answer.language = language
        answer.save(update_fields=["language"])
    PublicAnswer.objects.create(answer=answer, clarification=made)


def correct(
    clarification: Clarification,
    words: Mapping[str, Words],
    *,
    reason: Mapping[str, str],
    expected: int,
    actor,
    confirmed: bool = False,
) -> Clarification:
    """Put a new version in force, with a public note; the earlier ones are kept.

    ``expected`` is the version that the desk had before it: of two who correct at the
    same time one is told to look again.
    """
    consultation = clarification.consultation
    access.require(actor, "reply", consultation)
    original = clarification.original_language
    said = checked(consultation, words, original, confirmed=confirmed)
    _require_reason(reason)
    with transaction.atomic():
        held = _hold(clarification)
        if held.version != expected:
            raise Refused(
                _("Somebody corrected this meanwhile. Look at the new version first.")
            )
        if said == current_words(held):
            raise Refused(_("No word was changed."))
        now = _speaking_at(consultation)
        held.version += 1
        held.corrected_at = now
        held.save(update_fields=["version", "corrected_at"])
        _write(held, said, actor, now, reason)
        _note(held, "corrected", actor, now, languages=sorted(said))
        purge_later(consultation.pk, held.key)
    return held


@transaction.atomic
def translate(
    clarification: Clarification,
    language: str,
    words: Words,
    *,
    expected: int,
    actor,
    confirmed: bool = False,
) -> ClarificationText:
    """Add a language to the version in force; nothing is published anew."""
    consultation = clarification.consultation
    access.require(actor, "reply", consultation)
    said = checked(consultation, {language: words}, language, confirmed=confirmed)
    held = _hold(clarification)
    if held.version != expected:
        raise Refused(
            _("Somebody corrected this meanwhile. Look at the new version first.")
        )
    version = held.versions.get(number=held.version)
    if version.texts.filter(language=language).exists():
        raise Refused(_("This language is there already; correct it instead."))
    now = _speaking_at(consultation)
    made = ClarificationText.objects.create(
        version=version,
        language=language,
        question=said[language].question,
        answer=said[language].answer,
        answer_html=sanitize.clean_html(said[language].answer),
        state=TextState.TRANSLATED,
        written_at=now,
        written_by=actor,
    )
    _note(held, "translated", actor, now, languages=[language])
    purge_later(consultation.pk, held.key)
    return made


@transaction.atomic
def withdraw(
    clarification: Clarification, *, reason: Mapping[str, str], actor
) -> Clarification:
    """Leave a tombstone with date and reason in its place, at any stage.

    What must not be read has to go after the closing as well; a sealed package that
    holds it is not given out any more.
    """
    consultation = clarification.consultation
    access.require(actor, "reply", consultation)
    _require_reason(reason)
    held = _hold(clarification)
    now = clock.database_now()
    held.withdrawn_at, held.withdrawn_by = now, actor
    held.withdrawal_reason = dict(reason)
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _count(consultation.pk, -1)
    _note(held, "withdrawn", actor, now)
    signals.clarification_withdrawn.send(
        sender=Clarification, clarification=held, now=now
    )
    purge_later(consultation.pk, held.key)
    return held


def current_words(clarification: Clarification) -> dict[str, Words]:
    """Question and answer of the version in force, by language."""
    texts = ClarificationText.objects.filter(
        version__clarification=clarification, version__number=clarification.version
    )
    return {each.language: Words(each.question, each.answer) for each in texts}


def would_change(clarification: Clarification, words: Mapping[str, Words]) -> bool:
    """Whether any of ``words`` is not what stands there, spaces aside."""
    there = current_words(clarification)
    return any(
        code not in there or _bare(given) != _bare(there[code])
        for code, given in words.items()
        if given.question.strip() or given.answer.strip()
    )


def _bare(words: Words) -> tuple[str, str]:
    return " ".join(words.question.split()), " ".join(words.answer.split())


def checked(
    consultation, words: Mapping[str, Words], original: str, *, confirmed: bool
) -> dict[str, Words]:
    """The words as they are stored; refused where something is missing or private."""
    codes = [code for code, _name in content_languages()]
    said = {}
    for code in codes:
        given = words.get(code)
        if given is None or not (given.question.strip() or given.answer.strip()):
            continue
        question = sanitize.plain(given.question, max_length=QUESTION_LENGTH)
        answer = sanitize.plain(given.answer, max_length=get_setting("MAX_TEXT_LENGTH"))
        if not (question and answer):
            raise Refused(_("Write both the question and its answer."))
        said[code] = Words(question, answer)
    if original not in said:
        raise Refused(_("Write question and answer in the original language."))
    found = look_through(consultation, said)
    if any(each.blocks for each in found):
        raise HoldsPersonalData(found)
    if found and not confirmed:
        raise NeedsConfirming(found)
    return said


def _require_reason(reason: Mapping[str, str]) -> None:
    if missing_languages(reason):
        raise Refused(_("Give the reason in every language."))


def _hold(clarification: Clarification) -> Clarification:
    held = Clarification.objects.select_for_update().get(pk=clarification.pk)
    if held.is_withdrawn:
        raise Refused(_("This clarification was withdrawn."))
    return held


def _speaking_at(consultation) -> datetime:
    now = clock.database_now()
    if consultation.stage(now) not in SPEAKING:
        raise Refused(
            _("At its present stage this topic takes no clarifications any more.")
        )
    return now


def _write(made: Clarification, said, actor, now: datetime, reason=None) -> None:
    version = ClarificationVersion.objects.create(
        clarification=made,
        number=made.version,
        reason=dict(reason or {}),
        published_at=now,
        published_by=actor,
    )
    ClarificationText.objects.bulk_create(
        ClarificationText(
            version=version,
            language=language,
            question=words.question,
            answer=words.answer,
            answer_html=sanitize.clean_html(words.answer),
            state=(
                TextState.ORIGINAL
                if language == made.original_language
                else TextState.TRANSLATED
            ),
            written_at=now,
            written_by=actor,
        )
        for language, words in said.items()
    )


def _count(consultation_id: int, change: int) -> None:
    Consultation.objects.filter(pk=consultation_id).update(
        clarification_count=F("clarification_count") + change
    )


def _note(made: Clarification, what: str, actor, now: datetime, **data) -> None:
    content = {"clarification": str(made.public_id), "version": made.version, **data}
    record(
        made.consultation, f"clarification.{what}", actor=actor, at=now, data=content
    )
