"""The register as a file for others: which rows, what they hold, who took them out.

Only releasable words leave the register, no names, and days in place of instants
(R-5.4.1h, AC-S3-E2). Rows are read page by page along their key, so that memory stays
flat on every database, and a file of any size begins at once.
"""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.details import Details, with_status
from wagtail_eparticipation.participations.models import number_of, releasable

#: The columns by their names in CSV, and how people call them.
COLUMNS = {
    "number": gettext_lazy("Number"),
    "reference": gettext_lazy("Consultation"),
    "day": gettext_lazy("Day received"),
    "state": gettext_lazy("State"),
    "channel": gettext_lazy("Channel"),
    "tool": gettext_lazy("Tool"),
    "language": gettext_lazy("Language"),
    "capacity": gettext_lazy("Takes part as"),
    "publication": gettext_lazy("How it may be shown"),
    "article": gettext_lazy("Article"),
    "opinion": gettext_lazy("Opinion"),
    "category": gettext_lazy("Category"),
    "place": gettext_lazy("Place"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "sources": gettext_lazy("Sources"),
    "suggestion_status": gettext_lazy("What became of the suggestion"),
    "files": gettext_lazy("Files"),
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("Text"),
}
#: Rows that are in memory at a time.
PAGE = 2000
_FIELDS = (
    "pk",
    "public_id",
    "consultation__reference",
    "received_at",
    "state",
    "channel",
    "tool",
    "language",
    "capacity",
    "publication",
    "article",
    "data",
    "consultation_id",
    "suggestion_status",
    "attachment_count",
    "title",
    "text",
)

Row = tuple[str, ...]


def rows_of(participations) -> Iterator[Row]:
    """The rows of a queryset in the order of the register, one text a column."""
    zone, more = municipal_zone(), Details()
    found = with_status(participations.select_related(None)).order_by("pk")
    found, last = found.values_list(*_FIELDS), 0
    while page := list(found.filter(pk__gt=last)[:PAGE]):
        for _pk, public_id, reference, received_at, state, *cells in page:
            *codes, data, topic, status, files, title, text = cells
            tool = codes[1]
            yield (
                number_of(public_id),
                reference,
                received_at.astimezone(zone).date().isoformat(),
                state,
                *codes,
                releasable(state, data.get("opinion", "")),
                *map(str, more.cells(tool, state, data, topic, status).values()),
                # What they show stays in the register: only their number leaves it.
                releasable(state, str(files)),
                releasable(state, title),
                releasable(state, text),
            )
        last = page[-1][0]


@transaction.atomic
def note(participations, *, actor, form: str, digest: str = "") -> None:
    """Note in the ledger of each consultation concerned who took its rows out.

    ``form`` is ``csv`` or ``xlsx``; ``digest`` the SHA-256 of the file where it is
    known before the file is handed over.
    """
    data = {"form": form, "sha256": digest} if digest else {"form": form}
    concerned = participations.order_by().values("consultation").distinct()
    for consultation in Consultation.objects.filter(pk__in=concerned):
        record(consultation, "register.exported", actor=actor, data=data)
