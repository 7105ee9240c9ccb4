"""What flags mean for the desk: covered words, and what a person must read first."""

import logging
from collections.abc import Iterable

from django.db import DatabaseError
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from wagtail_eparticipation.moderation.flags import Facts, Flag, look_at
from wagtail_eparticipation.participations.models import Participation

logger = logging.getLogger(__name__)

#: The rule and the category whose words are covered until somebody asks for them.
COVERED_RULE, COVERED_CATEGORY = "courtesy", "offence"

#: What must not be read by others before a moderator has seen it, by category.
HELD_BACK = frozenset(
    {
        "contact",
        "identity",
        "bank",
        "vehicle",
        "address",
        "name",
        "offence",
        "unlawful",
    }
)


def with_covered(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """The rows with ``is_covered``, for a list that asks nothing more about it."""
    flags = Flag.objects.filter(
        rule=COVERED_RULE,
        category=COVERED_CATEGORY,
        participation=OuterRef("pk"),
        revision=OuterRef("revision"),
    )
    return rows.annotate(is_covered=Exists(flags))


def covered(participations: Iterable[Participation]) -> set[int]:
    """Keys of those whose words are covered until somebody asks for them; one query."""
    keys = [row.pk for row in participations]
    if not keys:
        return set()
    rows = Flag.objects.filter(
        rule=COVERED_RULE,
        category=COVERED_CATEGORY,
        participation__in=keys,
        revision=F("participation__revision"),
    )
    return set(rows.order_by().values_list("participation_id", flat=True))


def with_places_to_hide(keys: Iterable[int]) -> set[int]:
    """Those of ``keys`` whose current wording has a place to be hidden; one query."""
    rows = Flag.objects.filter(
        hide=True, participation__in=keys, revision=F("participation__revision")
    )
    return set(rows.order_by().values_list("participation_id", flat=True))


def is_held_back(participation: Participation) -> bool:
    """Whether a person must read it before it is shown, whatever the topic's mode.

    The advisers are asked again: flags do not tell that one failed.
    """
    flagged = Flag.objects.filter(
        Q(hide=True) | Q(category__in=HELD_BACK),
        participation=participation,
        revision=participation.revision,
    )
    return flagged.exists() or _is_held_back_now(participation)


def _is_held_back_now(participation: Participation) -> bool:
    """What the advisers say now; where one fails a person reads in its place."""
    try:
        found = look_at(participation, Facts(participation))
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it is, a person must read)
        # Without the trace: its values could hold the text.
        logger.error("advisers failed: %s", type(error).__name__)
        return True
    return any(each.hide or each.category in HELD_BACK for each in found)
