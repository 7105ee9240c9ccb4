"""Reports of published voices in the closing report: how many, and how decided."""

from collections.abc import Iterable

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_eparticipation.archive.report_blocks import Block, table
from wagtail_eparticipation.discussion.people import ContentReport


def content_reports(consultation) -> Iterable[Block]:
    """One table by outcome (R-8.2b); nothing where nobody reported anything."""
    groups = {
        group["state"]: group
        for group in consultation.content_reports.order_by()
        .values("state")
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=Q(decided_at__gt=F("due_at"))),
        )
    }
    if not groups:
        return
    rows = [
        [label, groups[state]["number"], groups[state]["late"]]
        for state, label in _labels()
        if state in groups
    ]
    rows.append([_("Total"), sum(row[1] for row in rows), sum(row[2] for row in rows)])
    yield table(
        _("Reports of published participations by outcome"),
        [_("Outcome"), pgettext("count", "Number"), _("Decided after the target")],
        rows,
        numeric=[1, 2],
    )


def _labels() -> list[tuple[str, str]]:
    return [(state, str(label)) for state, label in ContentReport.State.choices]
