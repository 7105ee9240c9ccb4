"""What suggestions hold besides their text, as cells of a file (R-4.1b)."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.participations.categories import categories_of
from wagtail_eparticipation.participations.models import TAKEN_BACK
from wagtail_eparticipation.participations.suggestions import (
    TOOL,
    Status,
    SuggestionStatus,
)

#: Columns in the order in which they stand after those of the register.
COLUMNS = (
    "category",
    "place",
    "latitude",
    "longitude",
    "sources",
    "suggestion_status",
)


def with_status(rows: QuerySet) -> QuerySet:
    """Participations, each with its ``suggestion_status``, in the same query."""
    steps = SuggestionStatus.objects.filter(participation=OuterRef("pk"))
    return rows.annotate(
        suggestion_status=Coalesce(
            Subquery(steps.order_by("-id").values("status")[:1]),
            Value(Status.RECEIVED.value),
        )
    )


class Details:
    """Makes the cells of rows that :func:`with_status` gave.

    The names of a topic's categories cost two queries a topic.
    """

    def __init__(self):
        # One language for a file, whoever asks for it: the site's first.
        self.language = content_languages()[0][0]
        self._labels: dict[int, dict[str, str]] = {}

    def of(self, row) -> dict[str, Any]:
        """One row's cells by column; empty but for the sources of other tools."""
        data = {} if row.state in TAKEN_BACK else row.data
        category = data.get("category", "")
        cells = {name: data.get(name, "") for name in COLUMNS}
        cells["category"] = self._label(row, category) if category else ""
        is_suggestion = row.tool == TOOL
        cells["suggestion_status"] = row.suggestion_status if is_suggestion else ""
        return cells

    def _label(self, row, category: str) -> str:
        if row.consultation_id not in self._labels:
            self._labels[row.consultation_id] = categories_of(
                row.consultation, self.language
            )
        return self._labels[row.consultation_id].get(category, category)
