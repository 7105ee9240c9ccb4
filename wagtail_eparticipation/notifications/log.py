"""How many messages of each kind went out, for part 3 of the report (R-5.6.2c)."""

from collections.abc import Iterable

from django.db.models import Count, Min

from wagtail_eparticipation.archive.communication_log import Row
from wagtail_eparticipation.notifications.models import Kind, Notice


def notice_rows(consultation) -> Iterable[Row]:
    """One row a kind and result; one query. Never an address."""
    groups = (
        Notice.objects.filter(consultation=consultation)
        .order_by()
        .values("kind", "state")
        .annotate(number=Count("pk"), first=Min("created_at"))
    )
    for group in groups:
        yield Row(
            kind=group["kind"],
            kind_label=str(Kind(group["kind"]).label),
            result=group["state"],
            result_label=str(Notice.State(group["state"]).label),
            number=group["number"],
            first=group["first"],
        )
