"""The first steps on a receipt: received, looked at, shown or not."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import closing_words, instant_words
from wagtail_eparticipation.consultations.models import Origin
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.confirming import (
    is_too_late,
    too_late_words,
)
from wagtail_eparticipation.participations.models import Publication, State
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote

#: What each state means to the participant, but for the first, which depends on the
#: choice of publication; moderation adds the rule of a refusal.
_MEANINGS = {
    State.QUARANTINED: lambda: ReceiptNote(
        _("Waiting for review"),
        _("A moderator reads it first; it does not count until then."),
        done=False,
    ),
    State.PUBLISHED: lambda: ReceiptNote(_("Read and published")),
    State.UNPUBLISHED: lambda: ReceiptNote(
        _("Read, not published"), _("It counts and is studied with the others.")
    ),
    State.TAKEN_DOWN: lambda: ReceiptNote(
        _("Taken down"), _("It is not shown any more; it still counts.")
    ),
    State.REFUSED: lambda: ReceiptNote(_("Not accepted"), _("It does not count.")),
    State.REROUTED: lambda: ReceiptNote(_("Passed on to the complaint service")),
    State.WITHDRAWN: lambda: ReceiptNote(
        _("Withdrawn by you"), _("It is neither shown nor counted.")
    ),
    State.ROLLED_BACK: lambda: ReceiptNote(
        _("Taken back with its import"), _("It is neither shown nor counted.")
    ),
    State.MERGED: lambda: ReceiptNote(
        _("Counted with another participation of yours"),
        _("The same words reached us by another channel, too. They count once."),
    ),
    State.LATE: lambda: ReceiptNote(
        _("In the late box"), _("It is kept and not counted."), done=False
    ),
    State.REPLACED: lambda: ReceiptNote(
        _("Replaced by a later one"),
        _(
            "Of what one person or one invitation sends, the last counts; this one is"
            " kept and not shown."
        ),
    ),
    State.UNCONFIRMED: lambda: ReceiptNote(
        _("Waiting for confirmation"),
        _(
            "We sent a message to your address. It counts once you have followed the"
            " link in it, within 48 hours of that message."
        ),
        done=False,
    ),
}


def steps(participation, language: str) -> Iterable[ReceiptNote]:
    """Received, then what its state means, then what is still to come."""
    yield ReceiptNote(_("Received"), instant_words(participation.received_at, language))
    kept = participation.is_counted or participation.state == State.UNCONFIRMED
    if participation.late_reason and kept:
        yield ReceiptNote(
            _("Taken out of the late box"),
            _("It came late and was admitted with a recorded reason."),
        )
    if participation.state == State.RECEIVED:
        yield _waiting(participation)
    elif participation.state == State.UNCONFIRMED and is_too_late(
        participation, clock.now()
    ):
        yield ReceiptNote(_("Not confirmed in time"), too_late_words())
    elif participation.is_counted and not tools.get(participation.tool).reviewed:
        yield ReceiptNote(_("It counts"), _("Nobody has to read it before."))
    else:
        yield _MEANINGS[State(participation.state)]()


def _waiting(participation) -> ReceiptNote:
    shown = (
        tools.get(participation.tool).publishable
        and participation.publication != Publication.NOT_PUBLISHED
    )
    text = (
        _("A moderator reads it before it is shown. It counts already.")
        if shown
        else _("A moderator reads it; it is not shown. It counts already.")
    )
    return ReceiptNote(_("Waiting for review"), text, done=False)


def prolonged(participation, language: str) -> Iterable[ReceiptNote]:
    """That the topic is open for longer than when it came, and what that means for it
    (AC-S3-G1)."""
    consultation = participation.consultation
    window = getattr(consultation, "window", None)
    if window is None or window.period_id == participation.period_id:
        return
    titles = {
        Origin.EXTENSION: _("The period was extended"),
        Origin.REOPENING: _("The topic was opened again"),
    }
    title = titles.get(window.period.origin)
    if title is None or consultation.stage() != Stage.COLLECTING:
        return
    closing = {"closing": closing_words(window.closes_at, language)}
    if participation.is_counted:
        told = _(
            "People can now take part %(closing)s. What you sent remains valid and"
            " counted: you need not take part again."
        )
        yield ReceiptNote(title, told % closing)
    elif participation.state == State.LATE:
        told = _(
            "People can now take part %(closing)s. What you sent came before and stays"
            " in the late box: if you want it to count, take part again."
        )
        yield ReceiptNote(title, told % closing)


def ahead(participation, language: str) -> Iterable[ReceiptNote]:
    """The decision, as long as it is still to come."""
    stage = participation.consultation.stage()
    if participation.is_counted and stage in (
        Stage.COLLECTING,
        Stage.ANALYSING,
        Stage.DECIDED,
    ):
        yield ReceiptNote(
            _("Decision"),
            _("You can read here what was decided, with the answer to what you said."),
            done=False,
        )
