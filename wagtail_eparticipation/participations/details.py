"""What suggestions hold besides their text, as cells of a file (R-4.1b)."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wagtail_eparticipation.consultations.models import Consultation
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

    The names of a topic's categories cost three queries a topic.
    """

    def __init__(self):
        # One language for a file, whoever asks for it: the site's first.
        self.language = content_languages()[0][0]
        self._labels: dict[int, dict[str, str]] = {}

    def of(self, row) -> dict[str, Any]:
        """One row's cells by column; empty but for the sources of other tools."""
        return self.cells(
            row.tool, row.state, row.data, row.consultation_id, row.suggestion_status
        )

    def cells(self, tool, state, data, consultation_id, status) -> dict[str, Any]:
        """The same of a row that is no object."""
        data = {} if state in TAKEN_BACK else data
        category = data.get("category", "")
        cells = {name: data.get(name, "") for name in COLUMNS}
        cells["category"] = self._label(consultation_id, category) if category else ""
        cells["suggestion_status"] = status if tool == TOOL else ""
        return cells

    def _label(self, consultation_id: int, category: str) -> str:
        if consultation_id not in self._labels:
            self._labels[consultation_id] = categories_of(
                Consultation.objects.get(pk=consultation_id), self.language
            )
        return self._labels[consultation_id].get(category, category)
