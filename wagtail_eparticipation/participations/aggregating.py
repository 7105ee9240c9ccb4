"""Recording what others counted, and summing up reach: never in a total (R-4.2b)."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.publishing import purge_later
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.aggregates import ExternalAggregate
from wagtail_eparticipation.participations.batches import ImportBatch

#: The largest file of evidence, in bytes.
EVIDENCE_LIMIT = 10 * 1024 * 1024


class CannotRecord(ValueError):
    """Nothing was recorded; the message says why."""


def keep(aggregate: ExternalAggregate, *, actor) -> ExternalAggregate:
    """Record a figure of another place, for the first time."""
    return _keep(aggregate, None, actor)


def supersede(
    earlier: ExternalAggregate, later: ExternalAggregate, *, actor
) -> ExternalAggregate:
    """Put a record in place of an earlier one, which stays and is marked.

    ``later.reason`` says why. Raises :class:`CannotRecord` when somebody else was
    faster.
    """
    if not later.reason.strip():
        raise CannotRecord(_("Say why the figure is replaced."))
    return _keep(later, earlier, actor)


def take_back(earlier: ExternalAggregate, *, reason: str, actor) -> ExternalAggregate:
    """Replace a figure by nothing: it is not shown any more and stays on record."""
    if not reason.strip():
        raise CannotRecord(_("Say why the figure is taken back."))
    void = ExternalAggregate(
        consultation=earlier.consultation,
        source=earlier.source,
        counted=earlier.counted,
        number=earlier.number,
        first_day=earlier.first_day,
        last_day=earlier.last_day,
        reason=reason.strip(),
        is_void=True,
    )
    return _keep(void, earlier, actor)


def _keep(aggregate: ExternalAggregate, earlier, actor) -> ExternalAggregate:
    consultation = aggregate.consultation
    access.require(actor, "moderate", consultation)
    aggregate.evidence_sha256 = _checksum(aggregate.evidence)
    try:
        with transaction.atomic():
            held = Consultation.objects.select_for_update().get(pk=consultation.pk)
            if held.stored_stage in SETTLED:
                raise CannotRecord(
                    _("The topic was formally closed; its record stays as it is.")
                )
            now = clock.database_now()
            if earlier is not None:
                _require_in_force(earlier)
                aggregate.supersedes = earlier
            aggregate.recorded_by, aggregate.recorded_at = actor, now
            aggregate.save(force_insert=True)
            show_apart(consultation)
            _note(aggregate, actor, now)
    except IntegrityError as error:
        raise CannotRecord(_replaced_meanwhile()) from error
    return aggregate


def _require_in_force(earlier: ExternalAggregate) -> None:
    in_force = ExternalAggregate.objects.in_force().filter(
        pk=earlier.pk, consultation=earlier.consultation_id
    )
    if not in_force.exists():
        raise CannotRecord(_replaced_meanwhile())


def _replaced_meanwhile() -> str:
    return _("Somebody else has replaced this figure meanwhile.")


def show_apart(consultation) -> None:
    """Let the topic's page ask for figures apart from now on, and renew its copies."""
    Consultation.objects.filter(pk=consultation.pk).update(has_figures_apart=True)
    consultation.has_figures_apart = True
    purge_later(consultation.pk)


def _note(aggregate: ExternalAggregate, actor, now: datetime) -> None:
    kind = "aggregate.recorded"
    if aggregate.supersedes_id:
        kind = "aggregate.taken_back" if aggregate.is_void else "aggregate.replaced"
    record(
        aggregate.consultation,
        kind,
        actor=actor,
        at=now,
        data={
            "aggregate": aggregate.pk,
            "supersedes": aggregate.supersedes_id,
            "reason": aggregate.reason,
            "evidence_sha256": aggregate.evidence_sha256,
            **public_form(aggregate),
        },
    )


def public_form(aggregate: ExternalAggregate) -> dict[str, Any]:
    """What anybody may read of a record."""
    return {
        "source": aggregate.source,
        "counted": aggregate.counted,
        "number": aggregate.number,
        "first_day": aggregate.first_day,
        "last_day": aggregate.last_day,
        "url": aggregate.url,
        "reference": aggregate.reference,
    }


def _checksum(evidence) -> str:
    if not evidence:
        return ""
    digest = hashlib.sha256()
    for chunk in evidence.chunks():
        digest.update(chunk)
    evidence.seek(0)
    return digest.hexdigest()


def in_force(consultation) -> list[ExternalAggregate]:
    """The figures of other places as they stand; one query."""
    return list(
        ExternalAggregate.objects.in_force()
        .filter(consultation=consultation)
        .order_by("first_day", "id")
    )


def reach_of(consultation) -> dict[str, int]:
    """Likes and shares of the imported posts; reach, never participations (R-4.1f)."""
    sums = ImportBatch.objects.filter(
        consultation=consultation, state=ImportBatch.State.IMPORTED
    ).aggregate(likes=Sum("likes"), shares=Sum("shares"))
    return {name: value or 0 for name, value in sums.items()}


def figures_apart(consultation) -> dict[str, Any]:
    """Both, as a snapshot freezes them beside its counts; two queries."""
    return {
        "external": [public_form(each) for each in in_force(consultation)],
        "reach": reach_of(consultation),
    }


def section(request, page, consultation, stage) -> dict[str, Any] | None:
    """The figures on the topic's page: two queries, none where there are none."""
    if not consultation.has_figures_apart:
        return None
    figures, reach = in_force(consultation), reach_of(consultation)
    if not figures and not any(reach.values()):
        return None
    return {"figures": figures, "reach": reach}


def history(consultation) -> Iterator[tuple[ExternalAggregate, list]]:
    """Each figure in force or taken back, with its earlier records, newest first."""
    rows = list(
        ExternalAggregate.objects.filter(consultation=consultation)
        .select_related("recorded_by")
        .order_by("-id")
    )
    by_id = {row.pk: row for row in rows}
    replaced = {row.supersedes_id for row in rows}
    for row in rows:
        if row.pk in replaced:
            continue
        earlier, each = [], row
        while each.supersedes_id:
            each = by_id[each.supersedes_id]
            earlier.append(each)
        yield row, earlier
