"""The same words by two channels: a human says whether it is one person (R-7.5e).

Nothing is merged by a machine. An imported voice whose words equal those of another
channel is proposed; "the same person" takes it out of the counts beside the voice that
stays, until that is undone.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.matches import PersonMatch
from wagtail_eparticipation.participations.models import (
    COUNTED,
    Participation,
    State,
)

#: Once a decision is recorded its basis does not change any more.
MATCHING_STAGES = frozenset({Stage.COLLECTING, Stage.ANALYSING})
#: How many voices of one channel are shown beside an imported one.
SHOWN = 5


class CannotMatch(ValueError):
    """Nothing was recorded; the message says why."""


def proposals(consultation) -> QuerySet[Participation]:
    """Imported voices that may be somebody's second, of whom nobody has judged yet.

    What yields is always the imported voice, or of two imported ones the later: the
    other one carries its author's own consent, receipt and choices.
    """
    other = Participation.objects.filter(
        consultation=consultation,
        words_key=OuterRef("words_key"),
        state__in=COUNTED,
    ).exclude(channel=OuterRef("channel"))
    other = other.filter(Q(batch="") | Q(pk__lt=OuterRef("pk")))
    return Participation.objects.filter(
        Exists(other),
        consultation=consultation,
        words_key__gt="",
        batch__gt="",
        state__in=COUNTED,
        person_match=None,
    ).order_by("id")


def others_of(
    consultation, rows: Iterable[Participation]
) -> dict[int, list[Participation]]:
    """For each proposed row the voices it may repeat, a few of each channel; one query.

    A text that thousands sent alike is a campaign, and nobody can tell them apart.
    """
    rows = list(rows)
    found = (
        Participation.objects.filter(
            consultation=consultation,
            words_key__in={row.words_key for row in rows},
            state__in=COUNTED,
        )
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("words_key"), F("channel")],
                order_by=F("id").asc(),
            )
        )
        .filter(place__lte=SHOWN)
        .order_by("id")
    )
    by_words: dict[str, list[Participation]] = defaultdict(list)
    for each in found if rows else ():
        by_words[each.words_key].append(each)
    return {
        row.pk: [each for each in by_words[row.words_key] if _fits(row, each)]
        for row in rows
    }


def _fits(row: Participation, other: Participation) -> bool:
    return (
        row.channel != other.channel
        and row.words_key == other.words_key
        and other.is_counted
        and (not other.batch or other.pk < row.pk)
    )


@transaction.atomic
def same_person(row: Participation, other: Participation, *, actor) -> PersonMatch:
    """Count two voices as one: the imported ``row`` leaves the counts.

    Raises :class:`CannotMatch` unless it was proposed and ``other`` still counts.
    """
    now, held = _hold(row, actor)
    beside = Participation.objects.select_for_update().get(pk=other.pk)
    if beside.consultation_id != held.consultation_id or not _fits(held, beside):
        raise CannotMatch(_("One of the two was changed meanwhile; look again."))
    match = PersonMatch.objects.create(
        consultation=held.consultation,
        participation=held,
        same_as=beside,
        state_before=held.state,
        decided_by=actor,
        decided_at=now,
    )
    held.state = State.MERGED
    held.save(update_fields=["state"])
    _tell(held, now)
    _note(match, "participation.same_person", actor, now)
    if match.state_before == State.PUBLISHED:
        signals.participation_withdrawn.send(
            sender=Participation,
            participation=held,
            state_from=match.state_before,
            now=now,
        )
    return match


@transaction.atomic
def different_people(row: Participation, *, actor) -> PersonMatch:
    """Note that a proposed row is a voice of its own; it is not proposed again."""
    now, held = _hold(row, actor)
    match = PersonMatch.objects.create(
        consultation=held.consultation,
        participation=held,
        state_before=held.state,
        decided_by=actor,
        decided_at=now,
    )
    _note(match, "participation.different_people", actor, now)
    return match


def _hold(row: Participation, actor):
    consultation = row.consultation
    access.require(actor, "moderate", consultation)
    hold_shared(consultation)
    now = clock.database_now()
    _require_stage(consultation, now)
    held = Participation.objects.select_for_update().get(pk=row.pk)
    held.consultation = consultation
    judged = PersonMatch.objects.filter(participation=held).exists()
    if judged or not held.batch or not held.is_counted:
        raise CannotMatch(_("One of the two was changed meanwhile; look again."))
    return now, held


def _require_stage(consultation, now) -> None:
    if consultation.stage(now) not in MATCHING_STAGES:
        raise CannotMatch(
            _("The decision is recorded; the basis of it does not change any more.")
        )


@transaction.atomic
def undo(match: PersonMatch, *, actor) -> Participation:
    """Take a judgement back: the row counts again and is proposed again.

    What had been published waits for a moderator before it is shown again.
    """
    consultation = match.consultation
    access.require(actor, "moderate", consultation)
    hold_shared(consultation)
    now = clock.database_now()
    _require_stage(consultation, now)
    held = PersonMatch.objects.select_for_update().filter(pk=match.pk).first()
    if held is None:
        raise CannotMatch(_("This was undone already."))
    return _release(held, actor, now)


def release(rows: QuerySet[Participation], *, actor, now) -> None:
    """Let go of voices that were counted with these, which leave the register."""
    # Named by a query of its own, for MariaDB reads no table that it changes.
    matches = PersonMatch.objects.filter(
        same_as__in=rows, participation__state="merged"
    )
    for match in matches.select_related("participation", "consultation"):
        _release(match, actor, now)


def _release(match: PersonMatch, actor, now) -> Participation:
    row = Participation.objects.select_for_update().get(pk=match.participation_id)
    row.consultation = match.consultation
    if row.state == State.MERGED:
        published = match.state_before == State.PUBLISHED
        row.state = State.RECEIVED if published else match.state_before
        row.save(update_fields=["state"])
        _tell(row, now)
    _note(match, "participation.match_undone", actor, now)
    match.delete()
    return row


def _tell(row: Participation, now) -> None:
    signals.counting_changed.send(
        sender=Participation,
        participations=Participation.objects.filter(pk=row.pk),
        now=now,
    )


def _note(match: PersonMatch, kind: str, actor, now) -> None:
    same_as = match.same_as
    record(
        match.consultation,
        kind,
        actor=actor,
        at=now,
        data={
            "participation": str(match.participation.public_id),
            "same_as": str(same_as.public_id) if same_as else "",
            "state_before": match.state_before,
        },
    )
