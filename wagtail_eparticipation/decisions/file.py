"""The decision maker's file: a fair summary on one page (R-5.5.1a, AC-S5-A1)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.coverage import coverage_of
from wagtail_eparticipation.analysis.models import ThemeAssignment
from wagtail_eparticipation.analysis.snapshot import catch_up
from wagtail_eparticipation.analysis.themes import top_level
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.refusals import IllegalTransition
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.decisions.presentation import numbers_of
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.models import Participation, State

#: Themes below this share of the participations are pointed out as minority views.
MINORITY_PERCENT = 5
#: Verbatim examples shown for each theme.
EXAMPLES = 3

EVENT = "decision_file_considered"


def summary_of(consultation) -> dict[str, Any]:
    """Request, numbers, themes with examples, who considered it; constant queries."""
    snapshot = catch_up(consultation)
    coverage = coverage_of(consultation)
    themes = top_level(consultation)
    examples = _examples(consultation)
    for theme in themes:
        theme.examples = examples.get(theme.pk, [])
        theme.share = theme.total * 100 / coverage.total if coverage.total else 0
        theme.is_minority = 0 < theme.share < MINORITY_PERCENT
    return {
        "snapshot": snapshot,
        "coverage": coverage,
        "tables": numbers_of(snapshot),
        "themes": themes,
        "topic": consultation.page_in(),
        "considered": list(
            consultation.ledger_events.filter(kind=EVENT).order_by("pk")
        ),
    }


def _examples(consultation) -> dict[int, list[Participation]]:
    """The first published participations of each top-level theme, releasable only."""
    rows = (
        ThemeAssignment.objects.filter(
            theme__consultation=consultation, participation__state=State.PUBLISHED
        )
        .exclude(participation__text="")
        .order_by("participation_id")
        .values_list("theme__parent_id", "theme_id", "participation_id")
    )
    chosen: dict[int, list[int]] = {}
    for parent, theme, participation in rows.iterator(chunk_size=2000):
        ids = chosen.setdefault(parent or theme, [])
        if len(ids) < EXAMPLES and participation not in ids:
            ids.append(participation)
    wanted = {pk for ids in chosen.values() for pk in ids}
    found = Participation.objects.in_bulk(wanted)
    return {theme: [found[pk] for pk in ids] for theme, ids in chosen.items()}


@transaction.atomic
def confirm(consultation, *, actor):
    """Record that a decision maker considered the file as it stands (R-5.5.1a).

    Raises ``IllegalTransition`` from the formal closing on.
    """
    access.require(actor, "decide", consultation)
    held = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if held.stored_stage in SETTLED:
        raise IllegalTransition(
            _("The topic was formally closed; who considered the file is settled.")
        )
    snapshot = catch_up(consultation)
    return record(
        consultation,
        EVENT,
        actor=actor,
        at=clock.database_now(),
        data={
            "snapshot": snapshot.number if snapshot else None,
            "checksum": snapshot.checksum if snapshot else "",
            "themes": [
                {"theme": theme.pk, "disposition": theme.disposition}
                for theme in top_level(consultation)
            ],
        },
    )
