"""The participations that an analyst sees, cut by theme, language and channel."""

from django.db.models import Prefetch, Q, QuerySet

from wagtail_eparticipation.analysis.coverage import with_disposition
from wagtail_eparticipation.analysis.models import ThemeAssignment
from wagtail_eparticipation.participations.models import Participation

PAGE_SIZE = 50


def matching(consultation, filters: dict[str, str]) -> QuerySet[Participation]:
    """Counted participations that the filters let through, oldest first.

    ``filters["theme"]`` is a theme's id, ``open``, ``none`` or ``aside``. A theme
    brings the participations of its parts with it (AC-S4-H2).
    """
    rows = Participation.objects.filter(consultation=consultation).counted()
    if language := filters.get("language"):
        rows = rows.filter(language=language)
    if channel := filters.get("channel"):
        rows = rows.filter(channel=channel)
    theme = filters.get("theme", "")
    if theme == "open":
        rows = with_disposition(rows.exclude(text="")).filter(themed=False, aside=False)
    elif theme == "none":
        rows = with_disposition(rows).filter(themed=False)
    elif theme == "aside":
        rows = rows.filter(set_aside__isnull=False)
    elif theme.isdigit():
        members = ThemeAssignment.objects.filter(
            Q(theme_id=int(theme)) | Q(theme__parent_id=int(theme))
        )
        rows = rows.filter(pk__in=members.values("participation_id"))
    return rows.order_by("pk")


def page_of(rows: QuerySet[Participation], after: int = 0):
    """One page of rows with all that the list shows, and the key of the next."""
    assignments = ThemeAssignment.objects.select_related("theme").order_by(
        "theme__order", "theme_id"
    )
    found = list(
        rows.filter(pk__gt=after)
        .select_related("set_aside__representative")
        .prefetch_related(Prefetch("theme_assignments", queryset=assignments))[
            : PAGE_SIZE + 1
        ]
    )
    more = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    return found, found[-1].pk if more else None
