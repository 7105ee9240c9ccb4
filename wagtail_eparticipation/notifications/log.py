"""How many messages of each kind went out, for part 3 of the report (R-5.6.2c)."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.db.models.functions import TruncDate

from wagtail_eparticipation.archive.communication_log import Row
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.replies.communications import AUTOMATIC, Entry


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


#: The kinds of entries for the log of communications, one for each kind of notice.
LOGGED = {f"notice.{kind.value}": kind.label for kind in Kind}


def said_by_mail(consultation) -> Iterable[Entry]:
    """One entry a kind, language and day with how many were sent; one query."""
    groups = (
        Notice.objects.filter(
            consultation=consultation, state=Notice.State.SENT, user__isnull=True
        )
        .order_by()
        .annotate(day=TruncDate("sent_at", tzinfo=municipal_zone()))
        .values("kind", "language", "day")
        .annotate(number=Count("pk"), first=Min("sent_at"))
    )
    for group in groups:
        yield Entry(
            at=group["first"],
            kind=f"notice.{group['kind']}",
            channel="mail",
            language=group["language"],
            number=group["number"],
            role=str(AUTOMATIC),
        )
