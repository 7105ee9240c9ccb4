"""Putting participations to themes, or setting them aside with a ground."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.models import SetAside, Theme, ThemeAssignment
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.models import Participation

#: While collecting, assignments are preliminary; after the decision they are frozen.
OPEN_STAGES = frozenset({Stage.COLLECTING, Stage.ANALYSING})

BATCH = 500


class NotNow(ValueError):
    """The consultation's stage does not allow the analysis to be changed."""


class NoGround(ValueError):
    """A participation was to be set aside without its full ground (P-6.3.1)."""


def require_open(consultation: Consultation) -> None:
    """Raise :class:`NotNow` unless participations can be put to themes now."""
    stage = consultation.stage()
    if stage not in OPEN_STAGES:
        raise NotNow(
            _("The analysis cannot be changed in this stage: %(stage)s.")
            % {"stage": stage.label}
        )


@transaction.atomic
def assign(theme: Theme, participations: Iterable[int], *, actor) -> int:
    """Put counted participations, by id, to a theme; returns how many are new.

    Ids of other consultations and of participations that are not counted are passed
    over. What was set aside no longer is: it has been read now.
    """
    consultation = theme.consultation
    ids = _counted_ids(consultation, participations, actor)
    present = set(
        theme.assignments.filter(participation_id__in=ids).values_list(
            "participation_id", flat=True
        )
    )
    fresh = [pk for pk in ids if pk not in present]
    now = clock.database_now()
    ThemeAssignment.objects.bulk_create(
        [
            ThemeAssignment(theme=theme, participation_id=pk, by=actor, at=now)
            for pk in fresh
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    SetAside.objects.filter(participation_id__in=fresh).delete()
    if fresh:
        _note(consultation, "theme_assigned", actor, now, fresh, theme=theme.pk)
    return len(fresh)


@transaction.atomic
def unassign(theme: Theme, participations: Iterable[int], *, actor) -> int:
    """Take participations off a theme again; returns how many."""
    consultation = theme.consultation
    ids = _counted_ids(consultation, participations, actor)
    rows = theme.assignments.filter(participation_id__in=ids)
    gone = list(rows.values_list("participation_id", flat=True))
    rows.delete()
    if gone:
        now = clock.database_now()
        _note(consultation, "theme_unassigned", actor, now, gone, theme=theme.pk)
    return len(gone)


@transaction.atomic
def set_aside(
    consultation: Consultation,
    participations: Iterable[int],
    *,
    ground: str,
    actor,
    representative: Participation | None = None,
    sample_size: int | None = None,
    method: str = "",
) -> int:
    """Record that participations were not reviewed individually (R-6.3.1b).

    Repetition needs the participation that was read for them, which must not be set
    aside itself; volume needs the size of the sample and how it was drawn. Raises
    :class:`NoGround` otherwise. Participations with a theme are passed over.
    """
    ids = _counted_ids(consultation, participations, actor)
    if ground == SetAside.Ground.REPETITION:
        _check_representative(consultation, representative)
        ids = [pk for pk in ids if pk != representative.pk]
        sample_size, method = None, ""
    elif ground == SetAside.Ground.VOLUME:
        if not sample_size or not method.strip():
            raise NoGround(
                _("Give the size of the sample and how it was drawn (P-6.3.1).")
            )
        total = consultation.participations.counted().count()
        if sample_size > total:
            raise NoGround(
                _("The sample is larger than the topic, which has %(total)d texts.")
                % {"total": total}
            )
        representative = None
    else:
        raise NoGround(_("Choose one of the two grounds of P-6.3.1."))
    done = set(
        ThemeAssignment.objects.filter(participation_id__in=ids).values_list(
            "participation_id", flat=True
        )
    ) | set(
        SetAside.objects.filter(participation_id__in=ids).values_list(
            "participation_id", flat=True
        )
    )
    fresh = [pk for pk in ids if pk not in done]
    now = clock.database_now()
    SetAside.objects.bulk_create(
        [
            SetAside(
                participation_id=pk,
                ground=ground,
                representative=representative,
                sample_size=sample_size,
                method=method.strip(),
                by=actor,
                at=now,
            )
            for pk in fresh
        ],
        batch_size=BATCH,
    )
    if fresh:
        _note(
            consultation,
            "set_aside",
            actor,
            now,
            fresh,
            ground=str(ground),
            representative=representative and representative.pk,
            sample_size=sample_size,
        )
    return len(fresh)


@transaction.atomic
def take_back(consultation, participations: Iterable[int], *, actor) -> int:
    """Undo :func:`set_aside`; the participations are open again."""
    ids = _counted_ids(consultation, participations, actor)
    rows = SetAside.objects.filter(participation_id__in=ids)
    gone = list(rows.values_list("participation_id", flat=True))
    rows.delete()
    if gone:
        _note(consultation, "set_aside_undone", actor, clock.database_now(), gone)
    return len(gone)


def _counted_ids(consultation, participations, actor) -> list[int]:
    """Locked against the decision; checked for duty and stage; in order."""
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    access.require(actor, "analyse", consultation)
    consultation.refresh_from_db(fields=["stored_stage"])
    require_open(consultation)
    return list(
        Participation.objects.filter(
            consultation=consultation, pk__in=list(participations)
        )
        .counted()
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _check_representative(consultation, representative) -> None:
    if representative is None or representative.consultation_id != consultation.pk:
        raise NoGround(_("Name the participation that was read for them (P-6.3.1)."))
    if SetAside.objects.filter(participation=representative).exists():
        raise NoGround(
            _("The participation %(number)s was itself not reviewed individually.")
            % {"number": representative.number}
        )


def _note(consultation, kind, actor, now, ids, **data) -> None:
    data = {**data, "participations": ids, "count": len(ids)}
    record(consultation, kind, actor=actor, at=now, data=data)
