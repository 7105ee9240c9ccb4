"""Changing one's own words until closing: the latest count, all are kept (R-7.5a)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import once, tools
from wagtail_eparticipation.participations.door import wording_digest
from wagtail_eparticipation.participations.models import (
    Participation,
    ParticipationRevision,
    State,
)
from wagtail_eparticipation.participations.same_words import words_key

#: States in which a participant may still change the words; a refused one may be
#: corrected (R-7.0.2d).
AMENDABLE = frozenset(
    {
        State.RECEIVED,
        State.PUBLISHED,
        State.UNPUBLISHED,
        State.REFUSED,
        State.QUARANTINED,
    }
)


#: What an amendment writes.
_WRITTEN = (
    "title",
    "text",
    "text_html",
    "links_released",
    "words_key",
    "data",
    "language",
    "publication",
    "public_name",
    "revision",
    "state",
    "once_key",
)


class TooLateToAmend(ValidationError):
    """The period is over, or the participation cannot be changed any more."""


class AnotherStands(ValidationError):
    """The same person has another one where only one may be (R-7.5a)."""


@dataclass(frozen=True)
class Changes:
    """What is to stand in place of what was sent, as a tool's form cleaned it.

    ``replace_rows(participation)`` puts rows that another room keeps, such as the
    answers of a survey, in place of the old ones; it runs in the same transaction and
    returns what stood before, or nothing when they were the same.
    """

    text: str = ""
    title: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    publication: str = ""
    public_name: str = ""
    replace_rows: Callable[[Participation], dict] | None = None
    #: Until when it may be changed, where that is before the topic's closing.
    until: datetime | None = None

    def words(self) -> tuple:
        """All that the register itself keeps."""
        return (
            self.text,
            self.title,
            self.data,
            self.language,
            self.publication,
            self.public_name,
        )


def _stands(row: Participation) -> Changes:
    return Changes(
        text=row.text,
        title=row.title,
        data=row.data,
        language=row.language,
        publication=row.publication,
        public_name=row.public_name,
    )


@transaction.atomic
def amend(participation: Participation, changes: Changes) -> Participation:
    """Put new words and choices in place of the old, which stay as an earlier wording.

    It waits for a moderator again; what was published leaves the discussion until
    then (AC-S3-B1). The same words and choices change nothing. The closing is judged
    by the database's clock with the window held. Raises :class:`TooLateToAmend`, or
    :class:`AnotherStands` where the person has another one in its place by now.
    """
    window = hold_shared(participation.consultation)
    now = clock.database_now()
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    in_time = window is not None and window.accepting and now < window.closes_at
    in_time = in_time and (changes.until is None or now < changes.until)
    if not in_time or locked.state not in AMENDABLE:
        raise TooLateToAmend(
            _(
                "This participation cannot be changed any more. Copy your new text"
                " if you want to keep it."
            ),
            code="too_late",
        )
    replaced = changes.replace_rows(locked) if changes.replace_rows else {}
    if changes.words() == _stands(locked).words() and not replaced:
        return locked
    ParticipationRevision.keep(locked, at=now, **replaced)
    before = locked.state
    locked.title, locked.text = changes.title, changes.text
    locked.data, locked.language = changes.data, changes.language
    locked.publication = changes.publication
    locked.public_name = changes.public_name
    locked.text_html = sanitize.clean_html(changes.text)
    locked.links_released = False
    locked.words_key = words_key(changes.text)
    locked.revision += 1
    if before != State.QUARANTINED:
        read = tools.is_read(locked.tool, locked.text)
        locked.state = State.RECEIVED if read else State.UNPUBLISHED
    locked.once_key = once.key_of(locked)
    _save(locked)
    record(
        locked.consultation,
        "participation.amended",
        at=now,
        data={
            "participation": str(locked.public_id),
            "revision": locked.revision,
            "from": before,
            "digest": wording_digest(locked),
        },
    )
    signals.participation_amended.send(
        sender=Participation, participation=locked, state_from=before, now=now
    )
    return locked


def _save(row: Participation) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=_WRITTEN)
    except IntegrityError:
        raise AnotherStands(
            _(
                "You have sent another one of the same kind, or with the same title,"
                " and one of yours counts. Change that one with its receipt code, or"
                " give this one another title."
            ),
            code="another",
        ) from None
