"""Changing one's own words until closing: the latest count, all are kept (R-7.5a)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.door import wording_digest
from wagtail_eparticipation.participations.models import (
    Participation,
    ParticipationRevision,
    State,
)

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


class TooLateToAmend(ValidationError):
    """The period is over, or the participation cannot be changed any more."""


@transaction.atomic
def amend(
    participation: Participation,
    *,
    text: str,
    title: str = "",
    data: dict | None = None,
    language: str = "",
) -> Participation:
    """Put new words in place of the old, which stay as an earlier wording.

    It waits for a moderator again; what was published leaves the discussion until
    then (AC-S3-B1). The same words change nothing. ``text``, ``title`` and ``data``
    are as a tool's form cleaned them; the closing is judged by the database's clock
    with the window held. Raises :class:`TooLateToAmend`.
    """
    window = hold_shared(participation.consultation)
    now = clock.database_now()
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    in_time = window is not None and window.accepting and now < window.closes_at
    if not in_time or locked.state not in AMENDABLE:
        raise TooLateToAmend(
            _(
                "This participation cannot be changed any more. Copy your new text"
                " if you want to keep it."
            ),
            code="too_late",
        )
    data = dict(data or {})
    if (locked.title, locked.text, locked.data) == (title, text, data):
        return locked
    ParticipationRevision.objects.create(
        participation=locked,
        number=locked.revision,
        title=locked.title,
        text=locked.text,
        data=locked.data,
        replaced_at=now,
    )
    before = locked.state
    locked.title, locked.text, locked.data = title, text, data
    locked.text_html = sanitize.clean_html(text)
    locked.language = language or locked.language
    locked.revision += 1
    if before != State.QUARANTINED:
        locked.state = State.RECEIVED
    locked.save(
        update_fields=[
            "title",
            "text",
            "text_html",
            "data",
            "language",
            "revision",
            "state",
        ]
    )
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
